"""A cycle that no calendar knows, found in the series itself."""

import numpy as np
from scipy import fft

from indexer.alerts.statistics.counts import Floats
from indexer.alerts.statistics.cycles import Cycle

SHORTEST = 4
CLEAR = 0.4
"""Least autocorrelation of a cycle."""
LONGEST_PAST = 8_192


def own_cycle(past: Floats, windows: int, known: tuple[Cycle, ...]) -> tuple[Cycle, ...]:
    """The cycle that the past of one series shows, laid over `windows`; none where it is one of those `known`."""
    period = _period(past[-LONGEST_PAST:])
    lengths = {cycle.length for cycle in known}
    if not period or any(abs(length / period - round(length / period)) < 0.03 * length / period for length in lengths):
        return ()
    window = np.arange(windows)
    bin = window % period
    return (Cycle(period, bin, bin, window, period),)


def _period(past: Floats) -> int:
    """The lag of the first high peak of the autocorrelation, 0 where there is none; three cycles must be there."""
    known = ~np.isnan(past)
    if known.sum() < 6 * SHORTEST:
        return 0
    window = np.arange(len(past))
    trend = np.polyfit(window[known], past[known], 1)
    rest = np.where(known, past - np.polyval(trend, window), 0.0)
    reach = 3 * 1.4826 * np.median(np.abs(rest[known]))
    if reach <= 0:
        return 0
    rest = np.clip(rest, -reach, reach)
    size = fft.next_fast_len(2 * len(rest))
    power = np.abs(fft.rfft(rest, size)) ** 2
    correlation = fft.irfft(power, size)[: len(rest) // 3 + 2]
    correlation /= correlation[0]
    inner = correlation[1:-1]
    peaks = np.flatnonzero((inner > correlation[:-2]) & (inner >= correlation[2:])) + 1
    peaks = peaks[(peaks >= SHORTEST) & (correlation[peaks] > CLEAR)]
    if not len(peaks):
        return 0
    return int(peaks[correlation[peaks] >= 0.9 * correlation[peaks].max()][0])
