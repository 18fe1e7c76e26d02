"""`dunwatch source`: a new place to watch from its address, and what a source would collect."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from indexer import console
from indexer.commands import Failure, Place, as_json_option, command

if TYPE_CHECKING:
    from crawler.trial import Trial

log = logging.getLogger("dunwatch")

PAGES = 3
"""Pages that are fetched to show what a source would collect."""
SHOWN = 5
"""Posts of a page that are shown."""
BEGINNING = 60
"""Characters of a text that are shown."""


@click.group()
def source() -> None:
    """The places that are watched."""


@command
@click.argument("url")
@click.option("--name", help="What to call it; made from the address if left out.")
@click.option("--preset", help="The software, where it isn't recognised: a name in crawler/presets.yaml.")
@click.option("--loopback", is_flag=True, help="Allow a site on this machine itself.")
@click.option("--dry-run", is_flag=True, help="Show it and write nothing.")
def add(place: Place, url: str, name: str | None, preset: str | None, loopback: bool, dry_run: bool) -> None:
    """Look at a page with links to articles, threads or complaints, and watch it from now on."""
    from crawler.newsource import append, as_yaml, look_at
    from crawler.visit import NoPage

    try:
        keys, trial = look_at(url, place, name=name, preset=preset, loopback=loopback, pages=PAGES)
    except NoPage as error:
        raise Failure(console.clean(str(error))) from None
    click.echo(as_yaml(keys), nl=False)
    _show(trial)
    if not trial.posts:
        raise Failure("nothing would be collected: write the source by hand, config/sources.yaml explains the keys")
    if not dry_run:
        append(place.config / "sources.yaml", keys)
        log.info("written to %s", place.config / "sources.yaml")


@command
@click.argument("name")
@as_json_option
def test(place: Place, name: str, as_json: bool) -> None:
    """The Posts of one page of a source, and what was missing."""
    from crawler.sources import Sources
    from crawler.trial import try_out
    from crawler.visit import NoPage, visit

    (it,) = Sources.load(place.config).named([name])
    try:
        trial = visit(it, place.settings.contact, lambda fetch, run: try_out(it, fetch, run, most=1))
    except NoPage as error:
        raise Failure(console.clean(str(error))) from None
    if as_json:
        for post in trial.posts:
            click.echo(post.model_dump_json())
    else:
        _show(trial, most=None)
    if not trial.posts:
        raise Failure("no Post was found")


def _show(trial: "Trial", most: int | None = SHOWN) -> None:
    from crawler.trial import missing

    following = "and a next page" if trial.more else "and no next page"
    if trial.links:
        click.echo(f"the list leads to {trial.links} pages {following}")
    for page in trial.pages:
        click.echo(f"\n{console.clean(page.url)}: {len(page.posts)} posts{', goes on' if page.goes_on else ''}")
        for post in page.posts[:most]:
            when = f"{post.published_at:%Y-%m-%d %H:%M}" if post.published_at else "undated"
            words = " ".join((post.text if post.kind == "reply" else f"{post.title} | {post.text}").split())[:BEGINNING]
            lacking = "".join(f" [no {it}]" for it in missing(post))
            place = f"#{post.floor} " if post.floor else ""
            click.echo(console.clean(f"  {place}{post.kind} {when} {post.author or '?'}: {words}{lacking}"))
        for wrong in page.wrong[:SHOWN]:
            click.echo(console.clean(f"  not read: {wrong}"))
    click.echo(f"\nlooked at on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; nothing was kept")


source.add_command(add)
source.add_command(test)
