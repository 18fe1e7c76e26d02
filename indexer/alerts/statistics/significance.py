"""How unlikely a count is: tails of the negative binomial and its relatives, and many tests at once."""

import numpy as np
from scipy import special

from indexer.alerts.statistics.counts import Floats

LEAST = 1e-300


def upper_tail(values: Floats, mean: Floats, variance: Floats, counted: bool, constant: Floats) -> Floats:
    """P(Y >= value). Counts: negative binomial of that mean and variance (Poisson where the variance is the mean);
    other quantities: normal where `constant`, else gamma. The arrays have one shape.
    """
    if counted:
        return _count_tail(values, mean, variance)
    z = (values - mean) / np.sqrt(variance)
    shape = mean**2 / variance
    gamma = special.gammaincc(np.minimum(shape, 1e8), np.maximum(values, 0) * mean / variance)
    tail: Floats = np.maximum(np.where((constant > 0) | (shape > 1e6), special.ndtr(-z), gamma), LEAST)
    return tail


def lower_tail(values: Floats, mean: Floats, variance: Floats, counted: bool, constant: Floats) -> Floats:
    """P(Y <= value), by the same distributions."""
    if counted:
        return np.maximum(1 - _count_tail(values + 1, mean, variance), LEAST)
    return np.maximum(1 - upper_tail(values, mean, variance, counted, constant), LEAST)


def _count_tail(values: Floats, mean: Floats, variance: Floats) -> Floats:
    value = np.maximum(values, 0)
    extra = variance - mean
    poisson = extra <= 1e-6 * mean
    size = mean**2 / np.where(poisson, 1.0, extra)
    tail: Floats = np.where(
        poisson,
        special.gammainc(np.maximum(value, 1e-9), mean),
        special.betainc(np.maximum(value, 1e-9), size, np.clip(extra / variance, 0, 1)),
    )
    return np.maximum(np.where(value <= 0, 1.0, tail), LEAST)


def quantile(z: float, mean: Floats, variance: Floats) -> Floats:
    """The value of that normal score in a gamma distribution (Wilson and Hilferty 1931): the band that is drawn."""
    third = np.sqrt(variance) / np.maximum(np.abs(mean), 1e-12) / 3
    return np.where(third < 1, mean * np.maximum(1 - third**2 + z * third, 0) ** 3, mean + z * np.sqrt(variance))


def normal_score(p: Floats) -> Floats:
    """The standard normal value with that upper tail."""
    score: Floats = -special.ndtri(p)
    return score


def p_of(score: Floats) -> Floats:
    """The upper tail of a standard normal value."""
    p: Floats = np.maximum(special.ndtr(-score), LEAST)
    return p


def for_few(score: Floats, seen: Floats) -> Floats:
    """The score of a value whose variance was learned from `seen` windows: what Student's t says of it, nearly."""
    freedom = np.maximum(seen, 2.0)
    size: Floats = np.sqrt(freedom * np.log1p(score**2 / freedom))
    return np.copysign(size, score)


def false_discovery(p: Floats) -> Floats:
    """q-values over the first axis (Benjamini and Hochberg 1995); nan stays, and counts as no test."""
    order = np.argsort(p, axis=0)
    ranked = np.take_along_axis(p, order, axis=0)
    tests = (~np.isnan(p)).sum(axis=0)
    q = ranked * tests / np.arange(1, len(p) + 1).reshape(-1, *[1] * (p.ndim - 1))
    q = np.fmin.accumulate(q[::-1], axis=0)[::-1]
    found = np.empty_like(p)
    np.put_along_axis(found, order, np.minimum(q, 1), axis=0)
    return np.where(np.isnan(p), np.nan, found)
