"""What rises beyond the ordinary alerts once, early, and again when it grows."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from indexer.alerts.statistics.episodes import detect
from indexer.alerts.statistics.spikes import judge
from tests.indexer.alerts.statistics.series import hourly, rate


@pytest.mark.parametrize("mean", [0.1, 1, 10, 200])
def test_a_sixfold_rise_alerts_once_within_hours(mean: float) -> None:
    expected = rate(35, mean)
    expected[30 * 24 + 10 : 30 * 24 + 22] *= 6
    (alert,) = detect(hourly(expected))
    assert 30 * 24 + 10 <= alert.start <= 30 * 24 + (18 if mean < 1 else 12)
    assert alert.peak <= 30 * 24 + 22
    assert alert.value > 2 * alert.expected
    assert alert.p_value < 1e-3
    assert alert.score >= 0.5


def test_a_slow_rise_alerts() -> None:
    expected = rate(40)
    expected[30 * 24 : 33 * 24] *= np.linspace(1, 2.5, 72)
    alerts = list(detect(hourly(expected)))
    assert alerts
    assert all(30 * 24 <= alert.start <= 33 * 24 for alert in alerts)


def test_a_burst_inside_a_raised_level_is_told_again() -> None:
    expected = rate(35)
    expected[30 * 24 : 32 * 24] *= 4
    expected[31 * 24 + 9 : 31 * 24 + 12] *= 10
    told = [window for alert in detect(hourly(expected)) for window in (alert.start, *alert.grown)]
    assert any(30 * 24 <= window <= 30 * 24 + 6 for window in told)
    assert any(31 * 24 + 9 <= window <= 31 * 24 + 11 for window in told)


def test_the_second_outbreak_is_found_like_the_first() -> None:
    expected = rate(60)
    for day in (30, 37, 45, 52):
        expected[day * 24 + 10 : day * 24 + 20] *= 5
    assert [alert.start // 24 for alert in detect(hourly(expected))] == [30, 37, 45, 52]


def test_a_level_that_stays_alerts_once_and_is_then_ordinary() -> None:
    expected = rate(70)
    expected[30 * 24 :] *= 3
    counts = hourly(expected)
    (alert,) = detect(counts)
    assert alert.start < 30 * 24 + 12
    assert alert.end < 36 * 24
    expected[60 * 24 + 10 : 60 * 24 + 20] *= 4  # and what rises from there is found
    assert [it.start // 24 for it in detect(hourly(expected))] == [30, 60]


def test_an_alert_goes_on_over_windows_that_are_unknown() -> None:
    expected = rate(35)
    expected[30 * 24 + 8 : 30 * 24 + 20] *= 6
    counts = hourly(expected)
    counts.values[:, 30 * 24 + 12 : 30 * 24 + 15] = np.nan
    (alert,) = detect(counts)
    assert alert.end >= 30 * 24 + 15


def test_a_drop_is_told_only_to_who_asks() -> None:
    expected = rate(35)
    expected[30 * 24 + 6 : 30 * 24 + 20] *= 0.1
    assert not list(detect(hourly(expected)))
    (alert,) = detect(hourly(expected), kind="drop")
    assert alert.kind == "drop"
    assert 30 * 24 + 6 <= alert.start < 30 * 24 + 18
    assert alert.value < alert.expected


def test_more_sensitive_is_earlier_or_the_same() -> None:
    expected = rate(35)
    expected[30 * 24 + 9 : 30 * 24 + 21] *= 2.2
    counts = hourly(expected, seed=3)
    sent = [[alert.start for alert in detect(counts, sensitivity=it)] for it in ("low", "normal", "high")]
    firsts = [min((it for it in starts if it >= 720), default=10_000) for starts in sent]
    assert firsts[2] <= firsts[1] <= firsts[0]
    assert firsts[2] < 741


@pytest.mark.parametrize("step", [timedelta(minutes=5), timedelta(minutes=30), timedelta(days=1), timedelta(weeks=1)])
def test_any_step(step: timedelta) -> None:
    rng = np.random.default_rng(4)
    day = timedelta(days=1) / step
    windows = np.arange(600 if step >= timedelta(days=1) else int(20 * day))
    expected = 40 * (1 + 0.7 * np.cos(2 * np.pi * windows / day)) if day > 1 else np.full(600, 40.0)
    burst = len(windows) - 40
    expected[burst : burst + 8] += 120
    counts = replace(hourly(rate(1)), step=step, values=rng.poisson(expected).astype(float)[None])
    (alert,) = detect(counts)
    assert burst <= alert.start <= burst + 1


def test_one_series_in_a_thousand_is_found_and_no_other() -> None:
    counts = hourly(rate(35, 2), series=1_000)
    counts.values[437, -3:] += 20
    judged = judge(counts, windows=3)
    assert judged.spike[437].any()
    assert judged.spike.sum(axis=0).max() == 1
    assert (judged.q_value >= judged.p_value).all()


def test_nothing_looks_ahead() -> None:
    expected = rate(30)
    expected[20 * 24 : 21 * 24] *= 4
    whole = hourly(expected)
    part = replace(whole, values=whole.values[:, : 22 * 24 + 7])
    ahead, before = judge(whole), judge(part)
    for name in ("expected", "upper", "p_value", "score", "spike"):
        np.testing.assert_array_equal(getattr(ahead, name)[:, : part.windows], getattr(before, name))


def test_the_last_windows_alone_are_judged_nearly_as_in_a_walk_through_all() -> None:
    expected = rate(40)
    expected[-3:] *= 5
    counts = hourly(expected, series=20)
    few, every = judge(counts, windows=3), judge(counts)
    np.testing.assert_allclose(few.expected, every.expected[:, -3:], rtol=0.25)
    assert few.spike.any(axis=1).all()
