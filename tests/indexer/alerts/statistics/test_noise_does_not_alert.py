"""What is ordinary, unknown, too little or due to the calendar sends nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from indexer.alerts.statistics.episodes import detect, episodes
from indexer.alerts.statistics.spikes import judge
from tests.indexer.alerts.statistics.series import ZONE, hourly, rate


@pytest.mark.parametrize("mean", [0.02, 0.3, 3, 50, 2_000])
def test_a_quiet_quarter_sends_next_to_nothing(mean: float) -> None:
    judged = judge(hourly(rate(90, mean), series=30))
    alone = replace(judged, spike=judged.strength >= 1)  # without the false discovery rate over the thirty
    assert sum(len(list(episodes(alone, row))) for row in range(30)) <= 8  # in 390 weeks
    assert sum(len(list(episodes(judged, row))) for row in range(30)) <= 4


def test_nothing_and_then_one_is_no_spike() -> None:
    values = np.zeros((1, 24 * 30))
    for sensitivity in ("low", "normal", "high"):
        values[0, -1] = 1
        assert not judge(replace(hourly(rate(30)), values=values), sensitivity=sensitivity).spike.any()
    assert not list(detect(replace(hourly(rate(30)), values=np.zeros((1, 24 * 30)))))


def test_a_constant_series_is_ordinary() -> None:
    counts = replace(hourly(rate(30)), values=np.full((1, 24 * 30), 5.25))
    judged = judge(counts)
    assert not judged.spike.any()
    assert judged.score.max() < 0.01


def test_windows_in_which_the_source_was_down_are_unknown_and_not_zero() -> None:
    counts = hourly(rate(40))
    counts.values[:, 20 * 24 : 24 * 24] = np.nan
    judged = judge(counts)
    down = slice(20 * 24, 24 * 24)
    assert np.isnan(judged.p_value[:, down]).all()
    assert (judged.score[:, down] == 0).all()
    assert not judged.spike.any()
    back = slice(24 * 24, 25 * 24)
    assert judged.expected[0, back].sum() == pytest.approx(rate(40)[back].sum(), rel=0.25)


def test_half_of_the_coverage_is_half_of_what_is_expected() -> None:
    whole = hourly(rate(40))
    exposure = np.ones(whole.windows)
    exposure[30 * 24 : 32 * 24] = 0.5
    rng = np.random.default_rng(1)
    values = whole.values.copy()
    values[0, 30 * 24 : 32 * 24] = rng.binomial(values[0, 30 * 24 : 32 * 24].astype(int), 0.5)
    judged = judge(replace(whole, values=values, exposure=exposure))
    half = slice(30 * 24, 32 * 24)
    assert judged.expected[0, half].sum() == pytest.approx(rate(40)[half].sum() / 2, rel=0.25)
    assert not judged.spike.any()


def test_no_exposure_is_unknown() -> None:
    counts = hourly(rate(20))
    exposure = np.ones(counts.windows)
    exposure[-5:] = 0
    assert np.isnan(judge(replace(counts, exposure=exposure), windows=5).p_value).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_week_of_holidays_and_the_working_sunday_before_it_are_ordinary(seed: int) -> None:
    start = datetime(2025, 8, 25, tzinfo=ZONE)  # National Day is 1 to 8 October; 28 September is a working Sunday
    days = [(start + timedelta(days=day)).date() for day in range(50)]
    off = [
        (day.weekday() >= 5 and str(day) != "2025-09-28") or "2025-10-01" <= str(day) <= "2025-10-08" for day in days
    ]
    expected = rate(50, weekend=1.0) * np.where(np.repeat(off, 24), 0.4, 1.0)
    assert not list(detect(hourly(expected, seed=seed, start=start)))


def test_a_trend_is_followed() -> None:
    expected = rate(90) * np.exp(np.linspace(0, 1.5, 90 * 24))
    assert len(list(detect(hourly(expected)))) <= 1


def test_the_first_days_of_a_series_say_little() -> None:
    assert not list(detect(hourly(rate(3))))
    glaring = rate(3)
    glaring[60:64] += 200
    assert [alert.start for alert in detect(hourly(glaring))] == [60]


@pytest.mark.parametrize("windows", [0, 1, 2, 9])
def test_next_to_no_history(windows: int) -> None:
    counts = hourly(rate(1)[:windows]) if windows else replace(hourly(rate(1)), values=np.zeros((1, 0)))
    assert not judge(counts).spike.any()


def test_all_unknown() -> None:
    counts = replace(hourly(rate(10)), values=np.full((2, 240), np.nan))
    judged = judge(counts)
    assert not judged.spike.any()
    assert (judged.score == 0).all()


def test_ordinary_rows_score_near_zero() -> None:
    assert judge(hourly(rate(60), series=10)).score.mean() < 0.02


def test_negative_and_wandering_quantities() -> None:
    rng = np.random.default_rng(0)
    walk = -20 + np.cumsum(rng.normal(0, 0.3, 2_000))
    walk[1_500:1_510] += 15
    (alert,) = detect(replace(hourly(rate(1)), values=walk[None]))
    assert alert.start == 1_500
