"""The trend over the list of hits: bars for how many, a line for mean sentiment, drawn as SVG without any style."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from indexer.store.base import Bucket, Trend
from indexer.web.listing import Listing

MOST = 120
"""Bars that are still wide enough to be hit."""
WIDTH, HEIGHT, TOP = 960.0, 120.0, 6.0
WIDEST = 40.0
_UNITS: tuple[tuple[str, Callable[[datetime], object]], ...] = (
    ("日", lambda start: start.date()),
    ("周", lambda start: start.isocalendar()[:2]),
    ("月", lambda start: (start.year, start.month)),
    ("年", lambda start: start.year),
)


@dataclass(frozen=True)
class Bar:
    """A period: its place in the drawing, what it says, and the address that narrows to it (empty if nothing there)."""

    x: str
    y: str
    width: str
    height: str
    day: str
    count: int
    mean: str
    tip: str
    url: str


@dataclass(frozen=True)
class Chart:
    """`unit` names the length of a bar; `most` is the highest; `line` is the path of the mean, `lone` if a point.

    `firsts` and `lasts` are the days on which each bar begins and ends, `step` its width; `short`: it doesn't reach the
    right side.
    """

    bars: tuple[Bar, ...]
    line: str
    lone: bool
    unit: str
    most: int
    undated: int
    total: int
    firsts: str = ""
    lasts: str = ""
    step: str = ""
    short: bool = False


def chart(trend: Trend, listing: Listing) -> Chart:
    """The trend by day, or by week, month or year where there would be too many bars to hit one."""
    periods, unit = _fitting(trend.buckets)
    step = min(WIDTH / max(len(periods), 1), WIDEST)
    most = max((period.count for period in periods), default=0)
    bars = tuple(_bar(place * step, step, period, most, unit, listing) for place, period in enumerate(periods))
    points = _points(periods, step)
    line = f"M{'L'.join(points)}{'h0.01' if len(points) == 1 else ''}"
    return Chart(
        bars,
        line,
        len(points) == 1,
        unit,
        most,
        trend.undated,
        sum(period.count for period in periods),
        firsts=" ".join(f"{period.start:%Y-%m-%d}" for period in periods),
        lasts=" ".join(f"{period.last:%Y-%m-%d}" for period in periods),
        step=f"{step:.4f}",
        short=len(periods) * step < WIDTH / 2,
    )


@dataclass(frozen=True)
class _Period:
    start: datetime
    last: datetime
    count: int
    mean: float | None


def _fitting(buckets: Sequence[Bucket]) -> tuple[list[_Period], str]:
    """Days, or the shortest of weeks, months and years of which there are few enough."""
    unit, key = next(
        (it for it in _UNITS if len({it[1](bucket.start) for bucket in buckets}) <= MOST),
        _UNITS[-1],
    )
    return _grouped(buckets, key), unit


def _grouped(buckets: Sequence[Bucket], key: Callable[[datetime], object]) -> list[_Period]:
    return [_merged(list(group)) for _, group in groupby(buckets, key=lambda bucket: key(bucket.start))]


def _merged(buckets: list[Bucket]) -> _Period:
    known = [(bucket.count, bucket.mean_sentiment) for bucket in buckets if bucket.mean_sentiment is not None]
    weight = sum(count for count, _ in known)
    mean = sum(count * value for count, value in known) / weight if weight else None
    return _Period(buckets[0].start, buckets[-1].start, sum(bucket.count for bucket in buckets), mean)


def _bar(x: float, step: float, period: _Period, most: int, unit: str, listing: Listing) -> Bar:
    height = max((HEIGHT - TOP) * period.count / most, 2.0) if period.count else 0.0
    first, last = f"{period.start:%Y-%m-%d}", f"{period.last:%Y-%m-%d}"
    named = first if unit == "日" or first == last else f"{first} 至 {last}"
    mean = "" if period.mean is None else f"{period.mean:.2f}"
    return Bar(
        x=f"{x + step * 0.1:.2f}",
        y=f"{HEIGHT - height:.2f}",
        width=f"{step * 0.8:.2f}",
        height=f"{height:.2f}",
        day=named,
        count=period.count,
        mean=mean,
        tip=f"{named}：{period.count} 篇" + (f"，平均情感 {mean}" if mean else ""),
        url=listing.period(first, last) if period.count else "",
    )


def _points(periods: Sequence[_Period], step: float) -> list[str]:
    """Where the mean stands in each period that has one: 1 at the top, 0 at the bottom."""
    return [
        f"{(place + 0.5) * step:.2f} {TOP + (HEIGHT - 2 * TOP) * (1 - period.mean):.2f}"
        for place, period in enumerate(periods)
        if period.mean is not None
    ]


def recent(listing: Listing) -> list[tuple[str, str, bool]]:
    """Periods that are one click away: label, address, whether it is the one shown."""
    choices = [("近 7 天", "7d"), ("近 30 天", "30d"), ("近一年", "365d"), ("全部时间", "")]
    return [(label, listing.period(since), listing.since == since and not listing.until) for label, since in choices]
