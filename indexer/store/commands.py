"""The commands about the store: search and trends read it, migrate and retention change what it holds."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from indexer import console
from indexer.commands import Failure, Place, WrongUse, as_json_option, command
from indexer.document import SentimentLabel, Voice
from indexer.handling import STATES, Handlings
from indexer.period import moment
from indexer.post import ComplaintStatus, Kind
from indexer.retention import NoPeriod, going, let_go, months_kept
from indexer.spool import Spool
from indexer.store import open_store
from indexer.store.base import FACETS, By, Search
from indexer.store.query import parse

if TYPE_CHECKING:
    from indexer.store.elastic_migrate import Migration

log = logging.getLogger("dunwatch")

CHOICES: Mapping[str, Sequence[str]] = {
    "voice": get_args(Voice),
    "kind": get_args(Kind),
    "status": get_args(ComplaintStatus),
    "sentiment_label": get_args(SentimentLabel),
}
"""Fields that have these values and no others."""


def narrowing(function: Callable[..., None]) -> Callable[..., None]:
    """The options that narrow what `search`, `trends` and `export` look at."""
    for name in reversed(FACETS):
        told = f"Only this {name.replace('_', ' ')}; several: any of them."
        kind = click.Choice(CHOICES[name]) if name in CHOICES else None
        option = click.option(f"--{name.removesuffix('_label')}", name, type=kind, multiple=True, help=told)
        function = option(function)
    told = "Only documents that are handled so; several: any of them."
    function = click.option("--handling", type=click.Choice(STATES), multiple=True, help=told)(function)
    function = click.option("--until", help="Up to this day, included, or this moment.")(function)
    return click.option("--since", help="From this day or moment on, or 7d, 12h, 2w ago.")(function)


@command
@click.argument("query", default="")
@narrowing
@click.option("--sort", type=click.Choice(["relevance", "time", "sentiment"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(0, 1000), default=20, show_default=True)
@click.option("--offset", type=click.IntRange(0, 100_000), default=0)
@as_json_option
def search(place: Place, query: str, sort: str, limit: int, offset: int, as_json: bool, **narrow: Any) -> None:
    """Search: words, "phrases", AND, OR, NOT, parentheses; nothing for everything."""
    asked = wanted(place, query, narrow, sort=sort)
    with place.reading() as store:
        results = store.search(asked, offset=offset, limit=limit, facets=FACETS)
    click.echo(console.results_json(results) if as_json else console.results(results, asked, place.settings.zone))


@command
@click.argument("query", default="")
@narrowing
@click.option("--by", type=click.Choice(["hour", "day", "week"]), default="day", show_default=True)
@as_json_option
def trends(place: Place, query: str, by: By, as_json: bool, **narrow: Any) -> None:
    """Counts and mean sentiment over time, by when documents were published."""
    with place.reading() as store:
        trend = store.trend(wanted(place, query, narrow), by, place.settings.timezone)
    click.echo(console.trend_json(trend) if as_json else console.trend(trend, by))


def wanted(place: Place, query: str, narrow: dict[str, Any], **words: Any) -> Search:
    """What the options of `narrowing` ask for. Raises QueryError, PeriodError, HandlingError."""
    now, zone = datetime.now(UTC), place.settings.zone
    since, until, handling = (narrow.pop(name) for name in ("since", "until", "handling"))
    since = moment(since, zone, now) if since else None
    until = moment(until, zone, now, end=True) if until else None
    if since and until and since >= until:
        raise WrongUse("--since lies behind --until")
    filters = {name: values for name, values in narrow.items() if values}
    asked = Search(text=parse(query), filters=filters, since=since, until=until, **words)
    if not handling:
        return asked
    with place.data.state() as state:
        return Handlings(state).narrowed(asked, handling)


@command
@click.option("--dry-run", is_flag=True, help="Say what is to be done, and do nothing.")
@click.option("--drop-old", is_flag=True, help="Then delete the indices that nothing leads to any more.")
def migrate(place: Place, dry_run: bool, drop_old: bool) -> None:
    """Move the index in Elasticsearch to this program's mapping version; searches and crawls go on."""
    if place.settings.backend == "embedded":
        click.echo("the embedded store needs no migration: after a change of it, run `dunwatch reindex`")
        return
    from indexer.store.elastic_migrate import Migration

    with closing(Migration(place.settings.backend)) as migration:
        if migration.old:
            _move(migration, dry_run)
        else:
            click.echo(f"nothing to move: the mapping version is {migration.version}")
        if drop_old:
            names = migration.leftovers() if dry_run else migration.drop_old()
            click.echo(
                "\n".join(f"{'would delete' if dry_run else 'deleted'} {name}" for name in names) or "no leftovers"
            )


def _move(migration: "Migration", dry_run: bool) -> None:
    versions = f"mapping version {', '.join(map(str, sorted(migration.old)))} to {migration.version}"
    with console.progress("comparing" if dry_run else "copying", migration.documents()) as progress:
        moved = migration.compare(progress) if dry_run else migration.run(progress)
    if dry_run:
        click.echo(f"{versions}: {moved.copied} documents to copy, {moved.removed} to remove")
        return
    for id, reason in moved.refused.items():
        log.error("%s: %s", id, reason)
    if moved.refused:
        raise Failure(f"the new mapping refuses {len(moved.refused)} documents: nothing was switched")
    click.echo(f"{versions}: {moved.copied} documents copied, {moved.removed} removed, searches see the new one")


@command
@click.option("--keep", required=True, metavar="PERIOD", help="How long: 24m or 2y.")
@click.option("--evidence", is_flag=True, help="The WARC files of before that time go as well.")
@click.option("--yes", is_flag=True, help="Delete; without it, what would go is told.")
def retention(place: Place, keep: str, evidence: bool, yes: bool) -> None:
    """Delete whole months: documents, and the posts that they were made from."""
    from indexer.likeness.placing import Likeness

    try:
        months = months_kept(keep)
    except NoPeriod as error:
        raise WrongUse(str(error)) from None
    with ExitStack() as stack:
        if yes and place.settings.backend == "embedded":  # that has one writer
            stack.enter_context(place.alone())
        spool = Spool(stack.enter_context(place.data.state()))
        store = open_store(place.settings.backend, place.data.index, writable=yes)
        stack.callback(store.close)
        what = going(store, spool, place.data.warc, keep=months, now=datetime.now(UTC))
        if yes:
            let_go(what, store, spool, Likeness(spool.state, store), evidence=evidence)
    click.echo(console.going(what, evidence=evidence, done=yes))
