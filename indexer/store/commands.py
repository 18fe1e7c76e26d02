"""The commands that read the store: search and trends."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from indexer import console
from indexer.commands import Place, as_json_option, command
from indexer.period import moment
from indexer.store.base import FACETS, By, Search
from indexer.store.query import parse


def narrowing(function: Callable[..., None]) -> Callable[..., None]:
    """The options that narrow what `search` and `trends` look at."""
    for name in reversed(FACETS):
        told = f"Only this {name.replace('_', ' ')}; several: any of them."
        function = click.option(f"--{name.removesuffix('_label')}", name, multiple=True, help=told)(function)
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
    wanted = _wanted(place, query, narrow, sort=sort)
    with place.reading() as store:
        results = store.search(wanted, offset=offset, limit=limit, facets=FACETS)
    click.echo(console.results_json(results) if as_json else console.results(results, wanted, place.settings.zone))


@command
@click.argument("query", default="")
@narrowing
@click.option("--by", type=click.Choice(["hour", "day", "week"]), default="day", show_default=True)
@as_json_option
def trends(place: Place, query: str, by: By, as_json: bool, **narrow: Any) -> None:
    """Counts and mean sentiment over time, by when documents were published."""
    with place.reading() as store:
        trend = store.trend(_wanted(place, query, narrow), by, place.settings.timezone)
    click.echo(console.trend_json(trend) if as_json else console.trend(trend, by))


def _wanted(place: Place, query: str, narrow: dict[str, Any], **words: Any) -> Search:
    now, zone = datetime.now(UTC), place.settings.zone
    since, until = narrow.pop("since"), narrow.pop("until")
    return Search(
        text=parse(query),
        filters={name: values for name, values in narrow.items() if values},
        since=moment(since, zone, now) if since else None,
        until=moment(until, zone, now, end=True) if until else None,
        **words,
    )
