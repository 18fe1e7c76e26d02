"""Counts over time, put together from what a store counted."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from indexer.store.base import Bucket, By, Trend

MOST = 20_000
"""Periods from first to last up to which those without documents are told too; one odd date makes millions of them."""
EXACT = 6
"""Digits of a mean that every store gives alike: one adds up in another order, or from 32 bits."""
_LENGTHS: dict[By, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


class Counted(NamedTuple):
    """Documents from `start` (aware) on, up to the next: how many, and their mean sentiment."""

    start: datetime
    documents: int
    sentiment: float


class Interval(NamedTuple):
    """What a store counts by: buckets of `minutes`, the first of a day `shift` seconds off midnight UTC."""

    minutes: int
    shift: int


def interval(by: By, timezone: str) -> Interval:
    """The longest interval from which periods of the zone can be put together."""
    offset = _fixed_offset(timezone)
    if offset is None or offset % 3600:
        return Interval(15, 0)  # a quarter of an hour fits into the hours of every zone
    return Interval(60, 0) if by == "hour" else Interval(1440, -offset)


@cache
def _fixed_offset(timezone: str) -> int | None:
    """Seconds from UTC where the zone has had one offset only since 1995: then all its days have 24 hours."""
    zone = ZoneInfo(timezone)
    quarters = [datetime(year, month, 1, tzinfo=zone) for year in range(1995, 2038) for month in (1, 4, 7, 10)]
    offsets = {quarter.utcoffset() or timedelta() for quarter in quarters}
    return int(offsets.pop().total_seconds()) if len(offsets) == 1 else None


def put_together(counted: Iterable[Counted], by: By, timezone: str, undated: int) -> Trend:
    """Hours or days as a store counted them, as hours, days or weeks (from Monday) of the zone."""
    zone = ZoneInfo(timezone)
    periods: dict[datetime, tuple[int, float]] = {}
    for start, documents, sentiment in counted:
        period = _begin(start.astimezone(zone), by)
        before = periods.get(period, (0, 0.0))
        periods[period] = (before[0] + documents, before[1] + documents * sentiment)
    buckets = []
    for at in _shown(periods, by):
        count, total = periods.get(at, (0, 0.0))
        buckets.append(Bucket(at, count, round(total / count, EXACT) if count else None))
    return Trend(tuple(buckets), undated)


def _shown(periods: Collection[datetime], by: By) -> Iterator[datetime]:
    """Every period from first to last; where that were too many, only those that are there."""
    at, last = min(periods, default=None), max(periods, default=None)
    if at is None or last is None or (last - at) / _LENGTHS[by] > MOST:
        yield from sorted(periods)
        return
    while at <= last:
        yield at
        at = _next(at, by)


def _begin(moment: datetime, by: By) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if by == "hour":
        return hour
    day = hour.replace(hour=0, fold=0)
    return day - timedelta(days=day.weekday()) if by == "week" else day


def _next(period: datetime, by: By) -> datetime:
    if by == "hour":  # through UTC, as an hour may be there twice or not at all
        return (period.astimezone(UTC) + timedelta(hours=1)).astimezone(period.tzinfo)
    return period + timedelta(days=7 if by == "week" else 1)
