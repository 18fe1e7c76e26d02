"""Spikes: counts that rise beyond the ordinary. Pure functions over arrays; nothing here looks ahead.

A window is judged by itself and together with the windows before it (up to 24), so that a slow rise is found as well
as a sudden one; in a longer sum no single window carries more than its ordinary share.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from indexer.alerts.statistics import evidence, significance
from indexer.alerts.statistics.counts import Counts, Floats
from indexer.alerts.statistics.cycles import cycles_of
from indexer.alerts.statistics.expectation import Expectation, expect
from indexer.alerts.statistics.sensitivity import Kind, Sensitivity, bounds_of

SLIGHT = 0.8
"""Strength that a rise too small to speak of has at most."""


@dataclass(frozen=True)
class Spans:
    """For each window the span that ends with it and says most, all (series, windows): how many windows it has, what
    was expected of them together, and what 199 of 200 such spans would stay below.
    """

    length: NDArray[np.int_]
    expected: Floats
    upper: Floats


@dataclass(frozen=True)
class Judged:
    """The verdict on windows, all (series, windows); nan where the window is unknown."""

    counts: Counts
    first: int
    """Which window of `counts` the first column is."""
    expected: Floats
    lower: Floats
    upper: Floats
    """The band that 99 of 100 ordinary windows lie in."""
    p_value: Floats
    """Of a window or of the span that ends with it; span and history are allowed for."""
    q_value: Floats
    """After the false discovery rate over the series of the window."""
    excess: Floats
    """Counted less expected."""
    strength: Floats
    """Normal score over what this series must reach; 1 and more alerts."""
    score: Floats
    """0 (ordinary) to 1; 0.5 where it alerts."""
    spike: NDArray[np.bool_]
    span: Spans
    sensitivity: Sensitivity
    kind: Kind

    def over(self, values: Floats) -> Floats:
        """Sums of (series, windows of `counts`) over the span that each window ends; unknown values count nothing."""
        length = np.ones(self.counts.values.shape, dtype=int)
        length[:, self.first :] = self.span.length
        return evidence.over(values.T, length.T).T[:, self.first :]


def judge(
    counts: Counts, windows: int | None = None, sensitivity: Sensitivity = "normal", kind: Kind = "spike"
) -> Judged:
    """Judge the last `windows` (all where None) of every series, each by what came before it.

    With `kind` drop, what falls below the ordinary instead: p-value, strength, score and `spike` tell of that.
    """
    n = counts.windows
    windows = n if windows is None else min(windows, n)
    if not counts.values.size:
        return _nothing(counts, sensitivity, kind)
    bounds = bounds_of(sensitivity, counts.step if counts.zone else timedelta(hours=1))
    counted = is_counted(counts.values)
    values = np.ascontiguousarray(counts.values.T, dtype=float)
    exposure = np.ones_like(values)
    if counts.exposure is not None:
        exposure[:] = np.broadcast_to(counts.exposure, counts.values.shape).T
    found = expect(values, exposure, cycles_of(counts), counted, shift_of(counts.step), windows)
    weighed = evidence.weigh(found, counted, warm_up(counts.step), bounds, kind)
    limit = evidence.limits(weighed.score, bounds.score, bounds.rare)
    score = evidence.held_up(weighed.score, weighed.unusual, limit, calm_after(counts.step))
    tail = slice(n - windows, n)
    mean, variance, base = found.mean[tail, 0], found.variance[tail, 0], found.base[tail]
    excess = found.values[tail] - mean
    strength = np.maximum(score / limit, np.minimum(weighed.slight / limit, SLIGHT))[tail]
    unknown = np.isnan(excess)
    p = np.where(unknown, np.nan, significance.p_of(score[tail] * bounds.score / limit[tail]))
    q = significance.false_discovery(p.T)
    lower, upper = (significance.quantile(z, mean, variance) + base for z in (-2.576, 2.576))
    strength = np.where(unknown, 0.0, strength)
    spike = (strength >= 1).T & (bounds.discovery >= q)
    usual, most = _spans(found, weighed.span)
    return Judged(
        counts=counts,
        first=n - windows,
        expected=(mean + base).T,
        lower=lower.T,
        upper=upper.T,
        p_value=p.T,
        q_value=q,
        excess=excess.T,
        strength=strength.T,
        score=np.where(unknown, 0.0, score_of(strength)).T,
        spike=spike,
        span=Spans(length=weighed.span[tail].T, expected=usual[tail].T, upper=most[tail].T),
        sensitivity=sensitivity,
        kind=kind,
    )


def _spans(found: Expectation, length: NDArray[np.int_]) -> tuple[Floats, Floats]:
    """What was expected of the span that each window ends, and the most that is ordinary, (windows, series)."""
    known = ~np.isnan(found.values)
    usual, variance, base = (
        evidence.over(np.where(known, it, np.nan), length)
        for it in (found.mean[:, 0], found.variance[:, 0], found.base)
    )
    return usual + base, significance.quantile(2.576, usual, variance) + base


def _nothing(counts: Counts, sensitivity: Sensitivity, kind: Kind) -> Judged:
    none = np.zeros(counts.values.shape)
    spans = Spans(none.astype(int), none, none)
    return Judged(counts, 0, none, none, none, none, none, none, none, none, none > 0, spans, sensitivity, kind)


def score_of(strength: Floats) -> Floats:
    """0 to 1 from a strength; 0.5 at 1."""
    return np.round(1 / (1 + np.exp(-7 * (np.clip(strength, 0, 20) - 1))), 6)


def is_counted(values: Floats) -> bool:
    """Whether these are counts: whole numbers, none below zero."""
    known = values[~np.isnan(values)]
    return bool(np.all((known >= 0) & (known == np.floor(known))))


def shift_of(step: timedelta) -> int:
    """Windows after which a level that stays is the new one: three days, 12 windows at least and 96 at most."""
    return int(np.clip(round(timedelta(days=3) / step), 12, 96))


def warm_up(step: timedelta) -> int:
    """Known windows before the first verdict: a day, 12 windows at least and 288 at most."""
    return int(np.clip(round(timedelta(days=1) / step), 12, 288))


def calm_after(step: timedelta) -> int:
    """Calm windows that end an alert: six hours, 2 windows at least and 12 at most."""
    return int(np.clip(round(timedelta(hours=6) / step), 2, 12))
