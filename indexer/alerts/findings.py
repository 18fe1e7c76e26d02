"""What the rules find unusual: each rule is a function from counts to findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from indexer.alerts.counts import Counts
from indexer.alerts.coverage import HOUR
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
from indexer.alerts.sensitivity import Sensitivity
from indexer.alerts.series import Counter, Series
from indexer.alerts.spikes import judge
from indexer.store.base import Search
from indexer.store.query import parse

HOURS_TESTED = 24
"""Windows of an hour that are looked at again, as posts are found late."""
DAYS_TESTED = 3
TESTED = timedelta(days=DAYS_TESTED)
CERTAIN: Mapping[Sensitivity, float] = {"low": 1e-7, "normal": 1e-5, "high": 1e-3}
"""Largest p-value of the tests of shares (peers, negative), before the number of series is allowed for."""


@dataclass(frozen=True)
class Finding:
    """Something unusual about one series in [start, end). `observed` counts stories.

    `rarity` is the p-value, where the rule knows one; `strength` ranks findings, 1 and more alerts.
    """

    rule: str
    kind: str
    severity: Literal["low", "normal", "high"]
    of: str
    value: str
    start: datetime
    end: datetime
    observed: int
    expected: float
    upper: float | None = None
    p_value: float | None = None
    strength: float = 1.0
    by: By | None = None
    """Length of its windows, where they are the hours or days of a calendar."""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    told: str = ""
    """What the rule found, in words, where counts don't say it."""

    @property
    def subject(self) -> str:
        return f"{self.of}:{self.value}"

    @property
    def search(self) -> Search:
        """What finds its documents, reprints included."""
        if self.of == "term":
            return Search(parse(f'"{self.value}"'), self.where, self.start, self.end)
        name, value = ("stance", f"{self.value}:asserted") if self.of == "practice" else (self.of, self.value)
        return Search(None, {**self.where, name: (value,)}, self.start, self.end)


class Rules:
    """All rules that work on counts, evaluated at one moment. Counts are made once for each kind of series."""

    def __init__(self, config: Alerts, counter: Counter, zone: tzinfo, unlawful: frozenset[str]) -> None:
        self._config, self._counter, self._zone, self._unlawful = config, counter, zone, unlawful
        self._series: dict[tuple[Of, str], Series] = {}

    def findings(self) -> list[Finding]:
        """Strongest first."""
        found = [finding for rule in self._config.rules if rule.enabled for finding in self._of(rule)]
        return sorted(found, key=lambda it: (-it.strength, it.subject))

    def series(self, of: Of, where: Mapping[str, Sequence[str]]) -> Series:
        key = (of, repr(sorted((name, tuple(values)) for name, values in where.items())))
        if key not in self._series:
            self._series[key] = self._counter.series(of, where)
        return self._series[key]

    def _of(self, rule: Rule) -> Iterator[Finding]:
        match rule:
            case Spike():
                for of in rule.of:
                    for by in rule.by:
                        yield from self._spikes(rule, of, by)
            case Peers():
                yield from self._peers(rule)
            case Threshold():
                for of in rule.of:
                    yield from self._thresholds(rule, of)
            case Ratio():
                for of in rule.of:
                    yield from self._ratios(rule, of)
            case New():
                for of in rule.of:
                    yield from self._news(rule, self.series(of, rule.where))
            case FirstUnlawful():
                yield from self._news(rule, self.series("lender_practice", rule.where))
            case NegativeShare():
                for of in rule.of:
                    yield from self._negatives(rule, of)
            case _:  # words and single posts are looked at in indexer.alerts.posts
                return

    def spikes_since(self, start: datetime) -> list[Finding]:
        """Every run of unusual windows since then, each judged by what came before it."""
        return [
            finding
            for rule in self._config.rules
            if rule.enabled and isinstance(rule, Spike)
            for of in rule.of
            for by in rule.by
            for finding in self._spikes(rule, of, by, since=start)
        ]

    def _spikes(self, rule: Spike, of: Of, by: By, since: datetime | None = None) -> Iterator[Finding]:
        """The last run of unusual windows of each series; with `since`, every one since then."""
        series = self.series(of, rule.where)
        if not series.keys:
            return
        counts, windows = self._counts(series, by)
        if since:
            windows = min(counts.windows, round((self._counter.end - since) / counts.step))
        judged = judge(counts, windows, rule.sensitivity or self._config.sensitivity)
        seen = counts.values[:, judged.first :]
        unusual = judged.spike & (np.nan_to_num(seen) >= rule.at_least)
        for row in np.flatnonzero(unusual.any(axis=1)):
            for first, end in _runs(unusual[row])[0 if since else -1 :]:
                run = slice(first, end)
                yield self._finding(
                    rule, of, series.keys[row],
                    counts.time(judged.first + first), counts.time(judged.first + end),
                    float(np.nansum(seen[row, run])), float(np.nansum(judged.expected[row, run])),
                    upper=float(np.nansum(judged.upper[row, run])),
                    p_value=float(np.nanmin(judged.p_value[row, run])),
                    strength=float(np.nanmax(judged.strength[row, run])),
                    by=by,
                )  # fmt: skip

    def _counts(self, series: Series, by: By) -> tuple[Counts, int]:
        """Windows of a series, and how many of the last are tested."""
        if by == "hour":
            counts = Counts(series.start, HOUR, series.values, self._zone, series.exposure)
            return counts, min(HOURS_TESTED, counts.windows)
        first, values, exposure = series.by_day(self._zone)
        return Counts(first, timedelta(days=1), values, self._zone, exposure), min(DAYS_TESTED, values.shape[1])

    def _peers(self, rule: Peers) -> Iterator[Finding]:
        """A binomial test of a lender's part of all lenders' stories, overdispersed as its days were before."""
        series = self.series("lender", rule.where)
        if len(series.keys) < 3:
            return
        now, before = self._split(series, rule.window)
        everything, was = now.sum(), before.sum()
        limit = CERTAIN[rule.sensitivity or self._config.sensitivity]
        for row, key in enumerate(series.keys):
            others, others_were = everything - now[row], was - before[row]
            if now[row] < rule.at_least or others_were < 20 or others <= 0:
                continue
            part = (before[row] + 0.5) / (others_were + 0.5)
            expected = part * others
            p = _tail(now[row], expected, self._dispersion(series, row, rule.window))
            if p <= limit / len(series.keys) and now[row] >= 2 * expected:
                yield self._window(rule, "lender", key, rule.window, now[row], expected, p_value=p,
                                   told="同业持平，唯独它上升")  # fmt: skip

    def _thresholds(self, rule: Threshold, of: Of) -> Iterator[Finding]:
        series = self.series(of, rule.where)
        now, before = self._split(series, rule.window)
        for row, key in enumerate(series.keys):
            if now[row] >= rule.at_least:
                yield self._window(rule, of, key, rule.window, now[row], self._usual(before[row], series, rule.window),
                                   told=f"达到阈值 {rule.at_least}")  # fmt: skip

    def _ratios(self, rule: Ratio, of: Of) -> Iterator[Finding]:
        series = self.series(of, rule.where)
        end = self._counter.now
        for key in series.keys:
            now = series.window(key, _hour(end - rule.timeframe) + HOUR, self._counter.end)
            before = series.window(key, _hour(end - 2 * rule.timeframe) + HOUR, _hour(end - rule.timeframe) + HOUR)
            up = now >= rule.threshold_cur and before >= rule.threshold_ref and now >= rule.spike_height * before
            down = before >= rule.threshold_ref and now * rule.spike_height <= before
            if (up and rule.spike_type != "down") or (down and rule.spike_type != "up"):
                yield self._window(rule, of, key, rule.timeframe, now, before,
                                   told=f"前一时段 {before} 条，本时段 {now} 条")  # fmt: skip

    def _news(self, rule: New | FirstUnlawful, series: Series) -> Iterator[Finding]:
        now, _ = self._split(series, rule.window)
        _, before = self._split(series, rule.window, back=rule.lookback)
        if not self._is_known_for(series, rule.lookback):
            return  # nothing is new to one who has only begun to watch
        for row, key in enumerate(series.keys):
            if isinstance(rule, FirstUnlawful) and key.partition("|")[2] not in self._unlawful:
                continue
            if now[row] >= rule.at_least and not before[row]:
                days = rule.lookback // timedelta(days=1)
                yield self._window(rule, series.of, key, rule.window, now[row], 0.0, told=f"{days} 天来首次出现")

    def _negatives(self, rule: NegativeShare, of: Of) -> Iterator[Finding]:
        everything = self.series(of, rule.where)
        negative = self.series(of, {**rule.where, "sentiment_label": ("negative",)})
        now, before = self._split(everything, rule.window)
        bad, bad_before = self._split(negative, rule.window)
        limit = CERTAIN[rule.sensitivity or self._config.sensitivity]
        for key, row in negative.place.items():
            of_all = everything.place.get(key)
            if of_all is None or now[of_all] < rule.at_least or before[of_all] < rule.at_least:
                continue
            share = (bad_before[row] + 1) / (before[of_all] + 2)
            p = float(stats.binom.sf(bad[row] - 1, now[of_all], share))
            if p <= limit / len(everything.keys):
                told = f"负面占比 {share:.0%} → {bad[row] / now[of_all]:.0%}"
                yield self._window(rule, of, key, rule.window, bad[row], share * now[of_all], p_value=p, told=told)

    def _split(
        self, series: Series, window: timedelta, back: timedelta | None = None
    ) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Counts of each key in the window that ends now, and before it."""
        cut = -max(1, round(window / HOUR))
        since = 0 if back is None else max(0, series.values.shape[1] + cut - round(back / HOUR))
        return np.nansum(series.values[:, cut:], axis=1), np.nansum(series.values[:, since:cut], axis=1)

    def _usual(self, before: float, series: Series, window: timedelta) -> float:
        """What a window of that length held on average."""
        known = float((~np.isnan(series.values)).any(axis=0).sum()) if series.keys else 0.0
        return float(before) * (window / HOUR) / max(known - window / HOUR, 1.0)

    def _dispersion(self, series: Series, row: int, window: timedelta) -> float:
        """Variance over mean of the earlier windows of that length, at least 1."""
        size = max(1, round(window / HOUR))
        past = series.values[row, :-size]
        past = past[len(past) % size :].reshape(-1, size)
        sums = np.nansum(past, axis=1)[~np.isnan(past).all(axis=1)]
        if len(sums) < 5 or sums.mean() == 0:
            return 2.0
        return max(1.0, float(sums.var(ddof=1) / sums.mean()))

    def _is_known_for(self, series: Series, lookback: timedelta) -> bool:
        hours = min(round(lookback / HOUR), series.values.shape[1])
        return bool(series.keys) and bool((~np.isnan(series.values[:, -hours:])).any(axis=0).mean() >= 0.8)

    def _window(self, rule: Rule, of: str, key: str, window: timedelta, observed: float, expected: float,
                **words: float | str) -> Finding:  # fmt: skip
        end = self._counter.end
        return self._finding(rule, of, key, end - round(window / HOUR) * HOUR, end, observed, expected, **words)

    def _finding(self, rule: Rule, of: str, key: str, start: datetime, end: datetime, observed: float, expected: float,
                 **words: float | str) -> Finding:  # fmt: skip
        return Finding(
            rule.name, rule.kind, rule.severity, of, key,
            start, min(end, self._counter.now), round(observed), round(expected, 2),
            where=rule.where, **words,  # type: ignore[arg-type]
        )  # fmt: skip


def _runs(unusual: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[first, end) of each run of unusual windows."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], unusual.astype(np.int8), [0]])))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _tail(observed: float, expected: float, dispersion: float) -> float:
    """P(X ≥ observed) of a negative binomial with that mean and variance (Poisson where dispersion is 1)."""
    if dispersion <= 1.01:
        return float(stats.poisson.sf(observed - 1, expected))
    size = expected / (dispersion - 1)
    return float(stats.nbinom.sf(observed - 1, size, 1 / dispersion))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
