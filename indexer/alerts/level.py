"""Level: what each window was expected to count, told from the windows before it only.

Expected = exposure x season x level. The level is a discounted mean (gamma-Poisson with a discount factor; West and
Harrison, Bayesian Forecasting and Dynamic Models, 1997), kept for several memories side by side; the one that has
predicted best so far speaks. The same holds for how the variance depends on the mean: constant, proportional
(quasi-Poisson) or quadratic (negative binomial), whichever has described past windows best.

A window beyond the ordinary is cut before the level learns from it, so an outbreak doesn't hide what follows it; only
where the level has shifted and stays, it is learned anew.
"""

from dataclasses import dataclass

import numpy as np

from indexer.alerts import season
from indexer.alerts.counts import Floats
from indexer.alerts.cycles import Cycle

MEMORIES = np.array([512.0, 128.0, 32.0, 8.0, 2.0])
"""Half-lives of the level, in windows."""
CUT = 3.0
"""Standard deviations beyond which a window teaches no more."""
WIDEN = 1.3
NARROW = WIDEN ** (-1 / 150)
"""How the cut widens where runs of windows beyond it begin more often than once in 150, as a series that is wild by
nature has them; it narrows again where they don't."""
FIRST = 8
"""Known windows from which a series' first level and variance are taken; they are not judged."""
REPLAY = 512
"""Windows that are gone through before those that are told, with the same season, to know level and variance."""
SPREAD_MEMORY = 0.5 ** (1 / 512)
HANDICAP = 0.15
"""By how much a shorter memory must predict better than the next longer one."""
PRIOR = 10.0
"""Squared means of counts after which the negative binomial's size is told by the data rather than taken for 5."""
WIDE = 3_000
"""Columns that are gone through side by side."""


@dataclass(frozen=True)
class Expectation:
    """What was expected of each window, all (windows, series); nan in `values` where unknown."""

    values: Floats
    mean: Floats
    variance: Floats
    cut: Floats
    """The values, cut to what is ordinary; the mean where unknown."""
    seen: Floats
    """Known windows before each."""
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
    out = {name: np.zeros_like(values) for name in ("mean", "variance", "cut", "constant")}
    seen = np.concatenate([np.zeros((1, series)), np.cumsum(known, axis=0)[:-1]])
    start = _Start.of(values, exposure, counted)
    stretches = _stretches(n, cycles, judged)
    abreast = max(1, WIDE // series)
    for some in (stretches[at : at + abreast] for at in range(0, len(stretches), abreast)):
        firsts = [max(0, begin - REPLAY) for begin, _ in some]
        length = max(end - first for first, (_, end) in zip(firsts, some, strict=True))
        lanes = _Lanes(length, series, len(some))
        for lane, (first, (begin, end)) in enumerate(zip(firsts, some, strict=True)):
            shape = _season(values, exposure, cycles, counted, begin, slice(first, end))
            lanes.fill(lane, values[first:end], exposure[first:end], shape)
        run = _Run(lanes, start.repeated(len(some)), shift)
        run.go()
        for lane, (first, (begin, end)) in enumerate(zip(firsts, some, strict=True)):
            columns = slice(lane * series, (lane + 1) * series)
            for name, all_of_it in out.items():
                all_of_it[begin:end] = getattr(run, name)[begin - first : end - first, columns]
    return Expectation(values, out["mean"], out["variance"], out["cut"], seen, out["constant"])


def _season(
    values: Floats, exposure: Floats, cycles: tuple[Cycle, ...], counted: bool, begin: int, where: slice
) -> season.Shape:
    """The shape of the windows `where`, learned from those before `begin`."""
    if not cycles or not begin:
        return season.Shape(np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)))
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
    are judged: half of the past, and once more before those.
    """
    if not cycles:
        return [(0, n)]
    shortest = min(cycle.length for cycle in cycles)
    few = judged < n // 2
    longest = n if few else min(7 * shortest, max(cycle.length for cycle in cycles))
    bounds, at = {0, shortest} if shortest < n else {0}, 2 * shortest
    while at < n:
        bounds.add(at)
        at += max(min(at // (2 if few else 4), longest), shortest, 8)
    if 2 * shortest <= n - judged < n:
        bounds.add(n - judged)
    begins = sorted(bounds)
    return list(zip(begins, [*begins[1:], n], strict=True))


@dataclass(frozen=True)
class _Start:
    """What a series is taken to be before anything is known, from its first known windows."""

    counted: bool
    level: Floats
    variance: Floats
    floor: Floats
    """The least variance of quantities that are no counts."""

    @classmethod
    def of(cls, values: Floats, exposure: Floats, counted: bool) -> "_Start":
        known = ~np.isnan(values)
        first = known & (np.cumsum(known, axis=0) <= FIRST)
        y, e = np.where(first, values, 0.0), np.where(first, exposure, 0.0)
        level = (y.sum(axis=0) + (0.5 if counted else 0)) / np.maximum(e.sum(axis=0), 1e-9)
        count = np.maximum(first.sum(axis=0), 1)
        variance = np.where(first, (y - level * e) ** 2, 0).sum(axis=0) / count
        floor = np.maximum((0.02 * np.abs(level)) ** 2, 1e-12)
        return cls(
            counted, np.maximum(level, 1e-9), np.maximum(variance, np.maximum(level, 0) if counted else floor), floor
        )

    def repeated(self, lanes: int) -> "_Start":
        return _Start(self.counted, *(np.tile(it, lanes) for it in (self.level, self.variance, self.floor)))


class _Lanes:
    """Stretches side by side: (windows, lanes x series), unknown behind the end of each."""

    def __init__(self, length: int, series: int, lanes: int) -> None:
        self.series = series
        self.values = np.full((length, lanes * series), np.nan)
        self.scale = np.ones((length, lanes * series))
        self.doubt = np.ones((length, lanes * series))
        self.leverage = np.zeros((length, lanes * series))

    def fill(self, lane: int, values: Floats, exposure: Floats, shape: season.Shape) -> None:
        where = slice(0, len(values)), slice(lane * self.series, (lane + 1) * self.series)
        self.values[where], self.scale[where] = values, exposure * shape.factor
        self.doubt[where], self.leverage[where] = shape.doubt, shape.leverage


class _Run:
    """One pass over lanes. Arrays without a leading axis are (columns,)."""

    def __init__(self, lanes: _Lanes, start: _Start, shift: int) -> None:
        n, columns = lanes.values.shape
        self.values, self.scale, self.doubt, self.leverage = lanes.values, lanes.scale, lanes.doubt, lanes.leverage
        self.start, self.shift = start, shift
        self.known = ~np.isnan(self.values)
        self.mean, self.variance, self.cut, self.constant = (np.zeros((n, columns)) for _ in range(4))
        level = self._first_level()
        self.weight = np.tile(2 * np.maximum(self.scale.mean(axis=0), 1e-9), (len(MEMORIES), 1))
        self.told = level * self.weight
        """A level is `told` over `weight`, (memories, columns)."""
        self.squares = np.tile(4 * start.variance, (3, 1))
        if start.counted:
            self.squares[2] = 4 * np.maximum(start.variance - level, 0.1 * level**2)
        self.bases = 4 * np.stack([np.ones(columns), level, level**2])
        if start.counted:
            self.bases[2], self.squares[2] = PRIOR + self.bases[2], 0.2 * PRIOR + self.squares[2]
        """A kind of variance is `squares` over `bases`, (3, columns): constant, by the mean, by its square."""
        self.misfit = np.zeros((3, columns))
        self.loss = np.zeros((len(MEMORIES), columns))
        self.count = np.zeros(columns)
        self.held = np.full(columns, shift)
        """Windows since the level was learned anew."""

    def _first_level(self) -> Floats:
        first = self.known & (np.cumsum(self.known, axis=0) <= max(FIRST, 24))
        told = np.where(first, self.values, 0).sum(axis=0) + (0.5 if self.start.counted else 0)
        scale = np.maximum(np.where(first, self.scale, 0).sum(axis=0), 1e-9)
        return np.where(first.any(axis=0), told / scale, self.start.level)

    def go(self) -> None:
        columns = np.arange(self.values.shape[1])
        handicap = (1 + HANDICAP * np.arange(len(MEMORIES)))[:, None]
        fade, one = (0.5 ** (1 / MEMORIES))[:, None], float(self.start.counted)
        width, before = np.ones(len(columns)), np.zeros(len(columns), dtype=bool)
        doubtful = (self.doubt < 1).any(axis=1)
        for t in range(len(self.values)):
            known, scale, leverage = self.known[t], self.scale[t], self.leverage[t]
            every = self.told / self.weight
            if one:
                every = np.maximum(every, 0.5 / (np.minimum(self.count, 500) + 1))
            best = (self.loss * handicap).argmin(axis=0)
            means = np.maximum(every * scale, 1e-12)
            mean = means[best, columns]
            variances = self._variances(mean)
            chosen = self.misfit.argmin(axis=0)
            unsure = 1 + 1 / np.minimum(self.count + 1, MEMORIES[best])
            variance = variances[chosen, columns] * unsure * (1 + leverage) / (1 - leverage)
            reach = CUT * width * np.sqrt(variance)
            y = np.where(known, self.values[t], mean)
            if doubtful[t]:
                y = np.where(y < mean, np.minimum(y / self.doubt[t], mean), y)
            cut = np.minimum(np.maximum(y, mean - reach), mean + reach + one)
            self.mean[t], self.variance[t], self.cut[t], self.constant[t] = mean, variance, cut, chosen == 0
            beyond = known & (cut != y)
            width = np.maximum(width * np.where(beyond & ~before, WIDEN, np.where(known, NARROW, 1.0)), 1.0)
            before = np.where(known, beyond, before)
            residual = (cut - mean) ** 2 / (1 - leverage)
            keep = np.where(known, SPREAD_MEMORY, 1.0)
            self.misfit *= keep
            self.misfit += known * (np.log(variances) + residual / variances)
            self.squares *= keep
            self.squares += known * residual
            self.squares[2] = np.maximum(self.squares[2] - one * known * mean, 0)
            self.bases *= keep
            self.bases[0] += known
            self.bases[1] += known * mean
            self.bases[2] += known * mean**2
            self.loss *= keep
            self.loss += known * _deviance(y, means, reach / mean, one)
            self.told = np.where(known, self.told * fade + cut, self.told)
            self.weight = np.where(known, self.weight * fade + scale, self.weight)
            self.count += known
            self.held += 1
            if t >= self.shift and t % max(self.shift // 8, 1) == 0:
                self._shift(t + 1)

    def _variances(self, mean: Floats) -> Floats:
        """By each of the three kinds, (3, columns)."""
        variances = self.squares / self.bases
        variances[1] *= mean
        variances[2] *= mean**2
        if not self.start.counted:
            return np.maximum(variances, np.maximum(self.start.floor, (0.02 * mean) ** 2))
        variances[2] += mean
        return np.maximum(variances, mean)

    def _shift(self, end: int) -> None:
        """Where the level has moved and stayed for `shift` windows, take the latter half of them as the level."""
        begin, half, quarter = end - self.shift, end - self.shift // 2, end - self.shift // 4
        moved = self.held >= self.shift
        up, down = moved, moved
        for part in (slice(begin, half), slice(half, quarter), slice(quarter, end)):
            known = self.known[part]
            excess = np.sum((self.cut[part] - self.mean[part]) * known, axis=0)
            reach = 3 * np.sqrt(np.sum(self.variance[part] * known, axis=0))
            up, down = up & (excess > reach), down & (excess < -reach)
        moved = up | down
        if moved.any():
            lately = slice(half, end)
            told = np.where(self.known[lately], self.values[lately], 0).sum(axis=0)
            scale = np.where(self.known[lately], self.scale[lately], 0).sum(axis=0)
            self.told = np.where(moved, told, self.told)
            self.weight = np.where(moved, np.maximum(scale, 1e-9), self.weight)
            self.held = np.where(moved, 0, self.held)


def _deviance(y: Floats, means: Floats, relative: Floats, one: float) -> Floats:
    """How far each memory was off (Poisson deviance), (memories, columns); all are held to the same cut value."""
    low, high = means.min(axis=0), means.max(axis=0)
    y = np.maximum(np.minimum(np.maximum(y, low * (1 - relative)), high * (1 + relative) + one), 1e-12)
    return y * np.log(y / means) - (y - means)
