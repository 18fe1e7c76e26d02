"""Rules that hold the last window against the time before it: thresholds, ratios, what is new, shares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy import stats

from indexer.alerts.coverage import HOUR
from indexer.alerts.finding import Finding
from indexer.alerts.rules import FirstUnlawful, NegativeShare, New, Peers, Ratio, Rule, Threshold
from indexer.alerts.series import Series
from indexer.alerts.statistics.counts import Floats
from indexer.alerts.statistics.sensitivity import Sensitivity

CERTAIN: Mapping[Sensitivity, float] = {"low": 1e-7, "normal": 1e-5, "high": 1e-3}
"""Largest p-value of the tests of shares, before the number of series is allowed for (Bonferroni)."""
WATCHED = 0.8
"""Part of a period that must have been watched for it to tell what is new, or what was before."""
LEAST_OTHERS = 20
"""Stories of other lenders in the time before, without which there are no peers to hold a lender against."""
LEAST_LENDERS = 3


@dataclass(frozen=True)
class Window:
    """The last `length` of a series before `moment`, for one rule."""

    rule: Rule
    series: Series
    moment: datetime
    length: timedelta

    @property
    def hours(self) -> int:
        return max(1, round(self.length / HOUR))

    @property
    def now(self) -> Floats:
        """Stories of each key in it."""
        return self._sums(0, self.hours)

    def before(self, back: timedelta | None = None) -> Floats:
        """Stories of each key in the time before it, as far as is known or as `back` goes."""
        return self._sums(self.hours, round(back / HOUR) if back else self.series.values.shape[1])

    def watched(self, first: int, hours: int) -> float:
        """Part of `hours` that was watched, beginning `first` hours ago and going back."""
        known = ~np.isnan(self._slice(first, hours))
        return float(known.any(axis=0).sum()) / hours if known.size else 0.0

    def usual(self) -> Floats:
        """What such a window held on average before."""
        hours = self.series.values.shape[1]
        known = self.watched(self.hours, hours) * hours
        usual: Floats = self._sums(self.hours, hours) * (self.hours / max(known, 1.0))
        return usual

    def dispersion(self, row: int) -> float:
        """Variance over mean of the earlier windows of that length, at least 1; 2 where there are too few to tell."""
        past = self.series.values[row, : -self.hours]
        past = past[len(past) % self.hours :].reshape(-1, self.hours)
        sums = np.nansum(past, axis=1)[~np.isnan(past).all(axis=1)]
        if len(sums) < 5 or sums.mean() == 0:
            return 2.0
        return max(1.0, float(sums.var(ddof=1) / sums.mean()))

    def finding(self, row: int, observed: float, expected: float, told: str, p_value: float | None = None) -> Finding:
        """What was found about one key."""
        rule = self.rule
        return Finding(
            rule=rule.name,
            kind=rule.kind,
            severity=rule.severity,
            of=self.series.of,
            value=self.series.keys[row],
            start=self.series.end - self.hours * HOUR,
            end=self.moment,
            observed=round(observed),
            expected=round(float(expected), 2),
            p_value=p_value,
            where=rule.where,
            told=told,
        )

    def _slice(self, first: int, hours: int) -> Floats:
        end = self.series.values.shape[1] - first
        return self.series.values[:, max(0, end - hours) : max(0, end)]

    def _sums(self, first: int, hours: int) -> Floats:
        return np.asarray(np.nansum(self._slice(first, hours), axis=1), dtype=np.float64)


def thresholds(rule: Threshold, window: Window) -> Iterator[Finding]:
    now, usual = window.now, window.usual()
    for row in map(int, np.flatnonzero(now >= rule.at_least)):
        yield window.finding(row, now[row], usual[row], f"达到阈值 {rule.at_least}")


def ratios(rule: Ratio, window: Window) -> Iterator[Finding]:
    """Nothing is said where either window was not watched: what is unknown is not zero."""
    if min(window.watched(0, window.hours), window.watched(window.hours, window.hours)) < WATCHED:
        return
    now, before = window.now, window.before(window.length)
    reference = before >= rule.threshold_ref
    up = reference & (now >= rule.threshold_cur) & (now >= rule.spike_height * before)
    down = reference & (now * rule.spike_height <= before)
    for row in map(int, np.flatnonzero({"up": up, "down": down, "both": up | down}[rule.spike_type])):
        told = f"前一时段 {before[row]:.0f} 条，本时段 {now[row]:.0f} 条"
        yield window.finding(row, now[row], before[row], told)


def news(rule: New | FirstUnlawful, window: Window, unlawful: frozenset[str] | None = None) -> Iterator[Finding]:
    """What was not named for the whole lookback; with `unlawful`, only pairs of a lender and such a practice."""
    if window.watched(window.hours, round(rule.lookback / HOUR)) < WATCHED:
        return  # nothing is new to one who has only begun to watch
    now, before = window.now, window.before(rule.lookback)
    days = rule.lookback // timedelta(days=1)
    for row in map(int, np.flatnonzero((now >= rule.at_least) & (before == 0))):
        if unlawful is None or window.series.keys[row].partition("|")[2] in unlawful:
            yield window.finding(row, now[row], 0.0, f"{days} 天来首次出现")


def peers(rule: Peers, window: Window, sensitivity: Sensitivity) -> Iterator[Finding]:
    """A lender's part of all lenders' stories, held against its part before.

    What it would have if it went with the others has a negative binomial distribution, as dispersed as its own windows
    were before.
    """
    keys = window.series.keys
    now, before = window.now, window.before()
    if len(keys) < LEAST_LENDERS:
        return
    for row in map(int, np.flatnonzero(now >= rule.at_least)):
        others, others_were = now.sum() - now[row], before.sum() - before[row]
        if others_were < LEAST_OTHERS or others <= 0:
            continue
        expected = (before[row] + 0.5) / (others_were + 0.5) * others
        p = _tail(now[row], expected, window.dispersion(row))
        if p <= CERTAIN[sensitivity] / len(keys) and now[row] >= 2 * expected:
            yield window.finding(row, now[row], expected, "同业持平，唯独它上升", p)


def negatives(rule: NegativeShare, window: Window, negative: Window, sensitivity: Sensitivity) -> Iterator[Finding]:
    """A binomial test of the part of negative stories; `negative` is the same window of those alone."""
    now, before, bad, bad_before = window.now, window.before(), negative.now, negative.before()
    for row, key in enumerate(negative.series.keys):
        whole = window.series.place.get(key)
        if whole is None or now[whole] < rule.at_least or before[whole] < rule.at_least:
            continue
        share = (bad_before[row] + 1) / (before[whole] + 2)
        p = float(stats.binom.sf(bad[row] - 1, now[whole], share))
        if p <= CERTAIN[sensitivity] / len(window.series.keys):
            told = f"负面占比 {share:.0%} → {bad[row] / now[whole]:.0%}"
            yield negative.finding(row, bad[row], share * now[whole], told, p)


def _tail(observed: float, expected: float, dispersion: float) -> float:
    """P(X ≥ observed) of a negative binomial with that mean and variance (Poisson where dispersion is 1)."""
    if dispersion <= 1.01:
        return float(stats.poisson.sf(observed - 1, expected))
    size = expected / (dispersion - 1)
    return float(stats.nbinom.sf(observed - 1, size, 1 / dispersion))
