"""What the rules find unusual at one moment: each rule goes from counts to findings."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from indexer.alerts import windows
from indexer.alerts.coverage import HOUR
from indexer.alerts.finding import Finding
from indexer.alerts.rules import (
    Alerts,
    By,
    FirstUnlawful,
    NegativeShare,
    New,
    Of,
    Peers,
    Ratio,
    Rule,
    Spike,
    Threshold,
)
from indexer.alerts.series import Counter, Series
from indexer.alerts.statistics.counts import Counts
from indexer.alerts.statistics.spikes import Judged, judge
from indexer.alerts.windows import Window

HOURS_TESTED = 24
"""Windows of an hour that are looked at again, as posts are found late."""
DAYS_TESTED = 3
TESTED = timedelta(days=DAYS_TESTED)
DAY = timedelta(days=1)


class Rules:
    """All rules that work on counts. Each kind of series is counted once."""

    def __init__(self, config: Alerts, counter: Counter, zone: tzinfo, unlawful: frozenset[str]) -> None:
        self._config, self._counter, self._zone, self._unlawful = config, counter, zone, unlawful
        self._series: dict[tuple[Of, str], Series] = {}

    def findings(self) -> list[Finding]:
        """Strongest first."""
        found = [finding for rule in self._config.rules if rule.enabled for finding in self._of(rule)]
        return sorted(found, key=lambda it: (-it.strength, it.subject))

    def spikes_since(self, start: datetime) -> list[Finding]:
        """Every run of unusual windows since then, each window judged by what came before it."""
        rules = [rule for rule in self._config.rules if rule.enabled and isinstance(rule, Spike)]
        return [finding for rule in rules for by in rule.by for finding in self._spikes(rule, by, start)]

    def series(self, of: Of, where: Mapping[str, Sequence[str]]) -> Series:
        """The counts of one kind of series, among the documents that meet `where`."""
        key = (of, repr(sorted((name, tuple(values)) for name, values in where.items())))
        if key not in self._series:
            self._series[key] = self._counter.series(of, where)
        return self._series[key]

    def _of(self, rule: Rule) -> Iterator[Finding]:
        match rule:
            case Spike():
                for by in rule.by:
                    yield from self._spikes(rule, by)
            case Peers():
                window = self._window(rule, "lender", rule.window)
                yield from windows.peers(rule, window, rule.sensitivity or self._config.sensitivity)
            case Threshold():
                for of in rule.of:
                    yield from windows.thresholds(rule, self._window(rule, of, rule.window))
            case Ratio():
                for of in rule.of:
                    yield from windows.ratios(rule, self._window(rule, of, rule.timeframe))
            case New():
                for of in rule.of:
                    yield from windows.news(rule, self._window(rule, of, rule.window))
            case FirstUnlawful():
                yield from windows.news(rule, self._window(rule, "lender_practice", rule.window), self._unlawful)
            case NegativeShare():
                bad = {**rule.where, "sentiment_label": ("negative",)}
                for of in rule.of:
                    whole = self._window(rule, of, rule.window)
                    negative = Window(rule, self.series(of, bad), self._counter.now, rule.window)
                    yield from windows.negatives(rule, whole, negative, rule.sensitivity or self._config.sensitivity)
            case _:  # words and single posts are looked at in indexer.alerts.posts
                return

    def _window(self, rule: Rule, of: Of, length: timedelta) -> Window:
        return Window(rule, self.series(of, rule.where), self._counter.now, length)

    def _spikes(self, rule: Spike, by: By, since: datetime | None = None) -> Iterator[Finding]:
        """The last run of unusual windows of each series; with `since`, every one since then.

        All series are judged together, as false discoveries are held down over all of them.
        """
        together = [series for of in rule.of if (series := self.series(of, rule.where)).keys]
        if not together:
            return
        named = [(series.of, key) for series in together for key in series.keys]
        counts, tested = self._counts(together, by)
        if since:
            tested = min(counts.windows, round((self._counter.end - since) / counts.step))
        judged = judge(counts, tested, rule.sensitivity or self._config.sensitivity)
        enough = counts.values >= rule.at_least
        alone = judged.spike & enough[:, judged.first :]
        ample = alone | (judged.spike & (judged.over(np.where(enough, 0, counts.values)) >= rule.at_least))
        for row in map(int, np.flatnonzero(ample.any(axis=1))):
            for run in _telling(alone[row], ample[row])[0 if since else -1 :]:
                yield self._spike(rule, by, named[row], judged, row, run)

    def _spike(self, rule: Spike, by: By, series: tuple[Of, str], judged: Judged, row: int, run: slice) -> Finding:
        """A run of unusual windows; where none holds enough by itself, with the span that the first of them ends."""
        seen = judged.counts.values[row, judged.first :][run]
        start, observed = run.start, float(np.nansum(seen))
        expected, upper = float(np.nansum(judged.expected[row, run])), float(np.nansum(judged.upper[row, run]))
        if observed < rule.at_least:
            span, last = judged.span, run.start
            start -= int(span.length[row, last]) - 1
            later = slice(last + 1, run.stop)
            observed = float(np.nansum(judged.counts.values[row, judged.first + start : judged.first + run.stop]))
            expected = float(span.expected[row, last] + np.nansum(judged.expected[row, later]))
            upper = float(span.upper[row, last] + np.nansum(judged.upper[row, later]))
        return Finding(
            rule=rule.name,
            kind=rule.kind,
            severity=rule.severity,
            of=series[0],
            value=series[1],
            start=judged.counts.time(judged.first + start),
            end=min(judged.counts.time(judged.first + run.stop), self._counter.now),
            observed=round(observed),
            expected=round(expected, 2),
            upper=upper,
            p_value=float(np.nanmin(judged.p_value[row, run])),
            strength=float(np.nanmax(judged.strength[row, run])),
            by=by,
            where=rule.where,
        )

    def _counts(self, together: Sequence[Series], by: By) -> tuple[Counts, int]:
        """Windows of series that begin together, and how many of the last are tested."""
        if by == "hour":
            values, exposure = np.vstack([it.values for it in together]), np.vstack([it.exposure for it in together])
            return Counts(together[0].start, HOUR, values, self._zone, exposure), min(HOURS_TESTED, values.shape[1])
        days = [it.by_day(self._zone) for it in together]
        values, exposure = np.vstack([it[1] for it in days]), np.vstack([it[2] for it in days])
        return Counts(days[0][0], DAY, values, self._zone, exposure), min(DAYS_TESTED, values.shape[1])


def _telling(alone: NDArray[np.bool_], ample: NDArray[np.bool_]) -> list[slice]:
    """Runs of windows that hold enough by themselves; where a run has none of them, all of it."""
    told = []
    for run in _runs(ample):
        enough = [slice(run.start + it.start, run.start + it.stop) for it in _runs(alone[run])]
        told += enough or [run]
    return told


def _runs(unusual: NDArray[np.bool_]) -> list[slice]:
    """The runs of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], unusual.astype(np.int8), [0]])))
    return [slice(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
