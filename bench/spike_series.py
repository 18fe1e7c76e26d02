"""Series of complaint counts with labelled spikes, made in two ways that share nothing but their calendar.

`drawn` is what the test was tuned on: a rate that is a product of smooth factors, negative binomial counts, and spikes
that multiply or add to the rate. `acted` is held back: customers who complain, each in clusters of posts and reprints
that arrive late, with due dates, lunch breaks, wandering levels and single days that are odd; its spikes are more
people, each with a delay. A spike is labelled only where who made it can tell it from noise: chance, as the maker
knows it, would bring as much in its best stretch less than once in a thousand million (a normal score of `CLEAR`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from indexer.alerts.statistics.counts import Counts

ZONE = ZoneInfo("Asia/Shanghai")
CLEAR = 6.0
DAYS_DIFFER = 0.08
"""Standard deviation of what single days are odd by."""
SHAPES = (
    "sudden", "slow", "short", "weekend", "low volume", "high volume", "bursty noise", "outages", "holidays",
    "level shift", "trend", "burst inside a rise", "daily counts", "quiet",
)  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One series and its labels: first and last window of each spike."""

    shape: str
    counts: Counts
    spikes: tuple[tuple[int, int], ...]
    unsure: tuple[tuple[int, int], ...] = ()
    """Spikes that an outage hides for the most part: found or not, they don't count."""


def drawn(seed: int, each: int) -> Iterator[Case]:
    """`each` series of every shape; the tuning way."""
    for number, shape in enumerate(SHAPES):
        for again in range(each):
            yield _drawn(shape, np.random.default_rng([seed, number, again]))


def acted(seed: int, each: int) -> Iterator[Case]:
    """`each` series of every shape; the way that is held back."""
    for number, shape in enumerate(SHAPES):
        for again in range(each):
            yield _acted(shape, np.random.default_rng([seed, 1_000 + number, again]))


def _begin(rng: Generator, shape: str) -> datetime:
    if shape == "holidays":
        first = date(2026, 1, 1) if rng.random() < 0.5 else date(2025, 8, 10)
    else:
        first = date(2026, 3, 9) + timedelta(days=int(rng.integers(0, 40)))
    return datetime(first.year, first.month, first.day, tzinfo=ZONE)


def _working(days: list[date]) -> NDArray[np.bool_]:
    china = holidays.country_holidays("CN")
    return np.array([china.is_working_day(day) for day in days])


def _drawn(shape: str, rng: Generator) -> Case:
    hourly = shape != "daily counts"
    step = timedelta(hours=1 if hourly else 24)
    days = int(rng.integers(60, 91)) if hourly else int(rng.integers(300, 500))
    n = days * (24 if hourly else 1)
    start = _begin(rng, shape)
    volume = {"low volume": (0.03, 0.4), "high volume": (80, 600)}.get(shape, (0.5, 30))
    if not hourly:
        volume = (2, 200)
    base = np.exp(rng.uniform(*np.log(volume)))
    dates = [(start + k * step).date() for k in range(n)]
    working = _working(dates)
    off = rng.uniform(0.35, 0.9)
    rate = base * np.where(working, 1.0, off)
    if hourly:
        hour = np.arange(n) % 24
        depth = rng.uniform(0.5, 0.95)
        curve = 1 + depth * np.cos(2 * np.pi * (hour - rng.uniform(13, 21)) / 24)
        second = 1 + 0.25 * np.cos(4 * np.pi * (hour - rng.uniform(0, 12)) / 24)
        rate = rate * curve * second
    if shape == "trend":
        rate = rate * np.exp(np.linspace(0, rng.choice([-1, 1]) * rng.uniform(0.5, 1.4), n))
    alpha = rng.uniform(0.4, 1.2) if shape == "bursty noise" else rng.uniform(0, 0.25)
    first = n // 3
    extra, spikes = np.zeros(n), []
    if shape == "level shift":
        at = int(rng.integers(first, 2 * n // 3))
        factor = rng.uniform(2.5, 5)
        near = rate[at : at + 24]
        if _clear(near * (factor - 1), near, near + alpha * near**2):
            extra[at:] += rate[at:] * (factor - 1)
            spikes.append((at, min(at + 47, n - 1)))
    elif shape != "quiet":
        for part in range(int(rng.integers(1, 4))):
            room = (n - first) // 3
            at = first + part * room + int(rng.integers(0, max(room // 3, 1)))
            if shape == "weekend":
                while dates[at].weekday() != 5:
                    at += 1
                at += int(rng.integers(0, 30))
            length, kernel = _kernel(shape, hourly, rng)
            at, length = min(at, n - length - 1), length
            add = _sized(kernel, rate[at : at + length], alpha, rng)
            extra[at : at + length] += add
            spikes.append((at, at + length - 1))
    lam = rate + extra
    values = (rng.poisson(lam) if alpha == 0 else rng.poisson(lam * rng.gamma(1 / alpha, alpha, n))).astype(float)
    exposure = None
    if shape == "outages":
        exposure = np.ones(n)
        for _ in range(int(rng.integers(3, 7))):
            at, length = int(rng.integers(48, n - 60)), int(rng.integers(2, 50))
            if rng.random() < 0.7:
                values[at : at + length] = np.nan
            else:
                share = rng.uniform(0.3, 0.7)
                exposure[at : at + length] = share
                seen = rng.binomial(np.nan_to_num(values[at : at + length]).astype(int), share)
                values[at : at + length] = np.where(np.isnan(values[at : at + length]), np.nan, seen)
    return _case(shape, Counts(start, step, values[None], ZONE, exposure), spikes)


def _case(shape: str, counts: Counts, spikes: list[tuple[int, int]]) -> Case:
    hidden = [np.isnan(counts.values[0, a : b + 1]).mean() > 0.3 for a, b in spikes]
    return Case(
        shape,
        counts,
        tuple(it for it, out in zip(spikes, hidden, strict=True) if not out),
        tuple(it for it, out in zip(spikes, hidden, strict=True) if out),
    )


def _kernel(shape: str, hourly: bool, rng: Generator) -> tuple[int, Floats]:
    if not hourly:
        length = int(rng.integers(1, 9))
        return length, np.ones(length)
    if shape == "slow":
        length = int(rng.integers(36, 90))
        return length, np.minimum(np.arange(1, length + 1) / (0.7 * length), 1.0)
    if shape == "short":
        return (length := int(rng.integers(1, 3))), np.ones(length)
    if shape == "burst inside a rise":
        length = 40
        kernel = np.ones(length)
        kernel[20:24] = 8
        return length, kernel
    length = int(rng.integers(3, 25))
    return length, np.ones(length)


def _clear(extra: Floats, rate: Floats, variance: Floats, days_differ: float = 0) -> bool:
    """Whether some stretch of it stands out from what is ordinary; `days_differ` is the part of the standard deviation
    that all windows of a day share.
    """
    best = 0.0
    for length in {len(extra), -(-len(extra) // 2), -(-len(extra) // 4)}:
        told, mean, spread = (np.convolve(it, np.ones(length), "valid") for it in (rate + extra, rate, variance))
        more = np.maximum(spread + (days_differ * mean) ** 2 - mean, 1e-9)
        tail = stats.nbinom.sf(np.round(told) - 1, mean**2 / more, mean / (mean + more))
        best = max(best, float(stats.norm.isf(tail.min())))
    return best >= CLEAR


def _sized(kernel: Floats, rate: Floats, alpha: float, rng: Generator) -> Floats:
    """The kernel, large enough to be told from noise and at least half of the rate on top of it."""
    shaped = kernel * (rate + rate.mean()) / 2
    size = max(rng.uniform(0.5, 3), 4 / max(shaped.sum(), 1e-9))
    while not _clear(size * shaped, rate, rate + alpha * rate**2) or size * shaped.sum() < 5:
        size *= 1.15
    return size * shaped * rng.uniform(1.0, 2.0)


def _acted(shape: str, rng: Generator) -> Case:
    hourly = shape != "daily counts"
    minutes = 60 if hourly else 1440
    days = int(rng.integers(55, 91)) if hourly else int(rng.integers(250, 450))
    start = _begin(rng, shape)
    dates = [start.date() + timedelta(days=k) for k in range(days)]
    working = _working(dates)
    people = {"low volume": (1, 8), "high volume": (1500, 9000)}.get(shape, (12, 500))
    daily = float(np.exp(rng.uniform(*np.log(people))))
    level = np.exp(np.cumsum(rng.normal(0, 0.015, days)))
    if shape == "trend":
        level *= 2 ** (np.arange(days) / days * rng.choice([-1.5, -1, 1, 1.5]))
    weight = np.where(working, 1.0, rng.uniform(0.3, 1.0))
    due = np.isin([day.day for day in dates], rng.choice([1, 5, 10, 15, 20, 25], 1))
    odd = np.exp(rng.normal(0, DAYS_DIFFER, days))
    expected = daily * level * weight * np.where(due, rng.uniform(1.0, 1.3), 1.0) * odd
    back = np.flatnonzero(working[1:] & ~working[:-1]) + 1
    expected[back] *= rng.uniform(1.0, 1.15)
    hours = _office(rng)
    crowd = 1.0 if shape != "bursty noise" else float(rng.uniform(3, 8))
    known = np.repeat(expected, 24) * np.tile(hours / hours.sum(), days)
    labels: list[tuple[float, float]] = []
    times = [_complaints(rng, known, crowd)]
    moments = days * 24.0
    if shape == "level shift":
        at = float(rng.uniform(0.4, 0.6) * moments)
        more = np.where(np.arange(days * 24) >= at, known * rng.uniform(1.5, 3.5), 0)
        soon = slice(int(at), int(at) + 24)
        if _clear(more[soon], known[soon], _ordinary(known[soon], crowd), DAYS_DIFFER):
            times.append(_complaints(rng, more, crowd))
            labels.append((at, at + 48))
    elif shape != "quiet":
        for part in range(int(rng.integers(1, 4))):
            at = moments * (0.34 + 0.2 * part) + rng.uniform(0, moments * 0.12)
            if shape == "weekend":
                at += (5 - (start + timedelta(hours=at)).weekday()) % 7 * 24
            burst, length = _burst(shape, hourly, at, known, crowd, rng)
            if length:
                times.append(burst)
                labels.append((at, at + length))
    moment = np.sort(np.concatenate(times))
    n = days * 1440 // minutes
    values = np.histogram(moment, bins=n, range=(0, moments))[0].astype(float)
    exposure = None
    if shape == "outages":
        exposure = np.ones(n)
        for at in rng.choice(np.arange(72, n - 72), 5):
            length = int(rng.geometric(1 / 14))
            if rng.random() < 0.6:
                values[at : at + length] = np.nan
            else:
                exposure[at : at + length] = 0.5
                values[at : at + length] = np.floor(values[at : at + length] * 0.5 + rng.random(length))
    spikes = [(int(a * 60 // minutes), min(int(b * 60 // minutes), n - 1)) for a, b in labels]
    return _case(shape, Counts(start, timedelta(minutes=minutes), values[None], ZONE, exposure), spikes)


def _office(rng: Generator) -> Floats:
    """A day with a morning and an evening, a lunch break and a night, in straight lines."""
    corners = [0, 6, 9.5, 12, 13.5, 16, 19, 21.5, 24]
    night = rng.uniform(0.03, 0.3)
    heights = [night, night / 2, rng.uniform(0.8, 1.2), rng.uniform(0.9, 1.3), rng.uniform(0.4, 0.8),
               rng.uniform(0.9, 1.2), rng.uniform(0.4, 0.9), rng.uniform(0.7, 1.5), night]  # fmt: skip
    return np.interp(np.arange(24) + 0.5, corners, heights)


def _complaints(rng: Generator, rate: Floats, crowd: float) -> Floats:
    """Moments at which posts appear: people come by chance, each posts once or more, the further posts later."""
    people = rng.poisson(rate / crowd)
    moment = np.repeat(np.arange(len(rate)), people) + rng.random(people.sum())
    posts = rng.geometric(1 / crowd, len(moment)) if crowd > 1 else np.ones(len(moment), dtype=int)
    later = np.repeat(moment, posts)
    first = (
        np.concatenate(
            [[True], np.repeat(np.arange(len(moment)), posts)[1:] != np.repeat(np.arange(len(moment)), posts)[:-1]]
        )
        if len(later)
        else np.zeros(0, bool)
    )
    return later + np.where(first, 0, rng.exponential(0.7, len(later)))


def _ordinary(known: Floats, crowd: float) -> Floats:
    """The variance of posts of people who post `crowd` times on average."""
    return known * (2 * crowd - 1)


def _burst(shape: str, hourly: bool, at: float, known: Floats, crowd: float, rng: Generator) -> tuple[Floats, float]:
    """Moments of the posts of an outbreak, and its length in hours until nine tenths have come."""
    spread: Callable[[int], Floats] = {
        "slow": lambda k: rng.triangular(0, 55, 72, k),
        "short": lambda k: rng.uniform(0, 1.5, k),
        "burst inside a rise": lambda k: np.where(rng.random(k) < 0.5, rng.uniform(0, 40, k), rng.uniform(20, 24, k)),
    }.get(shape, (lambda k: rng.gamma(2, 4, k)) if hourly else (lambda k: rng.exponential(60, k)))
    usual = known[int(at) : int(at) + 12].mean()
    people = max(6.0, usual * rng.uniform(1, 6)) / crowd
    for _ in range(60):
        offsets = np.sort(spread(max(int(people * crowd), 6)))
        shown = np.histogram(offsets, bins=np.arange(0, 97 if hourly else 337))[0].astype(float)
        here = known[int(at) : int(at) + len(shown)]
        if _clear(shown[: len(here)], here, _ordinary(here, crowd), DAYS_DIFFER):
            length = float(np.quantile(offsets, 0.9))
            return at + offsets, max(length, 1.0)
        people *= 1.2
    return np.zeros(0), 0.0
