"""Season: how much more or less than the level a window of the day, the week or the year usually has.

A factor for each bin of each cycle, learned one cycle after the other from ratios to a moving average (classical
decomposition). Each is shrunk towards 1 by as much as chance explains it: a one-way analysis of variance compares the
bins with the spread of one bin from cycle to cycle (empirical Bayes; Efron and Morris 1975). So a cycle that the data
don't show leaves no trace, and few data say little. Past outbreaks are cut to what is ordinary for their windows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from indexer.alerts.statistics.counts import Floats
from indexer.alerts.statistics.cycles import ORDINARY, Cycle, Ints

CUT = 2.5
"""Standard deviations beyond which a past window counts no more (2.58 in Noufaily et al. 2013)."""


@dataclass(frozen=True)
class Shape:
    """What the season makes of windows, each (windows, series)."""

    factor: Floats
    doubt: Floats
    """By how much less it may be, 1 on ordinary days: a low count on a special day says nothing of the level."""
    leverage: Floats
    special: NDArray[np.bool_]
    """Where the day may be like another: it teaches nothing of how windows vary."""


@dataclass(frozen=True)
class Learned:
    """What one cycle has shown, (bins, series) each."""

    cycle: Cycle
    most: Floats
    least: Floats
    """The factor lies between; both are the same where it is known."""
    leverage: Floats
    """The weight that one window has in the factor of its own bin."""


@dataclass(frozen=True)
class Season:
    """The learned factors."""

    learned: tuple[Learned, ...] = ()

    def at(self, windows: slice) -> Shape:
        """The shape of these windows. Where there is doubt, the larger factor: an alert should not rest on a guess."""
        most = [np.ones((1, 1)), np.ones((1, 1))]
        least = [np.ones((1, 1)), np.ones((1, 1))]
        leverage = np.zeros((1, 1))
        for it in self.learned:
            for way, bins in enumerate((it.cycle.bin[windows], it.cycle.instead[windows])):
                most[way] = most[way] * it.most[bins]
                least[way] = least[way] * it.least[bins]
            leverage = leverage + it.leverage[it.cycle.bin[windows]]
        factor = np.maximum(*most)
        doubt = np.maximum(np.minimum(*least), 1e-9) / np.maximum(factor, 1e-9)
        return Shape(factor, np.maximum(doubt, 0.01), np.minimum(leverage, 0.5), most[0] != most[1])


def learn(values: Floats, exposure: Floats, cycles: tuple[Cycle, ...], fewest: float) -> Season:
    """The season of past windows. `values` (windows, series) with nan, `exposure` of the same shape.

    `fewest` is 1 for counts and 0 for other quantities: the least variance for a mean of 1.
    """
    n = len(values)
    known = ~np.isnan(values) & (exposure > 0)
    y, base = np.where(known, values, 0.0), np.where(known, exposure, 0.0)
    ordinary = _is_ordinary(cycles, n)
    season = Season()
    for cut in (False, True):
        if cut:
            y = _ordinary(y, base * season.at(slice(0, n)).factor, cycles, fewest)
        season = Season()
        for cycle in cycles:
            if n < cycle.length or (n < 2 * cycle.length and not cycle.once):
                continue
            fit = base * season.at(slice(0, n)).factor
            usual = fit * _moving_average(y, fit, cycle.length)
            weight = 0.5 ** (np.arange(n, 0, -1.0) / cycle.half_life) * (1 if cycle.special else ordinary)
            if n < 2 * cycle.length:
                season = Season((*season.learned, _seen_once(y, usual, cycle, fewest)))
            else:
                season = Season((*season.learned, _bins(y, usual, weight[:, None], cycle, fewest)))
    return season


def _seen_once(y: Floats, usual: Floats, cycle: Cycle, fewest: float) -> Learned:
    """A cycle that was seen once may come again or not: between what it showed and nothing."""
    into = _sums_of(cycle.bin[: len(y)], cycle.bins)
    sums, means = into @ y, into @ usual
    if cycle.smooth:
        near = _neighbours(cycle.bins, cycle.smooth)
        sums, means = near @ sums, near @ means
    ratio = np.where(means > 0, (sums + 4 * fewest) / np.maximum(means + 4 * fewest, 1e-12), 1.0)
    around = np.stack([np.roll(ratio, by, axis=0) for by in range(-cycle.smooth, cycle.smooth + 1)])
    most, least = np.maximum(around.max(axis=0), 1), np.minimum(around.min(axis=0), 1)
    return Learned(cycle, most, least, np.zeros_like(ratio))


def _bins(y: Floats, usual: Floats, weight: Floats, cycle: Cycle, fewest: float) -> Learned:
    """The shrunk factor of each bin."""
    n = len(y)
    starts = np.flatnonzero(np.diff(cycle.run[:n], prepend=-1))
    bin = cycle.bin[:n][starts]
    told = np.add.reduceat(y, starts, axis=0)
    expected = np.add.reduceat(usual, starts, axis=0)
    weight = weight[starts] * (expected > 0)
    into = _sums_of(bin, cycle.bins)
    sums, means = into @ (weight * told), into @ (weight * expected)
    squares, seen = into @ (weight**2 * expected), into @ (weight > 0).astype(float)
    windows = _sums_of(cycle.bin[:n], cycle.bins) @ (usual > 0).astype(float)
    freedom = np.sum(weight * (1 - _divide(np.ones_like(seen), seen, 1.0)[bin]), axis=0)
    for _ in range(2):
        ratio = _divide(sums, means, 1.0)
        usual = expected * ratio[bin]
        noise = _noise(told - usual, expected, weight, freedom, fewest)
        reach = CUT * np.sqrt(np.where(np.isfinite(noise), noise, 0) * expected) + fewest
        told = np.clip(told, usual - reach, usual + reach)
        sums = into @ (weight * told)
    if cycle.smooth:
        near = _neighbours(cycle.bins, cycle.smooth)
        sums, means, squares, seen = near @ sums, near @ means, near.multiply(near) @ squares, near @ seen
        ratio = _divide(sums, means, 1.0)
    chance = np.where(np.isfinite(noise), noise, 0) * _divide(squares, means**2, 0.0)
    share = _divide(means, means.sum(axis=0), 0.0)
    between = np.sum(share * ((ratio - 1) ** 2 - chance), axis=0)
    luck = 3 * np.sqrt(np.sum(2 * (share * chance) ** 2, axis=0))
    between = np.where(np.isfinite(noise) & (between > luck), between, 0)
    shrink = np.where((seen >= 2) & (between > 0), _divide(between, between + chance, 0.0), 0.0)
    factor = 1 + shrink * (ratio - 1)
    return Learned(cycle, factor, factor, _divide(shrink, windows, 0.0))


def _noise(rest: Floats, expected: Floats, weight: Floats, freedom: Floats, fewest: float) -> Floats:
    """The variance of what is left for an expectation of 1, without the pull of the few that are far out."""
    root = np.sqrt(expected)
    rest = _divide(np.abs(rest), root, 0.0)
    slack = _divide(np.full_like(root, fewest), root, 0.0)
    noise = _divide(np.einsum("ij,ij->j", weight * rest, rest), freedom, np.inf)
    for _ in range(3):
        cut = np.minimum(rest, CUT * np.sqrt(np.where(np.isfinite(noise), noise, 0)) + slack)
        noise = np.maximum(_divide(np.einsum("ij,ij->j", weight * cut, cut), freedom, np.inf), fewest)
    return noise


def _ordinary(y: Floats, fit: Floats, cycles: tuple[Cycle, ...], fewest: float) -> Floats:
    """`y` without what lies beyond the ordinary around season and level, the level of two of the longer cycles, so that
    an outbreak of a day or two is no level.
    """
    lengths = [cycle.length for cycle in cycles if np.isfinite(cycle.half_life)] or [cycle.length for cycle in cycles]
    for _ in range(2):
        expected = fit * _moving_average(y, fit, 2 * max(lengths, default=len(y)))
        noise = _noise(y - expected, expected, np.ones((1, 1)), np.full(y.shape[1], float(len(y))), fewest)
        reach = CUT * np.sqrt(noise * expected) + fewest
        y = np.clip(y, expected - reach, expected + reach)
    return y


def _moving_average(y: Floats, fit: Floats, length: int) -> Floats:
    """The level around each window: what `length` windows told over what the season alone would tell."""
    n = len(y)
    length = min(length, n)
    low = np.clip(np.arange(n) - length // 2, 0, n - length)
    told, expected = (np.concatenate([np.zeros((1, it.shape[1])), np.cumsum(it, axis=0)]) for it in (y, fit))
    return _divide(told[low + length] - told[low], expected[low + length] - expected[low], 0.0)


def _is_ordinary(cycles: tuple[Cycle, ...], n: int) -> Floats:
    special = next((cycle.bin[:n] for cycle in cycles if cycle.special), None)
    return np.ones(n) if special is None else (special == ORDINARY).astype(float)


def _sums_of(bin: Ints, bins: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(bin)), (bin, np.arange(len(bin)))), shape=(bins, len(bin)))


def _neighbours(bins: int, reach: int) -> sparse.csr_matrix:
    """A circular triangular kernel."""
    offsets = np.arange(-reach, reach + 1)
    rows = np.repeat(np.arange(bins), len(offsets))
    columns = (rows + np.tile(offsets, bins)) % bins
    return sparse.csr_matrix((np.tile(1 - np.abs(offsets) / (reach + 1), bins), (rows, columns)), shape=(bins, bins))


def _divide(above: Floats, below: Floats, otherwise: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, otherwise)
