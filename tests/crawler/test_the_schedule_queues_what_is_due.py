"""What is due is queued once, what is being crawled is skipped and said so, and the state tells when what is next."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.schedule import Schedule
from crawler.scheduling.local_register import LocalRegister
from crawler.scheduling.queue import Queue
from crawler.scheduling.register import ALONE
from crawler.sources import Source
from indexer.datadir import DataDir
from indexer.health import health
from indexer.state import State, timestamp

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def source(name: str, **words: Any) -> Source:
    given = {"name": name, "kind": "feed", "start": ["http://a.example/"], "every": "2h", **words}
    return Source.model_validate(given)


@contextmanager
def scheduling(tmp_path: Path) -> Iterator[tuple[Schedule, State, LocalRegister]]:
    data = DataDir(tmp_path)
    with data.state() as state:
        register = LocalRegister(state, data.name(), ALONE.lease)
        yield Schedule(ALONE, data, state, register), state, register


def crawled(state: State, name: str, at: datetime, outcome: str | None = "finished", pages: int = 9) -> None:
    with state.transaction() as db:
        words = (name, timestamp(at), timestamp(at + HOUR / 2) if outcome else None, outcome, f'{{"pages": {pages}}}')
        asked = "insert into run (source, started_at, finished_at, outcome, counts) values (?, ?, ?, ?, ?)"
        db.execute(asked, words)


def queued(tmp_path: Path) -> list[str]:
    data = DataDir(tmp_path)
    return [task.args[0] for task in Queue(ALONE, data, data.name()).huey.pending()]


def test_what_is_due_is_queued_once(tmp_path: Path) -> None:
    with scheduling(tmp_path) as (schedule, state, _):
        crawled(state, "fresh", NOW - HOUR)
        crawled(state, "old", NOW - 3 * HOUR)
        sources = [source("new"), source("fresh"), source("old")]
        assert set(schedule.tick(sources, NOW)) == {"new", "old"}
        assert schedule.tick(sources, NOW + HOUR / 2) == {}
        assert queued(tmp_path) == ["new", "old"]
        assert list(schedule.tick(sources, NOW + HOUR)) == ["fresh"]


def test_what_would_overlap_is_skipped_and_said_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "dunwatch")
    with scheduling(tmp_path) as (schedule, state, register):
        crawled(state, "slow", NOW - 5 * HOUR, outcome=None)
        assert register.take("slow")
        for _ in range(3):
            assert schedule.tick([source("slow")], NOW) == {}
        assert caplog.text.count("slow: skipped, as the crawl that began at") == 1
        (row,) = state.db.execute("select due_at, why from schedule")
        assert tuple(row) == (timestamp(NOW + HOUR), "being crawled")
        register.release("slow")
        assert list(schedule.tick([source("slow")], NOW)) == ["slow"]


def test_what_fell_due_before_quiet_hours_waits_for_their_end(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)  # 20:00 in Shanghai
    at_night = source("news", quiet="23:00-07:00")
    with scheduling(tmp_path) as (schedule, state, _):
        crawled(state, "news", noon, outcome="stopped")
        assert schedule.tick([at_night], noon + 5 * HOUR) == {}
        (row,) = state.db.execute("select due_at, why from schedule")
        assert tuple(row) == (timestamp(noon + 11 * HOUR), "quiet hours")
        assert list(schedule.tick([at_night], noon + 11 * HOUR)) == ["news"]


def test_a_clock_that_was_years_ahead_keeps_no_source_waiting(tmp_path: Path) -> None:
    with scheduling(tmp_path) as (schedule, state, _):
        crawled(state, "news", NOW - 3 * HOUR)
        crawled(state, "news", NOW + 9000 * HOUR)
        assert list(schedule.tick([source("news")], NOW)) == ["news"]


def test_what_was_missed_is_caught_up_once_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "dunwatch")
    with scheduling(tmp_path) as (schedule, state, _):
        crawled(state, "news", NOW - 9 * HOUR)
        assert list(schedule.tick([source("news")], NOW)) == ["news"]
        assert schedule.tick([source("news")], NOW) == {}
        assert "3 more were missed: crawled once for all" in caplog.text


def test_a_source_that_fails_is_in_the_status_with_its_next_time(tmp_path: Path) -> None:
    with scheduling(tmp_path) as (schedule, state, _):
        for hours in (9, 6, 3):
            crawled(state, "down", NOW - hours * HOUR, pages=0)
        crawled(state, "gone", NOW)
        assert schedule.tick([source("down"), source("gone")], NOW) == {}
        assert schedule.tick([source("down")], NOW) == {}
        (plan,) = health(state).plans
        assert (plan.source, plan.failures, plan.why) == ("down", 3, "failed 3 times in a row")
        assert plan.due_at == NOW + 13 * HOUR


def test_a_day_whose_pages_are_spent(tmp_path: Path) -> None:
    capped = source("capped", limits={"max_pages_a_day": 5})
    with scheduling(tmp_path) as (schedule, _, register):
        register.spend("capped", capped.day(NOW), 5)
        assert schedule.tick([capped], NOW) == {}
        assert list(schedule.tick([capped], NOW + 24 * HOUR)) == ["capped"]


def test_a_source_that_is_not_watched_any_more_drifts_no_more(tmp_path: Path) -> None:
    with scheduling(tmp_path) as (schedule, state, _):
        for name in ("kept", "disabled"):
            crawled(state, name, NOW - HOUR)
            with state.transaction() as db:
                row = (name, timestamp(NOW), '[{"kind": "pages", "bad": 9, "all": 9, "before": 0, "crawls": 1}]')
                db.execute("insert into drift (source, opened_at, first, signs) values (?, ?, 1, ?)", row)
        schedule.tick([source("kept")], NOW)
        assert [it.source for it in health(state).drifts] == ["kept"]
