"""Series of complaint counts for tests: by day and night, quieter at weekends, counted by chance."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from indexer.alerts.statistics.counts import Counts

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 5, 11, tzinfo=ZONE)
"""A Monday; no special day follows for five weeks."""


def rate(days: int, mean: float = 10, weekend: float = 0.6) -> NDArray[np.float64]:
    """Complaints expected in each hour."""
    hours = np.arange(days * 24)
    week = np.where(hours // 24 % 7 >= 5, weekend, 1.0)
    return mean * (1 + 0.8 * np.cos(2 * np.pi * (hours % 24 - 15) / 24)) * week


def hourly(
    expected: NDArray[np.float64], seed: int = 0, series: int = 1, start: datetime = START, variation: float = 0.05
) -> Counts:
    """Negative binomial counts around the rate, each series by its own chance."""
    rng = np.random.default_rng(seed)
    means = np.broadcast_to(expected, (series, expected.shape[-1]))
    values = rng.poisson(means * rng.gamma(1 / variation, variation, means.shape)).astype(float)
    return Counts(start, timedelta(hours=1), values, ZONE)
