"""The test over a series of the past, window after window: the alerts that it would have sent, a score for each row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import numpy as np

from indexer.alerts.backtest.seriesfile import Row, Series, read_series
from indexer.alerts.statistics.episodes import Alert, episodes
from indexer.alerts.statistics.sensitivity import Kind, Sensitivity
from indexer.alerts.statistics.spikes import Judged, judge


@dataclass(frozen=True)
class Backtest:
    """What would have been sent for one file."""

    file: Path
    series: Series
    judged: tuple[Judged, ...]
    """Of spikes, and of drops where they were asked for."""
    alerts: tuple[Alert, ...]


def backtest(file: Path, zone: tzinfo, sensitivity: Sensitivity, drops: bool = False) -> Backtest:
    """Read a file and walk through it. Raises SeriesError, OSError."""
    series = read_series(file, zone)
    kinds: tuple[Kind, ...] = ("spike", "drop") if drops else ("spike",)
    judged = tuple(judge(series.counts, sensitivity=sensitivity, kind=kind) for kind in kinds)
    alerts = [alert for it in judged for alert in episodes(it, 0)]
    return Backtest(file, series, judged, tuple(sorted(alerts, key=lambda alert: alert.start)))


def as_json(test: Backtest) -> str:
    """One JSON object on one line; its shape is in docs/alerts.md. Times are as the file writes them."""
    series = test.series
    return json.dumps(
        {
            "file": str(test.file),
            "time_column": series.time_column,
            "value_column": series.value_column,
            "step_seconds": series.counts.step.total_seconds(),
            "windows": series.counts.windows,
            "unknown": int(np.isnan(series.counts.values).sum()),
            "sensitivity": test.judged[0].sensitivity,
            "alerts": [_alert(test, alert) for alert in test.alerts],
            "rows": [_row(test, row) for row in series.rows],
            "notes": list(series.notes),
            "refused": [{"line": line, "reason": reason} for line, reason in series.refused],
        },
        ensure_ascii=False,
    )


def as_text(test: Backtest) -> Iterator[str]:
    """Lines for a terminal."""
    series, alerts = test.series, test.alerts
    step, windows = series.counts.step, series.counts.windows
    yield f"{test.file}: {windows} windows of {step}, {len(alerts)} alert{'' if len(alerts) == 1 else 's'}"
    for note in series.notes:
        yield f"  {note}"
    for alert in alerts:
        grown = "".join(f", grown {series.written(window)}" for window in alert.grown)
        yield (
            f"  {alert.kind} {series.written(alert.start)} to {series.written(alert.end)}: {alert.value:.6g} at"
            f" {series.written(alert.peak)}, expected {alert.expected:.3g}, p {alert.p_value:.1e}{grown}"
        )


def _alert(test: Backtest, alert: Alert) -> dict[str, Any]:
    written = test.series.written
    return {
        "kind": alert.kind,
        "start": written(alert.start),
        "end": written(alert.end),
        "peak": written(alert.peak),
        "value": alert.value,
        "expected": _round(alert.expected),
        "p_value": float(f"{alert.p_value:.3g}"),
        "score": round(alert.score, 4),
        "grown": [written(window) for window in alert.grown],
    }


def _row(test: Backtest, row: Row) -> dict[str, Any]:
    window = row.window
    value = test.series.counts.values[0, window]
    unknown = bool(np.isnan(value))
    judged = max(test.judged, key=lambda it: it.score[0, window])
    return {
        "line": row.line,
        "timestamp": row.written,
        "value": None if unknown else float(value),
        "expected": _round(float(judged.expected[0, window])),
        "upper": _round(float(judged.upper[0, window])),
        "p_value": None if unknown else float(f"{judged.p_value[0, window]:.3g}"),
        "score": round(float(judged.score[0, window]), 5),
        "alert": bool(judged.spike[0, window]),
    }


def _round(value: float) -> float:
    return float(f"{value:.6g}")
