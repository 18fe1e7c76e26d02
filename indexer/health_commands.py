"""The commands that tell how it goes: status and rejected."""

import logging

import click

from indexer import console
from indexer.commands import Place, as_json_option, command
from indexer.health import health, rejections
from indexer.store.base import StoreUnavailable

log = logging.getLogger("dunwatch")


@command
@as_json_option
def status(place: Place, as_json: bool) -> None:
    """What is there, what waits, and the last crawl of each source."""
    with place.data.state() as state:
        now = health(state)
    try:
        with place.reading() as store:
            documents: int | None = store.count()
    except StoreUnavailable as error:
        log.warning("%s", error)
        documents = None
    click.echo(console.status(now, documents, place.settings.zone, as_json))


@command
@click.option("--limit", type=click.IntRange(1, 20_000), default=20, show_default=True)
@as_json_option
def rejected(place: Place, limit: int, as_json: bool) -> None:
    """What was refused, and why, newest first. Personal data in it is masked."""
    masker = place.masker()
    with place.data.state() as state:
        for it in rejections(state, limit):
            shown = it.masked(lambda text: masker.mask(text).text)
            click.echo(console.rejected(shown, place.settings.zone, as_json))
