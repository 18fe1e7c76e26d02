"""`alerts backtest` on files as other people write them."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from indexer.alerts.backtest.seriesfile import SeriesError, read_series
from tests.cli import dunwatch

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2)
STORM = range(500, 506)


def counts(rows: int = 600) -> list[int]:
    rng = np.random.default_rng(0)
    expected = 20 + 10 * np.cos(2 * np.pi * (np.arange(rows) % 24 - 15) / 24)
    expected[STORM] *= 6
    return [int(count) for count in rng.poisson(expected)]


def write(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def hours(form: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
    return [(BEGIN + timedelta(hours=row)).strftime(form) for row in range(600)]


def test_alerts_and_a_score_for_every_row_as_json(tmp_path: Path) -> None:
    lines = ["timestamp,count", *(f"{at},{count}" for at, count in zip(hours(), counts(), strict=True))]
    file = write(tmp_path / "series.csv", lines)
    outcome = dunwatch(tmp_path / "data", "alerts", "backtest", file, file, "--json")
    assert outcome.code == 0, outcome.err
    first, second = outcome.lines()
    assert first == second
    assert set(first) == {
        "file", "time_column", "value_column", "step_seconds", "windows", "unknown", "sensitivity", "alerts", "rows",
        "notes", "refused",
    }  # fmt: skip
    assert (first["step_seconds"], first["windows"], first["unknown"]) == (3600, 600, 0)
    (alert,) = first["alerts"]
    assert set(alert) == {"kind", "start", "end", "peak", "value", "expected", "p_value", "score", "grown"}
    assert alert["start"] in hours()[500:502]
    assert alert["peak"] in hours()[500:506]
    assert alert["value"] > 3 * alert["expected"] > 0
    assert 0 <= alert["p_value"] < 1e-4
    assert [row["timestamp"] for row in first["rows"]] == hours()
    assert [row["value"] for row in first["rows"]] == counts()
    assert [row["line"] for row in first["rows"]] == list(range(2, 602))
    scores = np.array([row["score"] for row in first["rows"]])
    assert 0 <= scores.min() <= scores.max() <= 1
    assert scores[STORM].min() > 0.5
    assert np.delete(scores, STORM).mean() < 0.03


@pytest.mark.parametrize("head", [["zeit;menge"], []])
def test_a_comma_may_be_the_decimal_sign(tmp_path: Path, head: list[str]) -> None:
    written = [f"{count / 8:.3f}".replace(".", ",") for count in counts()]
    lines = [*head, *(f"{at};{count}" for at, count in zip(hours(), written, strict=True))]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    assert series.counts.values[0].tolist() == [count / 8 for count in counts()]


def test_a_comma_may_part_thousands(tmp_path: Path) -> None:
    lines = ["time,count", *(f'{at},"{count * 1000:,}"' for at, count in zip(hours(), counts(), strict=True))]
    series = read_series(write(tmp_path / "series.csv", lines, "utf-16"), SHANGHAI)
    assert series.counts.values[0].tolist() == [count * 1000 for count in counts()]


def test_text_for_people(tmp_path: Path) -> None:
    lines = [f"{at},{count}" for at, count in zip(hours(), counts(), strict=True)]
    outcome = dunwatch(tmp_path / "data", "alerts", "backtest", write(tmp_path / "series.csv", lines))
    assert outcome.code == 0
    assert "600 windows of 1:00:00, 1 alert" in outcome.out
    assert "spike 2026-03-22" in outcome.out


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%S+08:00", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
        "%Y年%m月%d日 %H时", "%Y%m%d%H%M%S", "%m/%d/%Y %I:%M %p",
    ],
)  # fmt: skip
def test_times_as_people_write_them(tmp_path: Path, form: str) -> None:
    lines = ["日期,投诉量", *(f"{at},{count}" for at, count in zip(hours(form), counts(), strict=True))]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    assert series.counts.start == BEGIN.replace(tzinfo=SHANGHAI)
    assert series.counts.step == timedelta(hours=1)
    assert series.counts.values[0].tolist() == counts()
    assert (series.time_column, series.value_column) == ("日期", "投诉量")


@pytest.mark.parametrize("units", [1, 1_000, 1_000_000, 1_000_000_000])
def test_epochs(tmp_path: Path, units: int) -> None:
    begin = int(BEGIN.replace(tzinfo=SHANGHAI).timestamp())
    lines = [f"{(begin + 3600 * row) * units},{count}" for row, count in enumerate(counts())]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    assert series.counts.start == BEGIN.replace(tzinfo=SHANGHAI)
    assert series.counts.step == timedelta(hours=1)


@pytest.mark.parametrize(
    ("first", "second", "step"),
    [
        ("2026-01-01", "2026-01-02", 1),
        ("2026-01-05", "2026-01-12", 7),
        ("2026-W02", "2026-W03", 7),
        ("20260105", "20260106", 1),
    ],
)
def test_days_and_weeks(tmp_path: Path, first: str, second: str, step: int) -> None:
    series = read_series(write(tmp_path / "series.csv", ["ds,y", f"{first},3", f"{second},4"]), SHANGHAI)
    assert series.counts.step == timedelta(days=step)


def test_months(tmp_path: Path) -> None:
    lines = ["month,cases", *(f"{2020 + month // 12}-{month % 12 + 1:02},{month}" for month in range(48))]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    assert series.counts.values[0].tolist() == list(range(48))
    assert 30 < series.counts.step / timedelta(days=1) < 31


def test_row_numbers_have_no_calendar(tmp_path: Path) -> None:
    lines = ["timestamp,value,is_anomaly", *(f"{row + 1},{count},0" for row, count in enumerate(counts()))]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    assert series.counts.zone is None
    assert series.value_column == "value"
    assert series.written(0) == "1"


def test_missing_rows_and_blank_counts_are_unknown_and_doubled_times_are_told(tmp_path: Path) -> None:
    times = hours()
    lines = [f"{times[row]},{row}" for row in range(10)] + [f"{times[9]},5", f"{times[20]},", f"{times[21]},7"]
    series = read_series(write(tmp_path / "series.csv", lines), SHANGHAI)
    values = series.counts.values[0]
    assert len(values) == 22
    assert values[9] == 9 + 5
    assert np.isnan(values[10:21]).all()
    assert values[21] == 7
    assert any("more than once" in note for note in series.notes)
    assert any("missing" in note for note in series.notes)


def test_rows_out_of_order_are_sorted_and_answered_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = [f"{at},{row}" for row, at in enumerate(hours()[:50])]
    series = read_series(write(tmp_path / "series.csv", lines[::-1]), SHANGHAI)
    assert series.counts.values[0].tolist() == list(range(50))
    assert [row.window for row in series.rows] == list(range(50))[::-1]


def test_jittering_times_fall_into_windows(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    times = [BEGIN + timedelta(minutes=5 * row, seconds=int(rng.integers(-60, 60))) for row in range(300)]
    series = read_series(write(tmp_path / "series.csv", [f"{at},{1.5}" for at in times]), SHANGHAI)
    assert series.counts.windows == 300
    assert series.counts.step / timedelta(minutes=5) == pytest.approx(1, rel=0.02)


def test_money_with_other_separators_and_encodings(tmp_path: Path) -> None:
    lines = ["时间;其他;金额", *(f'{at};x;"{count * 1000:,}"' for at, count in zip(hours(), counts(), strict=True))]
    series = read_series(write(tmp_path / "series.csv", lines, "gb18030"), SHANGHAI)
    assert series.value_column == "金额"
    assert series.counts.values[0].tolist() == [count * 1000 for count in counts()]


def test_a_gap_of_years_is_shortened(tmp_path: Path) -> None:
    lines = [f"{at},1" for at in hours()] + [f"2036-01-01 {hour:02}:00:00,1" for hour in range(24)]
    assert read_series(write(tmp_path / "series.csv", lines), SHANGHAI).counts.windows < 4_000


def test_bad_rows_are_told_with_file_and_line(tmp_path: Path) -> None:
    lines = ["timestamp,count", *(f"{at},{count}" for at, count in zip(hours(), counts(), strict=True))]
    lines[40], lines[50] = "yesterday,7", f"{hours()[49]},many"
    file = write(tmp_path / "series.csv", lines)
    outcome = dunwatch(tmp_path / "data", "alerts", "backtest", file, "--json")
    assert outcome.code == 0
    assert f"{file}:41: 'yesterday' is no time" in outcome.err
    assert f"{file}:51: 'many' is no number" in outcome.err
    assert [it["line"] for it in outcome.lines()[0]["refused"]] == [41, 51]


@pytest.mark.parametrize(
    "content",
    ["", "timestamp,count\n", "one column\nonly\n", "2026-01-01,3\n", "a,b\nc,d\ne,f\n", "\x00\x01,\x02\n1,2"],
)
def test_a_file_without_a_series_is_refused_and_the_others_are_done(tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(content, encoding="utf-8")
    with pytest.raises(SeriesError, match=r"bad\.csv"):
        read_series(bad, SHANGHAI)


def test_exit_codes(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", ["nothing"])
    good = write(tmp_path / "good.csv", [f"{at},1" for at in hours()])
    outcome = dunwatch(tmp_path / "data", "alerts", "backtest", bad, good, "--json")
    assert outcome.code == 1
    assert len(outcome.lines()) == 1
    assert "bad.csv" in outcome.err
    assert dunwatch(tmp_path / "data", "alerts", "backtest", tmp_path / "none.csv").code == 2
    assert dunwatch(tmp_path / "data", "alerts", "backtest").code == 2
