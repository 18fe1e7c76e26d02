"""Interval or cron, time zones, jitter, what was missed, what overlapped, failures, quiet hours, the day's cap."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.timing import Crawl, due
from crawler.sources import Source

NOON = datetime(2026, 11, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINE, FAILED, SILENT = ("finished", True), ("failed", False), ("finished", False)


def source(**words: Any) -> Source:
    return Source.model_validate({"name": "a", "kind": "feed", "start": ["http://a.example/"], **words})


def crawls(*ended: tuple[str, bool], hours: float = 0.5) -> list[Crawl]:
    """The newest began at noon, the others an hour earlier each; each took so many hours."""
    starts = [NOON - number * HOUR for number in range(len(ended))]
    return [Crawl(at, at + hours * HOUR, *how) for at, how in zip(starts, ended, strict=True)]


def hours_after_noon(of: Source, last: list[Crawl], **words: Any) -> float:
    return (due(of, last, NOON, **words).at - NOON) / HOUR


def test_an_interval_counts_from_the_beginning_of_the_last_crawl() -> None:
    assert hours_after_noon(source(every="2h"), []) == 0
    assert hours_after_noon(source(every="2h"), crawls(FINE)) == 2


def test_cron_goes_by_the_clocks_of_the_source() -> None:
    morning = source(cron="0 8 * * *")
    assert hours_after_noon(morning, crawls(FINE)) == 12  # 8:00 in Shanghai is midnight in UTC
    assert hours_after_noon(morning, []) == 12
    assert hours_after_noon(source(cron="0 8 * * *", timezone="UTC"), crawls(FINE)) == 20


@pytest.mark.parametrize(("day", "fall"), [("2026-03-28", False), ("2026-10-24", True)])
def test_a_change_of_clocks_skips_nothing_and_repeats_nothing(day: str, fall: bool) -> None:
    """2:30 in Berlin isn't there on one night of the year, and is there twice on another."""
    night, at = source(cron="30 2 * * *", timezone="Europe/Berlin"), datetime.fromisoformat(f"{day}T12:00+00:00")
    moments = []
    for _ in range(3):
        at = due(night, [Crawl(at, at + HOUR / 2, "finished", True)], at).at
        moments.append(at.astimezone(night.zone))
    assert len({moment.date() for moment in moments}) == 3
    assert [moment.hour for moment in moments] == ([2, 2, 2] if fall else [3, 2, 2])


def test_what_fell_due_while_a_crawl_went_on_is_skipped() -> None:
    assert hours_after_noon(source(every="2h"), crawls(FINE, hours=5)) == 6
    assert hours_after_noon(source(every="2h"), crawls(FINE, hours=4)) == 4
    assert hours_after_noon(source(cron="0 * * * *"), crawls(FINE, hours=2.5)) == 3


def test_what_fell_due_while_nothing_ran_is_made_up_for_once() -> None:
    """A day later one crawl is due; after it the next one is in the future."""
    for rhythm in (source(every="2h"), source(cron="0 */2 * * *")):
        assert hours_after_noon(rhythm, crawls(FINE)) == 2
        late = Crawl(NOON + 24.25 * HOUR, NOON + 24.5 * HOUR, "finished", True)
        assert hours_after_noon(rhythm, [late, *crawls(FINE)]) in (26, 26.25)


def test_failures_wait_twice_as_long_each_time_up_to_a_day() -> None:
    often = source(every="2h")
    waits = [hours_after_noon(often, crawls(*[FAILED] * count, FINE)) for count in range(1, 7)]
    assert waits == [4, 8, 16, 24, 24, 24]
    assert due(often, crawls(SILENT, FAILED, FAILED, FINE, FAILED), NOON).failures == 3
    assert hours_after_noon(source(every="5d"), crawls(*[FAILED] * 9)) == 5 * 24
    assert hours_after_noon(source(cron="0 * * * *"), crawls(*[FAILED] * 2)) == 4


def test_a_stopped_or_killed_crawl_goes_on_at_once_but_not_for_ever() -> None:
    daily = source(cron="0 8 * * *")
    assert hours_after_noon(daily, crawls(("stopped", True))) == 0
    killed = [Crawl(NOON - number * HOUR) for number in range(30)]
    assert hours_after_noon(daily, killed[:1]) == 0
    assert hours_after_noon(daily, killed[:3]) * 60 == 2
    assert hours_after_noon(daily, killed) == 24


def test_quiet_hours_are_left_alone() -> None:
    for written, until in (("20:00-7:30", 11.5), ("22:00-23:00", 3), ("22:01-23:00", 2), ("21:00-22:00", 2)):
        assert hours_after_noon(source(every="2h", quiet=written), crawls(FINE)) == until
    assert due(source(every="2h", quiet="20:00-7:30"), crawls(FINE), NOON).why == "quiet hours"


def test_a_day_whose_pages_are_spent_is_over() -> None:
    capped = source(every="2h", limits={"max_pages_a_day": 100})
    assert hours_after_noon(capped, crawls(FINE), spent_on=NOON) == 4  # midnight in Shanghai
    assert hours_after_noon(source(every="9h"), crawls(FINE), spent_on=NOON) == 9


@given(st.integers(0, 10**6), st.sampled_from(["5m", "3h"]))
def test_jitter_is_the_same_whenever_one_asks_and_within_its_bound(minutes: int, jitter: str) -> None:
    begun = [Crawl(NOON + timedelta(minutes=minutes), NOON + timedelta(minutes=minutes + 5), "finished", True)]
    plain, late = source(cron="0 8 * * *"), source(cron="0 8 * * *", jitter=jitter)
    assert due(late, begun, NOON) == due(late, begun, NOON + HOUR)
    assert timedelta() <= due(late, begun, NOON).at - due(plain, begun, NOON).at <= 3 * HOUR


def test_jitter_differs_from_source_to_source() -> None:
    names = [f"source-{number}" for number in range(50)]
    moments = {due(source(name=name, cron="0 8 * * *", jitter="1h"), [], NOON).at for name in names}
    assert len(moments) == 50
    assert max(moments) - min(moments) > HOUR / 2
