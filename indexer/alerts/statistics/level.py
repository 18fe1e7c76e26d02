"""Level: what each window was expected to count, told from the windows before it only.

Expected = exposure x season x level. The level is a discounted mean (gamma-Poisson with a discount factor; West and
Harrison, Bayesian Forecasting and Dynamic Models, 1997), kept for several memories side by side; the one that has
predicted best so far speaks. The same holds for how the variance depends on the mean: constant, proportional
(quasi-Poisson) or quadratic (negative binomial), whichever has described past windows best.

A window beyond the ordinary is cut before the level learns from it, so an outbreak doesn't hide what follows it; only
where the level has shifted and stays, it is learned anew.
"""

import numpy as np

from indexer.alerts.statistics import season
from indexer.alerts.statistics.counts import Floats

MEMORIES = np.array([512.0, 128.0, 32.0, 8.0, 2.0])
"""Half-lives of the level, in windows."""
CUT = 3.0
"""Standard deviations beyond which a window teaches no more."""
WIDEN = 1.3
NARROW = WIDEN ** (-1 / 150)
WIDEST = 4.0
APART = 12
"""How the cut widens where runs of windows beyond it begin more often than once in 150, as a series that is wild by
nature has them; it narrows again where they don't. A run begins APART windows after the last."""
FEW = 5.0
"""Mean below which the variance of counts depends on the mean, whatever the past says."""
FIRST = 8
"""Known windows from which a series' first level and variance are taken; they are not judged."""
SPREAD_MEMORY = 0.5 ** (1 / 512)
HANDICAP = 0.15
"""By how much a shorter memory must predict better than the next longer one."""
PRIOR = 10.0
"""Squared means of counts (and half the counts) after which it is the data rather than a guess that says how much more
than by chance counts vary. The guess: a negative binomial of size 5, and chance alone.
"""


class Lanes:
    """Stretches side by side: (windows, lanes x series), unknown behind the end of each."""

    def __init__(self, length: int, series: int, lanes: int) -> None:
        self.series = series
        self.values = np.full((length, lanes * series), np.nan)
        self.scale = np.ones((length, lanes * series))
        self.doubt = np.ones((length, lanes * series))
        self.leverage = np.zeros((length, lanes * series))
        self.special = np.zeros((length, lanes * series), dtype=bool)

    def fill(self, lane: int, values: Floats, exposure: Floats, shape: season.Shape) -> None:
        where = slice(0, len(values)), slice(lane * self.series, (lane + 1) * self.series)
        self.values[where], self.scale[where] = values, exposure * shape.factor
        self.doubt[where], self.leverage[where], self.special[where] = shape.doubt, shape.leverage, shape.special


class Run:
    """One pass over lanes. Arrays end in columns: levels are (memories, columns), variances (views, kinds, columns)."""

    def __init__(self, lanes: Lanes, counted: bool, shift: int) -> None:
        n, columns = lanes.values.shape
        self.values, self.scale, self.special = lanes.values, lanes.scale, lanes.special
        self.doubt, self.leverage = lanes.doubt, lanes.leverage
        self.one, self.shift = float(counted), shift
        self.known = ~np.isnan(self.values)
        self.cut = np.zeros((n, columns))
        self.mean, self.variance, self.constant = (np.zeros((n, 2, columns)) for _ in range(3))
        level, variance = self._first()
        self.least = np.maximum((0.02 * level) ** 2, 1e-12)
        """Variance below which quantities that are no counts never go."""
        self.weight = np.tile(2 * np.maximum(self.scale[:24].mean(axis=0), 1e-9), (len(MEMORIES), 1))
        self.told = level * self.weight
        """A level is `told` over `weight`."""
        self.squares, self.bases = np.zeros((2, 3, columns)), np.zeros((2, 3, columns))
        """A kind of variance is `squares` over `bases`: constant, by the mean, by its square."""
        self.squares[:] = 4 * variance
        self.bases[:] = 4 * np.stack([np.ones(columns), level, level**2])
        if counted:
            self.squares[:, 2] = 4 * np.maximum(variance - level, 0.1 * level**2) + 0.2 * PRIOR
            self.squares[:, 1] += 2 * PRIOR
            self.bases[:, 1:] += np.array([2 * PRIOR, PRIOR])[:, None]
        self.misfit = np.zeros((2, 3, columns))
        self.loss = np.zeros((len(MEMORIES), columns))
        self.count = np.zeros(columns)
        self.held = np.full(columns, shift)
        """Windows since the level was learned anew."""

    def _first(self) -> tuple[Floats, Floats]:
        """Level and variance of the first windows, which are not judged."""
        first = self.known & (np.cumsum(self.known, axis=0) <= FIRST)
        y, scale = np.where(first, self.values, 0), np.where(first, self.scale, 0)
        level = np.maximum((y.sum(axis=0) + self.one / 2) / np.maximum(scale.sum(axis=0), 1e-9), 1e-9)
        variance = np.sum((y - level * scale) ** 2, axis=0) / np.maximum(first.sum(axis=0), 1)
        return level, np.maximum(variance, np.where(self.one, level, 4e-4 * level**2 + 1e-12))

    def go(self) -> None:
        columns = np.arange(self.values.shape[1])
        handicap = (1 + HANDICAP * np.arange(len(MEMORIES)))[:, None]
        fade = (0.5 ** (1 / MEMORIES))[:, None]
        width: Floats = np.ones(len(columns))
        since = np.full(len(columns), APART)
        doubtful = self.doubt.min(axis=1) < 1
        for t in range(len(self.values)):
            known, scale, leverage = self.known[t], self.scale[t], self.leverage[t]
            every = self.told / self.weight
            if self.one:
                every = np.maximum(every, 0.5 / (np.minimum(self.count, 500) + 1))
            best = (self.loss * handicap).argmin(axis=0)
            means = np.maximum(every * scale, 1e-12)
            views = np.stack([means[best, columns], means[0]])
            variances = self._variances(views)
            chosen = self.misfit.argmin(axis=1)
            variance = np.take_along_axis(variances, chosen[:, None], axis=1)[:, 0]
            unsure = 1 + 1 / np.minimum(self.count + 1, MEMORIES[np.stack([best, 0 * best])])
            variance = variance * unsure * ((1 + leverage) / (1 - leverage))
            reach = CUT * width * np.sqrt(variance)
            seen = np.where(known, self.values[t], views[0])
            cut = np.minimum(np.maximum(seen, views - reach), views + reach + self.one)
            self.mean[t], self.variance[t], self.constant[t] = views, variance, chosen == 0
            far = 2 * (reach[0] + self.one)
            self.cut[t] = np.minimum(np.maximum(seen, views[0] - far), views[0] + far)
            beyond = known & (cut[0] != seen)
            begins = beyond & (since > APART)
            width = np.clip(width * np.where(begins, WIDEN, np.where(known, NARROW, 1.0)), 1.0, WIDEST)
            since = np.where(beyond, 0, since + known)
            sure = known & ~self.special[t]
            trust = np.minimum(1, (reach + self.one) / np.maximum(np.abs(seen - views), 1e-12))
            self._learn(sure * trust, cut, views, variances, leverage)
            y = cut[0]
            if doubtful[t]:
                y = np.where(seen < views[0], np.minimum(seen / self.doubt[t], views[0]), y)
                y = np.maximum(y, views[0] - reach[0])
            spread = self.squares[0, 1] / self.bases[0, 1]
            self.loss += known * np.minimum(2 * _deviance(y, means, reach[0] / views[0], self.one) / spread, CUT**2)
            self.told = np.where(known, self.told * fade + y, self.told)
            self.weight = np.where(known, self.weight * fade + scale, self.weight)
            self.count += known
            self.held += 1
            if t >= self.shift and t % max(self.shift // 8, 1) == 0:
                self._shift(t + 1)

    def _variances(self, views: Floats) -> Floats:
        """By each of the three kinds, (2, 3, columns)."""
        variances = self.squares / self.bases
        variances[:, 1] *= views
        variances[:, 2] *= views**2
        if not self.one:
            return np.maximum(variances, np.maximum(self.least, (0.02 * views) ** 2)[:, None])
        variances[:, 2] += views
        variances[:, 0] = np.where(views < FEW, variances[:, 1], variances[:, 0])
        return np.maximum(variances, views[:, None])

    def _learn(self, trust: Floats, cut: Floats, views: Floats, variances: Floats, leverage: Floats) -> None:
        """How the values vary around both views; `trust` (views, columns) is what a window counts."""
        residual = (cut - views) ** 2 / (1 - leverage)
        keep = np.where(trust[0] > 0, SPREAD_MEMORY, 1.0)
        for it in (self.misfit, self.squares, self.bases, self.loss):
            it *= keep
        self.misfit += trust[:, None] * (np.log(variances) + residual[:, None] / variances)
        self.squares += (trust * residual)[:, None]
        self.squares[:, 2] = np.maximum(self.squares[:, 2] - self.one * trust * views, 0)
        self.bases[:, 0] += trust
        self.bases[:, 1] += trust * views
        self.bases[:, 2] += trust * views**2

    def _shift(self, end: int) -> None:
        """Where the level has moved and stayed, in each quarter of `shift` windows: the latter half is the level."""
        half, quarter = end - self.shift // 2, self.shift // 4
        moved = self.held >= self.shift
        up, down = moved, moved
        for begin in range(end - 4 * quarter, end, quarter):
            part = slice(begin, begin + quarter)
            known = self.known[part] & (self.doubt[part] > 0.99)
            excess = np.sum((self.cut[part] - self.mean[part, 0]) * known, axis=0)
            reach = 3 * np.sqrt(np.sum(self.variance[part, 0] * known, axis=0))
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
