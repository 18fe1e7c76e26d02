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
FIRST = 8
"""Known windows from which a series' first level and variance are taken; they are not judged."""
REPLAY = 512
"""Windows that are gone through again once the season was learned anew."""
SPREAD_MEMORY = 0.5 ** (1 / 512)


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
    """Go through (windows, series) once.

    `counted`: the values are counts, so their variance is not below their mean. `shift`: windows after which a level
    that stays is the new one. The season is learned anew as the series grows, and once before the last `judged`.
    """
    n = len(values)
    known = ~np.isnan(values) & (exposure > 0)
    values = np.where(known, values, np.nan)
    out = {name: np.zeros_like(values) for name in ("mean", "variance", "cut", "constant")}
    seen = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(known, axis=0)[:-1]])
    start = _Start.of(values, exposure, counted)
    scale = np.ones_like(values)
    leverage = np.zeros_like(values)
    for begin, end in _stretches(n, cycles, judged):
        if begin:
            past = slice(max(0, begin - _history(cycles)), begin)
            shapes = tuple(_cut(cycle, past.start) for cycle in cycles)
            learned = season.learn(values[past], exposure[past], shapes, float(counted))
            new, weight = learned.at(slice(max(0, begin - REPLAY) - past.start, end - past.start))
            where = slice(max(0, begin - REPLAY), end)
            scale[where], leverage[where] = new, weight
        first = max(0, begin - REPLAY)
        run = _Run(values[first:end], exposure[first:end] * scale[first:end], leverage[first:end], start, shift)
        run.go()
        for name, all_of_it in out.items():
            all_of_it[begin:end] = getattr(run, name)[begin - first :]
    return Expectation(values, out["mean"], out["variance"], out["cut"], seen, out["constant"])


def _history(cycles: tuple[Cycle, ...]) -> int:
    """Windows that the season is learned from."""
    recent = [8 * cycle.half_life / 3 for cycle in cycles if np.isfinite(cycle.half_life)]
    return round(max(recent)) if recent and all(cycle.length < 1e3 for cycle in cycles) else 1 << 30


def _cut(cycle: Cycle, begin: int) -> Cycle:
    return Cycle(
        cycle.bins, cycle.bin[begin:], cycle.instead[begin:], cycle.run[begin:] - cycle.run[begin],
        cycle.length, cycle.smooth, cycle.half_life, cycle.special,
    )  # fmt: skip


def _stretches(n: int, cycles: tuple[Cycle, ...], judged: int) -> list[tuple[int, int]]:
    """Between two learnings of the season: a cycle of the shortest kind at least, a quarter of the past at most."""
    if not cycles:
        return [(0, n)]
    shortest = min(cycle.length for cycle in cycles)
    longest = min(7 * shortest, max(cycle.length for cycle in cycles))
    bounds = [0]
    at = 2 * shortest
    while at < n:
        bounds.append(at)
        at += max(min(at // 4, longest), shortest, 8)
    if n - judged > 0 and n - judged >= 2 * shortest and judged < n:
        bounds.append(n - judged)
    bounds = sorted(set(bounds))
    return list(zip(bounds, [*bounds[1:], n], strict=True))


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


class _Run:
    """One pass over some windows. Arrays without a leading axis are (series,); `level` has (memories, series)."""

    def __init__(self, values: Floats, scale: Floats, leverage: Floats, start: _Start, shift: int) -> None:
        n, series = values.shape
        self.values, self.scale, self.leverage, self.start, self.shift = values, scale, leverage, start, shift
        self.mean, self.variance, self.cut, self.constant = (np.zeros((n, series)) for _ in range(4))
        self.sums = np.zeros((4, n + 1, series))
        """Running sums of cut values, means, variances and scale over known windows."""
        self.keep = (0.5 ** (1 / MEMORIES))[:, None]
        level = self._first_level()
        self.weight = np.tile(2 * np.maximum(scale.mean(axis=0), 1e-9), (len(MEMORIES), 1))
        self.told = level * self.weight
        self.loss = np.zeros((len(MEMORIES), series))
        self.handicap = (1 + 0.03 * np.arange(len(MEMORIES)))[:, None]
        self.count = np.zeros(series)
        self.squares = np.tile(start.variance, (3, 1)) * 4
        self.bases = np.stack([np.ones(series), level, level**2]) * 4
        if start.counted:
            self.squares[2] = 4 * np.maximum(start.variance - level, 0.1 * level**2)
        self.misfit = np.zeros((3, series))
        self.held = np.full(series, shift)
        """Windows since the level was learned anew."""

    def _first_level(self) -> Floats:
        known = ~np.isnan(self.values)
        first = known & (np.cumsum(known, axis=0) <= max(FIRST, 24))
        told = np.where(first, self.values, 0).sum(axis=0) + (0.5 if self.start.counted else 0)
        return np.where(
            first.any(axis=0), told / np.maximum(np.where(first, self.scale, 0).sum(axis=0), 1e-9), self.start.level
        )

    def go(self) -> None:
        columns = np.arange(self.values.shape[1])
        for t in range(len(self.values)):
            y, scale = self.values[t], self.scale[t]
            known = ~np.isnan(y)
            every = self.told / self.weight
            if self.start.counted:
                every = np.maximum(every, 0.5 / (np.minimum(self.count, 500) + 1))
            best = np.argmin(self.loss * self.handicap, axis=0)
            means = np.maximum(every * scale, 1e-12)
            mean = means[best, columns]
            variances = self._variances(mean)
            chosen = np.argmin(self.misfit, axis=0)
            spread = variances[chosen, columns]
            unsure = 1 + 1 / np.minimum(self.count + 1, MEMORIES[best])
            variance = spread * unsure * (1 + self.leverage[t]) / (1 - self.leverage[t])
            reach = CUT * np.sqrt(variance)
            cut = np.where(known, np.clip(y, mean - reach, mean + reach), mean)
            self.mean[t], self.variance[t], self.cut[t], self.constant[t] = mean, variance, cut, chosen == 0
            self.sums[:, t + 1] = self.sums[:, t] + known * np.stack([cut, mean, variance, scale])
            self._learn(t, known, cut, scale, mean, means, variances, spread)

    def _variances(self, mean: Floats) -> Floats:
        """By each of the three kinds, (3, series)."""
        of = self.squares / self.bases
        variances: Floats = np.stack([of[0], of[1] * mean, of[2] * mean**2])
        if self.start.counted:
            variances[2] += mean
            least: Floats = mean
        else:
            least = np.maximum(self.start.floor, (0.02 * mean) ** 2)
        return np.maximum(variances, least)

    def _learn(
        self,
        t: int,
        known: Floats,
        cut: Floats,
        scale: Floats,
        mean: Floats,
        means: Floats,
        variances: Floats,
        spread: Floats,
    ) -> None:
        keep = np.where(known, SPREAD_MEMORY, 1.0)
        residual = np.where(known, (cut - mean) ** 2 / (1 - self.leverage[t]), 0)
        self.misfit = self.misfit * keep + known * (np.log(variances) + residual / variances)
        self.squares = self.squares * keep + np.stack(
            [residual, residual, residual - (mean * known if self.start.counted else 0)]
        )
        self.squares[2] = np.maximum(self.squares[2], 0)
        self.bases = self.bases * keep + known * np.stack([np.ones_like(mean), mean, mean**2])
        self.loss = self.loss * keep + known * np.minimum((cut - means) ** 2 / spread, CUT**2)
        fade = np.where(known, self.keep, 1.0)
        self.told = self.told * fade + known * cut
        self.weight = self.weight * fade + known * scale
        self.count += known
        self.held += 1
        if t % max(self.shift // 8, 1) == 0 and t >= self.shift:
            self._shift(t)

    def _shift(self, t: int) -> None:
        """Where level has moved and stayed for `shift` windows, take the latter half of them as the level."""
        half, quarter = t + 1 - self.shift // 2, t + 1 - self.shift // 4
        whole = t + 1 - self.shift
        moved = self.held >= self.shift
        signs = []
        for begin, end in ((whole, half), (half, quarter), (quarter, t + 1)):
            cut, mean, variance, _ = self.sums[:, end] - self.sums[:, begin]
            signs.append(np.where(variance > 0, (cut - mean) / np.sqrt(np.maximum(variance, 1e-300)), 0))
        up, down = np.min(signs, axis=0) > 3, np.max(signs, axis=0) < -3
        moved &= up | down
        if not moved.any():
            return
        lately = self.values[half : t + 1]
        known = ~np.isnan(lately)
        told = np.where(known, lately, 0).sum(axis=0)
        over = np.where(known, self.scale[half : t + 1], 0).sum(axis=0)
        moved &= over > 0
        self.told = np.where(moved, told, self.told)
        self.weight = np.where(moved, over, self.weight)
        self.held = np.where(moved, 0, self.held)
