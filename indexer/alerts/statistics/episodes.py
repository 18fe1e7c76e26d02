"""Episodes: windows in a row that alert, as one alert with its peak; what `judge` said, walked through once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from indexer.alerts.statistics.counts import Counts
from indexer.alerts.statistics.sensitivity import Kind, Sensitivity
from indexer.alerts.statistics.spikes import Judged, calm_after, judge

EASED = 0.5
"""Share of the limit below which a window is calm again."""
GROWN = 2.0
"""Ratio to the peak that was told last, from which on an alert that is open is told once more."""


@dataclass(frozen=True)
class Alert:
    """One alert of one series. Windows are numbers of columns of the counts."""

    kind: Kind
    start: int
    """The window at whose end it is sent."""
    end: int
    """The last window that was not calm."""
    peak: int
    """The window of the largest excess."""
    value: float
    """Counted in the peak."""
    expected: float
    """Expected of the peak."""
    p_value: float
    """The least of its windows."""
    score: float
    """The highest of its windows."""
    grown: tuple[int, ...] = ()
    """The windows at which it was told again, at least twice as large as when told before."""


def detect(counts: Counts, row: int = 0, sensitivity: Sensitivity = "normal", kind: Kind = "spike") -> Iterator[Alert]:
    """The alerts of one series, window after window without looking ahead."""
    exposure = counts.exposure
    if exposure is not None and exposure.ndim == 2:
        exposure = exposure[row : row + 1]
    one = replace(counts, values=counts.values[row : row + 1], exposure=exposure)
    yield from episodes(judge(one, sensitivity=sensitivity, kind=kind), 0)


def episodes(judged: Judged, row: int) -> Iterator[Alert]:
    """The alerts that one row of verdicts amounts to. It opens with a spike and goes on until it is calm; a window
    that is unknown neither prolongs nor ends it.
    """
    patience = calm_after(judged.counts.step)
    values = judged.excess[row] + judged.expected[row]
    alert, told, calm = None, 0.0, 0
    for column in range(judged.spike.shape[1]):
        if np.isnan(judged.p_value[row, column]):
            continue
        now = Alert(
            judged.kind, column + judged.first, column + judged.first, column + judged.first, float(values[column]),
            float(judged.expected[row, column]), float(judged.p_value[row, column]), float(judged.score[row, column]),
        )  # fmt: skip
        excess = abs(float(judged.excess[row, column]))
        if alert is None:
            if judged.spike[row, column]:
                alert, told, calm = now, excess, 0
            continue
        if judged.strength[row, column] < EASED:
            calm += 1
            if calm >= patience:
                yield alert
                alert = None
            continue
        calm = 0
        grown = bool(judged.spike[row, column]) and excess >= GROWN * told
        alert = _with(alert, now, grown)
        told = excess if grown else told
    if alert is not None:
        yield alert


def _with(alert: Alert, now: Alert, grown: bool) -> Alert:
    peak = now if abs(now.value - now.expected) > abs(alert.value - alert.expected) else alert
    return replace(
        alert, end=now.end, peak=peak.peak, value=peak.value, expected=peak.expected,
        p_value=min(alert.p_value, now.p_value), score=max(alert.score, now.score),
        grown=(*alert.grown, now.start) if grown else alert.grown,
    )  # fmt: skip
