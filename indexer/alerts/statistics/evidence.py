"""Evidence: how far each window, or the span of windows that ends with it, lies beyond what was expected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.alerts.statistics import significance
from indexer.alerts.statistics.counts import Floats
from indexer.alerts.statistics.expectation import Expectation
from indexer.alerts.statistics.sensitivity import Bounds, Kind

SPANS = (1, 3, 8, 24)
"""How many windows are judged together."""
GOES_ON = 0.4
"""Share of a span's excess, in standard deviations, that its last third must have: what is over alerts no more."""
TRIES = 2.0
"""Independent tests that the overlapping spans amount to."""
MEMORY = 700
"""Windows that the variance is told from at most, as degrees of freedom."""
MOST = 36.0
"""The largest limit; what lies beyond can no longer be told apart."""
APART = 12
"""Windows between two passings of a limit that make them two."""


@dataclass(frozen=True)
class Evidence:
    """All (windows, series)."""

    score: Floats
    """The normal score of the span that says most; 0 where the window is not above what was expected."""
    slight: Floats
    """The same with spans in which too little was counted to speak of."""
    unusual: Floats
    """The normal score of the window against the longest memory."""
    span: NDArray[np.int_]
    """How many windows the span has that says most; 1 where none does."""


def weigh(found: Expectation, counted: bool, silent: int, bounds: Bounds, kind: Kind = "spike") -> Evidence:
    """Windows before which fewer than `silent` are known have no score. Of drops, read "below" for "above"."""
    sign = 1 if kind == "spike" else -1
    known = ~np.isnan(found.values)
    values = np.where(known, found.values, 0)
    mean, variance, constant = found.mean[:, 0], found.variance[:, 0], found.constant[:, 0]
    sums = [_running(np.where(known, it, 0)) for it in (found.cut, mean, variance)]
    best, any_span = np.ones_like(values), np.ones_like(values)
    chosen = np.ones(values.shape, dtype=int)
    for span in SPANS:
        if span == 1:
            told, usual, spread = values, np.where(known, mean, 0), np.where(known, variance, 0)
            tails = _tails(told, usual, spread, counted, constant, sign)
        else:
            told, usual, spread = (_rolling(it, span) for it in sums)
            spread = spread * _clumping(told, usual, spread, known)
            lately, before, part = (_rolling(it, -(-span // 3)) for it in sums)
            goes_on = sign * (lately - before) * np.sqrt(spread) > GOES_ON * sign * (told - usual) * np.sqrt(part)
            tails = np.where(goes_on, _tails(told, usual, spread, counted, constant, sign), 1.0)
        more, less = (told, usual) if kind == "spike" else (usual, told)
        matters = more >= bounds.rise * less
        if counted:
            matters &= (more > bounds.least - 0.01) & (more - less >= 1)
        any_span = np.minimum(any_span, tails)
        chosen[matters & (tails < best)] = span
        best = np.minimum(best, np.where(matters, tails, 1.0))
    slow = _tails(values, found.mean[:, 1], found.variance[:, 1], counted, found.constant[:, 1], sign)
    judged = known & (found.seen >= silent)
    freedom = np.minimum(found.seen, MEMORY)
    beyond = judged & (sign * (found.values - mean) > 0)
    score, slight, unusual = (
        np.where(where, significance.for_few(significance.normal_score(np.minimum(p, 0.5)), freedom), 0)
        for p, where in ((best * TRIES, beyond), (any_span * TRIES, beyond), (slow, judged))
    )
    return Evidence(score, slight, unusual, chosen)


def limits(score: Floats, least: float, rare: float) -> Floats:
    """What each window's score must reach: more where the series has passed `least` more than once in `rare` windows
    before. A run of high scores is one passing, and the first two passings are free.
    """
    count = np.maximum(np.arange(len(score), dtype=float), 1)[:, None]
    limit = np.full(score.shape, least)
    for edge in np.arange(least, MOST, 0.5):
        wild = np.flatnonzero((score >= edge).sum(axis=0) > 2)
        if not len(wild):
            break
        above = score[:, wild] >= edge
        lately = _rolling(_running(above), APART + 1)
        lately[:APART] = np.cumsum(above, axis=0)[:APART]
        passings = np.cumsum(above & (lately == 1), axis=0)
        before = np.concatenate([np.zeros((1, len(wild))), passings[:-1]])
        limit[:, wild] = np.where(np.maximum(before - 2, 0) / count > 1 / rare, edge + 0.5, limit[:, wild])
    return limit


def held_up(score: Floats, unusual: Floats, limit: Floats, calm: int) -> Floats:
    """The score where what has passed its limit stays unusual although the level begins to follow it."""
    held = score.copy()
    since = np.full(score.shape[1], calm + 1)
    for t in range(len(score)):
        stays = (since <= calm) & (unusual[t] >= 0.75 * limit[t])
        held[t] = np.where(stays, np.maximum(score[t], unusual[t]), score[t])
        since = np.where((score[t] >= limit[t]) | stays, 0, since + 1)
    return held


def over(values: Floats, span: NDArray[np.int_]) -> Floats:
    """Sums over the `span` windows that end with each; (windows, series), what is unknown counts nothing."""
    sums = _running(np.nan_to_num(values))
    ends = np.arange(1, len(values) + 1)[:, None]
    begins = np.maximum(ends - span, 0)
    return np.take_along_axis(sums, ends, axis=0) - np.take_along_axis(sums, begins, axis=0)


def _running(values: Floats | NDArray[np.bool_]) -> Floats:
    """Running sums with a zero in front."""
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=float)])


def _rolling(sums: Floats, span: int) -> Floats:
    """Sums over the `span` windows that end with each, from running sums; 0 where there are fewer."""
    n = len(sums) - 1
    return np.concatenate([np.zeros((min(span - 1, n), sums.shape[1])), sums[span:] - sums[:-span]])


def _tails(told: Floats, expected: Floats, spread: Floats, counted: bool, constant: Floats, sign: int) -> Floats:
    """Upper (lower, where `sign` is -1) tails, worked out where they may matter; 1 elsewhere."""
    matter = (spread > 0) & (sign * (told - expected) > np.sqrt(spread))
    tail = significance.upper_tail if sign > 0 else significance.lower_tail
    tails = np.ones_like(told)
    if matter.any():
        tails[matter] = tail(told[matter], expected[matter], spread[matter], counted, constant[matter])
    return tails


def _clumping(told: Floats, expected: Floats, spread: Floats, known: NDArray[np.bool_]) -> Floats:
    """How much more sums of neighbouring windows vary than if each were by itself; so far, 1 at least."""
    with np.errstate(divide="ignore", invalid="ignore"):
        square = np.where(known & (spread > 0), np.minimum((told - expected) ** 2 / spread, 9.0), 0.0)
    so_far = np.cumsum(square, axis=0) - square
    count: Floats = np.cumsum(known, axis=0, dtype=float) - known
    return np.maximum((so_far + 20) / (count + 20), 1.0)
