"""The cycles that counts of a step can follow: day, week, special days of the Chinese calendar, year."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

from indexer.alerts.statistics.counts import Counts

Ints = NDArray[np.int64]

DAY = 86_400
HOUR = 3_600
CHINESE_ZONES = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Urumqi", "PRC"})
ORDINARY, DAY_OFF, WORKING_WEEKEND = range(3)


@dataclass(frozen=True)
class Cycle:
    """One cycle: which bin each window falls into, and which windows in a row are one observation of their bin."""

    bins: int
    bin: Ints
    """(windows,)"""
    instead: Ints
    """(windows,): the bin of the day that a special day may be like: a holiday of a Sunday, a working Sunday of a
    Friday. Elsewhere the same as `bin`."""
    run: Ints
    """(windows,): rises by one where the next observation begins."""
    length: int
    """Windows of one cycle."""
    smooth: int = 0
    """Bins on either side whose counts are shared."""
    half_life: float = float("inf")
    """Windows after which an observation counts half."""
    once: bool = False
    """Whether one cycle is taken for a hint of the next."""
    special: bool = False
    """Whether it tells special days from others; all other cycles of days are learned from ordinary days only."""


def cycles_of(counts: Counts) -> tuple[Cycle, ...]:
    """The cycles of the calendar that windows of this step can show, the broadest claim first."""
    if counts.zone is None:
        return ()
    step, n = counts.step.total_seconds(), counts.windows
    seconds = _local_seconds(counts.start, step, n, counts.zone)
    if step > DAY:
        return (_year(seconds, step),) if step <= 92 * DAY else ()
    day = (seconds // DAY).astype(np.int64)
    special = special_days(day) if str(counts.zone) in CHINESE_ZONES else np.zeros(n, dtype=np.int64)
    weekday = (day + 3) % 7
    like = np.where(special == DAY_OFF, 6, np.where(special == WORKING_WEEKEND, 4, weekday))
    found = []
    if step < DAY:
        slots = -int(-DAY // step)
        slot = np.minimum((seconds % DAY // step).astype(np.int64), slots - 1)
        recent = 21 * DAY / step
        each = np.arange(n)
        found.append(Cycle(7, weekday, like, _runs(day), 7 * slots, half_life=recent, once=True))
        if slots >= 12:
            found.append(Cycle(slots, slot, slot, each, slots, max(2, round(HOUR / 2 / step)), recent, once=True))
        found.append(Cycle(slots, slot, slot, each, slots, half_life=recent))
        parts = min(slots, 24)
        part = slot * parts // slots
        found.append(
            Cycle(7 * parts, weekday * parts + part, like * parts + part, _runs(day * parts + part), 7 * slots,
                  half_life=recent)
        )  # fmt: skip
    else:
        found.append(Cycle(7, weekday, like, _runs(day), 7, half_life=84, once=True))
        found.append(_year(seconds, step))
    if special.any():
        found.append(Cycle(3, special, special, _runs(day), round(14 * DAY / step), special=True))
    return tuple(found)


def special_days(days: Ints) -> Ints:
    """ORDINARY, DAY_OFF (a weekday that is a holiday) or WORKING_WEEKEND for days counted from 1970-01-01."""
    known, where = np.unique(days, return_inverse=True)
    return np.array([_special_day(int(day)) for day in known], dtype=np.int64)[where]


@cache
def _chinese_calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")


@cache
def _special_day(day: int) -> int:
    at = date(1970, 1, 1) + timedelta(days=day)
    working = _chinese_calendar().is_working_day(at)
    if working == (at.weekday() < 5):
        return ORDINARY
    return WORKING_WEEKEND if working else DAY_OFF


def _year(seconds: NDArray[np.float64], step: float) -> Cycle:
    wide = max(step, 7 * DAY)
    year = 365.2425 * DAY
    bins = max(2, round(year / wide))
    phase = seconds % year
    bin = np.minimum((phase / year * bins).astype(np.int64), bins - 1)
    smooth = 2 if bins > 26 else 0
    return Cycle(bins, bin, bin, _runs(bin), round(year / step), smooth, once=True)


def _runs(key: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(np.diff(key) != 0)]).astype(np.int64)


def _local_seconds(start: datetime, step: float, n: int, zone: tzinfo) -> NDArray[np.float64]:
    """Seconds of local time since 1970-01-01 at which each window begins; an offset holds for a day of UTC."""
    at = start.timestamp() + step * np.arange(n, dtype=np.float64)
    days, where = np.unique(at // DAY, return_inverse=True)
    offsets = [_offset(float(day) * DAY + DAY / 2, zone) for day in days]
    return at + np.array(offsets, dtype=np.float64)[where]


def _offset(timestamp: float, zone: tzinfo) -> float:
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp)).astimezone(zone)
    offset = local.utcoffset()
    return offset.total_seconds() if offset else 0.0
