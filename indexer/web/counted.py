"""Which documents the pages of figures count, and the questions that several of them ask a store."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from indexer.store.base import MOST_VALUES, Bucket, Search, Store
from indexer.web.span import Span

COUNTED: Mapping[str, tuple[str, ...]] = {
    "voice": ("complaint", "news"),
    "generated": ("false",),
    "reprint": ("false",),
}
"""Complaints and news, each story once, samples left out: what alerts and digests count too."""
WEEKS = 12
"""Weeks that a small line shows."""
Facet = tuple[tuple[str, int], ...]


def counted(span: Span, **more: Sequence[str]) -> Search:
    """What is counted in the span."""
    return Search(filters={**COUNTED, **more}, since=span.since, until=span.now)


def before(span: Span, **more: Sequence[str]) -> Search:
    """What is counted in the time before the span."""
    return Search(filters={**COUNTED, **more}, since=span.baseline, until=span.since)


def usual(store: Store, span: Span, name: str, values: Sequence[str], **more: Sequence[str]) -> dict[str, int]:
    """How often each of the values came in the time before."""
    if not values:
        return {}
    search = before(span, **{**more, name: tuple(values[:MOST_VALUES])})
    return dict(store.search(search, limit=0, facets=(name,)).facets[name])


def weekly(
    store: Store, name: str, now: datetime, most: int = MOST_VALUES, **more: Sequence[str]
) -> dict[str, list[int]]:
    """Each value's counts in the last WEEKS weeks, the oldest first: one question a week, whatever the values."""
    lines: dict[str, list[int]] = {}
    for week in range(WEEKS):
        until = now - timedelta(weeks=WEEKS - 1 - week)
        search = Search(filters={**COUNTED, **more}, since=until - timedelta(weeks=1), until=until)
        for value, count in store.search(search, limit=0, facets=(name,), most=most).facets[name]:
            lines.setdefault(value, [0] * WEEKS)[week] = count
    return lines


def daily(store: Store, search: Search, zone: tzinfo) -> tuple[Bucket, ...]:
    return store.trend(search, "day", str(zone)).buckets


def first(store: Store, span: Span, zone: tzinfo) -> datetime | None:
    """When what is counted begins, as far as the time before the span goes."""
    buckets = store.trend(before(span), "week", str(zone)).buckets
    return next((bucket.start for bucket in buckets if bucket.count), None)
