"""Spikes: counts that rise beyond the ordinary. Pure functions over arrays; nothing here looks ahead.

A window is judged by itself and together with the windows before it (up to 24), so that a slow rise is found as well
as a sudden one; in a longer sum no single window carries more than its ordinary share.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexer.alerts import level, significance
from indexer.alerts.counts import Counts, Floats
from indexer.alerts.cycles import cycles_of
from indexer.alerts.sensitivity import BOUNDS, Sensitivity

Kind = Literal["spike", "drop"]

SPANS = (1, 3, 8, 24)
"""How many windows are judged together."""
GOES_ON = 0.4
"""Share of a span's excess, in standard deviations, that its last third must have: what is over alerts no more."""
TRIES = 2.0
"""Independent tests that the overlapping spans amount to."""


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
    sensitivity: Sensitivity


def judge(counts: Counts, windows: int | None = None, sensitivity: Sensitivity = "normal") -> Judged:
    """Judge the last `windows` (all where None) of every series, each by what came before it."""
    bounds = BOUNDS[sensitivity]
    n = counts.windows
    windows = n if windows is None else min(windows, n)
    values = np.ascontiguousarray(counts.values.T, dtype=float)
    exposure = (
        np.ones_like(values)
        if counts.exposure is None
        else np.ascontiguousarray(np.broadcast_to(counts.exposure, counts.values.shape).T, dtype=float)
    )
    counted = is_counted(counts.values)
    base = np.zeros(values.shape[1])
    if not counted:
        with np.errstate(all="ignore"):
            base = np.minimum(np.nan_to_num(np.nanmin(values, axis=0)), 0.0) if values.size else base
    cycles = cycles_of(counts)
    found = level.expect(values - base, exposure, cycles, counted, shift_of(counts.step), windows)
    scores = _scores(found, counted, warm_up(counts.step))
    limit = _limits(scores, bounds.score)
    tail = slice(n - windows, n)
    strength = (scores / limit)[tail]
    value, mean = values[tail], found.mean[tail] + base
    excess = value - mean
    enough = excess >= (bounds.rise - 1) * np.abs(mean)
    if counted:
        enough &= (value >= bounds.least) & (excess >= 1)
    strength = np.where(enough, strength, np.minimum(strength, 0.8))
    unknown = np.isnan(found.values[tail])
    p = np.where(unknown, np.nan, significance.p_of(scores[tail] * bounds.score / limit[tail]))
    q = significance.false_discovery(p.T)
    upper, lower = (significance.quantile(z, found.mean[tail], found.variance[tail]) + base for z in (2.576, -2.576))
    strength = np.where(unknown, 0.0, strength)
    spike = (strength >= 1) & (bounds.discovery >= q.T)
    return Judged(
        counts,
        n - windows,
        mean.T,
        lower.T,
        upper.T,
        p.T,
        q,
        excess.T,
        strength.T,
        score_of(strength).T,
        spike.T,
        sensitivity,
    )


def score_of(strength: Floats) -> Floats:
    """0 to 1 from a strength; 0.5 at 1."""
    return np.round(1 / (1 + np.exp(-7 * (np.clip(strength, 0, 20) - 1))), 6)


def is_counted(values: Floats) -> bool:
    """Whether these are counts: whole numbers, none below zero."""
    known = values[~np.isnan(values)]
    return bool(np.all((known >= 0) & (known == np.floor(known))))


def shift_of(step: timedelta) -> int:
    """Windows after which a level that stays is the new one: two days, 12 windows at least and 96 at most."""
    return int(np.clip(round(timedelta(days=2) / step), 12, 96))


def warm_up(step: timedelta) -> int:
    """Known windows before the first verdict: a day, 12 windows at least and 288 at most."""
    return int(np.clip(round(timedelta(days=1) / step), 12, 288))


def _scores(found: level.Expectation, counted: bool, silent: int) -> Floats:
    """The normal score of each window, by the span that says most; (windows, series)."""
    known = ~np.isnan(found.values)
    zero = np.zeros((1, known.shape[1]))
    mean, variance = np.where(known, found.mean, 0), np.where(known, found.variance, 0)
    cut = np.where(known, found.cut, 0)
    sums = [np.concatenate([zero, np.cumsum(it, axis=0)]) for it in (cut, mean, variance)]
    best = np.ones_like(mean)
    for span in SPANS:
        if span == 1:
            told, expected, spread = np.where(known, found.values, 0), mean, variance
        else:
            told, expected, spread = (_rolling(it, span) for it in sums)
            spread = spread * _clumping(told, expected, spread, known)
        tails = _tails(told, expected, spread, counted, found.constant)
        if span > 1:
            lately, usual, part = (_rolling(it, -(-span // 3)) for it in sums)
            goes_on = (lately - usual) * np.sqrt(spread) > GOES_ON * (told - expected) * np.sqrt(part)
            tails = np.where(goes_on, tails, 1.0)
        best = np.minimum(best, tails)
    score = significance.normal_score(np.minimum(best * TRIES, 0.5))
    score = significance.for_few(score, np.minimum(found.seen, 700))
    raised = known & (found.values > found.mean) & (found.seen >= silent)
    return np.where(raised, np.maximum(score, 0), 0.0)


def _rolling(sums: Floats, span: int) -> Floats:
    """Sums over the `span` windows that end with each, from running sums with a zero in front; 0 before the first."""
    n = len(sums) - 1
    return np.concatenate([np.zeros((min(span - 1, n), sums.shape[1])), sums[span:] - sums[:-span]])


def _tails(told: Floats, expected: Floats, spread: Floats, counted: bool, constant: Floats) -> Floats:
    """Upper tails, worked out where they may matter; 1 elsewhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        matter = (spread > 0) & (told - expected > np.sqrt(spread))
    tails = np.ones_like(told)
    if matter.any():
        tails[matter] = significance.upper_tail(
            told[matter], expected[matter], spread[matter], counted, constant[matter]
        )
    return tails


def _clumping(told: Floats, expected: Floats, spread: Floats, known: NDArray[np.bool_]) -> Floats:
    """How much more sums of neighbouring windows vary than if each were by itself; so far, 1 at least."""
    with np.errstate(divide="ignore", invalid="ignore"):
        square = np.where(known & (spread > 0), np.minimum((told - expected) ** 2 / spread, 9.0), 0.0)
    so_far = np.cumsum(square, axis=0) - square
    count: Floats = np.cumsum(known, axis=0, dtype=float) - known
    return np.maximum((so_far + 20) / (count + 20), 1.0)


EDGES = np.arange(2.5, 14.0, 0.5)
RARE = 300
"""Windows in which an ordinary series may pass its limit once."""


def _limits(scores: Floats, least: float) -> Floats:
    """What each window's score must reach: more where the series has often passed `least` before, three times as much
    at most. A run of high scores is one passing, and the first two passings are free.
    """
    n = len(scores)
    count = np.maximum(np.arange(n), 1)[:, None]
    limit = np.full(scores.shape, least)
    for edge in EDGES[(least <= EDGES) & (3 * least > EDGES)]:
        above = scores >= edge
        recent = np.cumsum(above, axis=0)
        before = np.concatenate([np.zeros((min(12, n), scores.shape[1])), recent[:-12]])[:n]
        new = above & (recent - above - np.concatenate([np.zeros((1, scores.shape[1])), before[:-1]]) <= 0)
        passings = np.cumsum(new, axis=0) - new
        limit = np.where(np.maximum(passings - 2, 0) / count > 1 / RARE, np.minimum(edge + 0.5, 3 * least), limit)
    return limit
