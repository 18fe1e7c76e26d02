"""Expectation: season and level put together, over the whole of a series and without looking ahead."""

from dataclasses import dataclass

import numpy as np

from indexer.alerts.statistics import season
from indexer.alerts.statistics.counts import Floats
from indexer.alerts.statistics.cycles import Cycle
from indexer.alerts.statistics.level import FIRST, Lanes, Run
from indexer.alerts.statistics.periods import own_cycle

UNKNOWN_CYCLE = 64
"""Windows after which a series without a calendar is looked at for a cycle of its own."""
REPLAY = 512
"""Windows that are gone through before those that are told, with the same season, to know level and variance."""
WIDE = 3_000
"""Columns that are gone through side by side."""


@dataclass(frozen=True)
class Expectation:
    """What was expected of each window, all (windows, series); nan in `values` where unknown.

    All but `seen` is measured from `base`, which is 0 unless the series goes below it. Twice, (windows, 2, series): by
    the memory that predicts best, and by the longest, which tells how unusual a window is at all.
    """

    values: Floats
    base: Floats
    cut: Floats
    """The values, cut to twice what is ordinary; the mean where unknown."""
    seen: Floats
    """Known windows before each."""
    mean: Floats
    variance: Floats
    constant: Floats
    """1 where the variance does not depend on the mean."""


def expect(
    values: Floats, exposure: Floats, cycles: tuple[Cycle, ...], counted: bool, shift: int, judged: int
) -> Expectation:
    """What was expected of each of (windows, series).

    `counted`: the values are counts, so their variance is not below their mean. `shift`: windows after which a level
    that stays is the new one. The season is learned anew as the series grows, and once before the last `judged`; the
    stretches between are gone through side by side, each from REPLAY windows before it.
    """
    n, series = values.shape
    known = ~np.isnan(values) & (exposure > 0)
    values = np.where(known, values, np.nan)
    base, cut = np.zeros_like(values), np.zeros_like(values)
    mean, variance, constant = (np.zeros((n, 2, series)) for _ in range(3))
    seen = np.concatenate([np.zeros((1, series)), np.cumsum(known, axis=0)[:-1]])
    stretches = _stretches(n, cycles, judged)
    abreast = max(1, WIDE // series)
    for some in (stretches[at : at + abreast] for at in range(0, len(stretches), abreast)):
        firsts = [max(0, begin - REPLAY) for begin, _ in some]
        length = max(end - first for first, (_, end) in zip(firsts, some, strict=True))
        lanes = Lanes(length, series, len(some))
        for lane, (first, (begin, end)) in enumerate(zip(firsts, some, strict=True)):
            base[begin:end] = from_here = _base(values, begin)
            shape = _season(values - from_here, exposure, cycles, counted, begin, slice(first, end))
            lanes.fill(lane, values[first:end] - from_here, exposure[first:end], shape)
        run = Run(lanes, counted, shift)
        run.go()
        for lane, (first, (begin, end)) in enumerate(zip(firsts, some, strict=True)):
            rows, columns = slice(begin - first, end - first), slice(lane * series, (lane + 1) * series)
            cut[begin:end] = run.cut[rows, columns]
            for all_of_it, part in ((mean, run.mean), (variance, run.variance), (constant, run.constant)):
                all_of_it[begin:end] = part[rows, :, columns]
    return Expectation(values - base, base, cut, seen, mean, variance, constant)


def _base(values: Floats, begin: int) -> Floats:
    """What quantities that can be negative are measured from, by what was seen before `begin`: below the lowest."""
    past = values[: max(begin, FIRST)]
    known = ~np.isnan(past)
    least = np.where(known, past, 0).min(axis=0)
    return np.where(least < 0, least - (np.where(known, past, least).max(axis=0) - least), 0)


def _season(
    values: Floats, exposure: Floats, cycles: tuple[Cycle, ...], counted: bool, begin: int, where: slice
) -> season.Shape:
    """The shape of the windows `where`, learned from those before `begin`."""
    if begin and values.shape[1] == 1:
        cycles = (*cycles, *own_cycle(values[:begin, 0], len(values), cycles))
    if not cycles or not begin:
        return season.Shape(np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), np.zeros((1, 1), dtype=bool))
    past = slice(max(0, begin - _history(cycles)), begin)
    learned = season.learn(
        values[past], exposure[past], tuple(_cut(cycle, past.start) for cycle in cycles), float(counted)
    )
    return learned.at(slice(where.start - past.start, where.stop - past.start))


def _history(cycles: tuple[Cycle, ...]) -> int:
    """Windows that the season is learned from."""
    recent = [8 * cycle.half_life / 3 for cycle in cycles if np.isfinite(cycle.half_life)]
    return max(round(max(recent)), REPLAY) if recent and all(cycle.length < 1e3 for cycle in cycles) else 1 << 30


def _cut(cycle: Cycle, begin: int) -> Cycle:
    return Cycle(
        cycle.bins, cycle.bin[begin:], cycle.instead[begin:], cycle.run[begin:] - cycle.run[begin],
        cycle.length, cycle.smooth, cycle.half_life, cycle.once, cycle.special,
    )  # fmt: skip


def _stretches(n: int, cycles: tuple[Cycle, ...], judged: int) -> list[tuple[int, int]]:
    """Between two learnings of the season: a quarter of the past, a week of days at most. Where only the last windows
    are judged: as much as the past, and once more before those.
    """
    lengths = [cycle.length for cycle in cycles] or [UNKNOWN_CYCLE]
    shortest, few = min(lengths), judged < n // 2
    longest = n if few else min(7 * shortest, max(lengths))
    bounds, at = {0, shortest} if shortest < n else {0}, 2 * shortest
    while at < n:
        bounds.add(at)
        at += max(min(at // (1 if few else 4), longest), shortest, 8)
    if 2 * shortest <= n - judged < n:
        bounds.add(n - judged)
    begins = sorted(bounds)
    return list(zip(begins, [*begins[1:], n], strict=True))
