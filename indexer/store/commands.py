"""The commands that read the store: search and trends."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import click

from indexer import console
from indexer.commands import Place, WrongUse, as_json_option, command
from indexer.document import SentimentLabel, Voice
from indexer.period import moment
from indexer.post import Kind
from indexer.store.base import FACETS, By, Search
from indexer.store.query import parse

CHOICES: Mapping[str, Sequence[str]] = {
    "voice": get_args(Voice),
    "kind": get_args(Kind),
    "sentiment_label": get_args(SentimentLabel),
}
"""Fields that have these values and no others."""


def narrowing(function: Callable[..., None]) -> Callable[..., None]:
    """The options that narrow what `search` and `trends` look at."""
    for name in reversed(FACETS):
        told = f"Only this {name.replace('_', ' ')}; several: any of them."
        kind = click.Choice(CHOICES[name]) if name in CHOICES else None
        option = click.option(f"--{name.removesuffix('_label')}", name, type=kind, multiple=True, help=told)
        function = option(function)
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
    since = moment(since, zone, now) if since else None
    until = moment(until, zone, now, end=True) if until else None
    if since and until and since >= until:
        raise WrongUse("--since lies behind --until")
    return Search(
        text=parse(query),
        filters={name: values for name, values in narrow.items() if values},
        since=since,
        until=until,
        **words,
    )
