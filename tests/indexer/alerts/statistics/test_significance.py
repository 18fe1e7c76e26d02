"""Tails and false discovery rates are those of the textbook."""

import numpy as np
import pytest
from scipy import stats

from indexer.alerts.statistics import significance


@pytest.mark.parametrize("mean", [0.01, 0.5, 20, 1e4])
def test_tails_of_counts(mean: float) -> None:
    value = np.array([0, 1, 2, 5, 30, 15_000])
    zero = np.zeros(6)
    poisson = significance.upper_tail(value, np.full(6, mean), np.full(6, mean), True, zero)
    np.testing.assert_allclose(poisson, np.maximum(stats.poisson.sf(value - 1, mean), significance.LEAST), rtol=1e-6)
    variance = mean + 0.3 * mean**2
    over = significance.upper_tail(value, np.full(6, mean), np.full(6, variance), True, zero)
    exact = stats.nbinom.sf(value - 1, 1 / 0.3, mean / variance)
    np.testing.assert_allclose(over, np.maximum(exact, significance.LEAST), rtol=1e-4)
    lower = significance.lower_tail(value, np.full(6, mean), np.full(6, variance), True, zero)
    np.testing.assert_allclose(lower, stats.nbinom.cdf(value, 1 / 0.3, mean / variance), rtol=1e-4, atol=1e-12)


def test_tails_of_quantities() -> None:
    value, mean, variance = np.array([1.0, 3.0, 9.0]), np.full(3, 2.0), np.full(3, 1.5)
    gamma = significance.upper_tail(value, mean, variance, False, np.zeros(3))
    np.testing.assert_allclose(gamma, stats.gamma.sf(value, 4 / 1.5, scale=0.75), rtol=1e-6)
    normal = significance.upper_tail(value, mean, variance, False, np.ones(3))
    np.testing.assert_allclose(normal, stats.norm.sf(value, 2, 1.5**0.5), rtol=1e-6)


def test_the_band_is_near_the_quantile() -> None:
    upper = significance.quantile(2.576, np.array([10.0]), np.array([20.0]))
    assert upper == pytest.approx(stats.gamma.ppf(0.995, 5, scale=2), rel=0.02)


def test_false_discovery_rate_is_benjamini_and_hochbergs() -> None:
    p = np.random.default_rng(0).random((50, 3)) ** 3
    p[7, 1] = np.nan
    q = significance.false_discovery(p)
    np.testing.assert_allclose(q[:, 0], stats.false_discovery_control(p[:, 0]))
    known = ~np.isnan(p[:, 1])
    np.testing.assert_allclose(q[known, 1], stats.false_discovery_control(p[known, 1]))
    assert np.isnan(q[7, 1])
