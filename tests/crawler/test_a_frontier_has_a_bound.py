"""What is known of a source has a bound over all crawls: the newest and nearest stay, and what went is told."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.frontier import Answer, Frontier, Link
from crawler.sources import Limits
from indexer.state import State
from tests.cli import dunwatch
from tests.crawler import crawling
from tests.crawler.crawling import farm
from tests.site.pages import Page
from tests.site.server import Site

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
MOST = 100
FOLLOW_UP = (DAY, 7 * DAY)


def links(first: int, last: int) -> list[Link]:
    return [Link(f"https://a.example/{number:04}") for number in range(first, last)]


def held(state: State) -> set[int]:
    return {int(row["url"][-4:]) for row in state.db.execute("select url from page")}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "data") as opened:
        yield opened


def frontier(state: State, articles: int = 1000) -> Frontier:
    """As one crawl has it."""
    return Frontier(state, "a", FOLLOW_UP, Limits(max_known=MOST, max_articles=articles))


def numbers(*spans: tuple[int, int]) -> set[int]:
    return {number for first, last in spans for number in range(first, last)}


def fetch(of: Frontier, some: Iterable[Link], at: datetime) -> None:
    for link in some:
        of.fetched(link.url, Answer(200), at, changed=True)


def test_what_waited_for_longest_makes_room_for_what_is_new(state: State) -> None:
    for day, first in enumerate((0, 50)):
        frontier(state).discover(links(first, first + 50), "article", NOW + day * DAY)
    crawl = frontier(state)
    crawl.discover(links(90, 130), "article", NOW + 2 * DAY)
    assert held(state) == numbers((30, 130))
    assert crawl.room.dropped == 30


def test_of_more_new_links_than_have_room_the_nearest_are_taken(state: State) -> None:
    crawl = frontier(state)
    crawl.discover(links(0, 300), "article", NOW)
    assert held(state) == numbers((0, MOST))
    assert crawl.room.dropped == 200


def test_one_crawl_turns_over_no_more_than_it_may_fetch(state: State) -> None:
    frontier(state).discover(links(0, MOST), "article", NOW)
    crawl = frontier(state, articles=10)
    for _ in range(3):
        crawl.discover(links(200, 260), "article", NOW + DAY)
    assert len(held(state)) == MOST
    assert held(state) > numbers((200, 210))


def test_pages_that_changed_lately_outlive_those_that_wait_and_given_up_ones_go_first(state: State) -> None:
    first = frontier(state)
    first.discover(links(0, MOST), "article", NOW)
    for link in links(90, 95):
        first.failed(link.url, 404, NOW, final=True)
    fetch(first, links(0, 50), NOW + DAY)
    fetch(first, links(0, 10), NOW - 30 * DAY)
    for link in links(0, 10):
        first.fetched(link.url, Answer(304), NOW)  # rested for long
    crawl = frontier(state)
    crawl.discover(links(200, 205), "article", NOW + DAY)
    assert held(state) == numbers((0, 90), (95, 100), (200, 205))
    crawl.discover(links(205, 215), "article", NOW + DAY)
    assert held(state) == numbers((10, 90), (95, 100), (200, 215))


def test_what_is_under_way_stays(state: State) -> None:
    crawl = frontier(state)
    crawl.discover(links(0, MOST), "article", NOW)
    assert crawl.to_fetch(5) == [link.url for link in links(0, 5)]
    crawl.discover(links(200, 210), "article", NOW + DAY)
    assert held(state) == numbers((0, 5), (15, 100), (200, 210))


def test_a_page_that_brings_other_links_at_each_visit_is_held_to_the_bound_and_it_is_told(tmp_path: Path) -> None:
    with Site() as site:
        source = farm(site.url, start=[f"{site.url}/x/"], links=[r"/x/\d+"], name="trap")
        source["limits"] = {**crawling.LIMITS, "max_articles": 20, "max_known": MOST}
        for crawl in range(3):
            more = "".join(f'<a href="/x/{crawl}{number:03}.html">x</a>' for number in range(150))
            site.pages["/x/"] = Page(f"<html><body>{more}</body></html>".encode())
            told = crawling.run(tmp_path, source)
            assert told.counts["trap"]["dropped"] > 50
            assert "trap: more than 100 pages are known (limits: max_known)" in told.log
    with State(tmp_path / "data") as state:
        (known,) = state.db.execute("select count(*) from page where role = 'article'").fetchone()
    assert known <= MOST
    (run,) = json.loads(dunwatch(tmp_path / "data", "status", "--json").out)["runs"]
    assert run["counts"]["dropped"] > 50
