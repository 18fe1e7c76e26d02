"""A host's rate is that of all who ask it; robots.txt can make it slower; caps of a day and quiet hours hold."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler import settings
from crawler.addresses import host_of
from crawler.run import Run
from crawler.scheduling.register import ALONE
from crawler.sources import Source
from indexer.datadir import DataDir
from indexer.state import State
from tests.crawler import crawling
from tests.crawler.crawling import ROOT, farm, feed
from tests.site.pages import Page
from tests.site.server import Site

LATE = 0.05
"""Seconds that a request may be late, by which the next one seems early."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def closest(site: Site) -> float:
    """Seconds between two requests of any kind, at least."""
    moments = sorted(it.at for it in site.requests)
    return min(after - before for before, after in pairwise(moments))


def test_two_sources_in_two_processes_share_the_rate_of_their_host(site: Site, tmp_path: Path) -> None:
    limits = {"delay": 0.2, "timeout": 5, "max_articles": 5}
    one = farm(site.url, limits=limits)
    other = feed(site.url, "/board/rss.xml", limits=limits)
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    words = [crawling.command(tmp_path, one), crawling.command(other_folder, other)]
    words[1][-1] = words[0][-1]  # the data directory
    crawls = [subprocess.Popen(it, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for it in words]
    assert [crawl.wait(60) for crawl in crawls] == [0, 0]
    assert {it.path.split("/")[1] for it in site.asked()} == {"farm", "board"}
    assert len(site.requests) >= 12
    assert closest(site) > 0.2 - LATE


def test_a_crawl_delay_of_robots_txt_counts_where_it_is_more(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 0.4\n", "text/plain")
    crawling.run(tmp_path, farm(site.url, limits={"delay": 0.05, "timeout": 5, "max_articles": 4}, max_pages=1))
    assert len(site.asked()) == 5
    assert closest(site) > 0.4 - LATE


def test_requests_of_a_day_are_capped_and_the_next_day_goes_on(site: Site, tmp_path: Path) -> None:
    capped = farm(site.url, limits={**crawling.LIMITS, "max_pages_a_day": 8})
    told = crawling.run(tmp_path, capped)
    assert (told.ok, len(site.requests)) == (True, 8)
    assert "farm: the 8 pages of the day are spent" in told.log
    crawling.run(tmp_path, capped)
    assert len(site.requests) == 8
    with State(tmp_path / "data") as state, state.transaction() as db:
        assert [row[0] for row in db.execute("select outcome from run")] == ["stopped", "stopped"]
        db.execute("update spent set day = '2026-01-01'")
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == 14


def test_quiet_hours_are_kept_by_hand_too(site: Site, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=1), now + timedelta(hours=2)
    quiet = farm(site.url, timezone="UTC", quiet=f"{start:%H:%M}-{end:%H:%M}")
    assert crawling.run(tmp_path, quiet).text == f"farm: quiet hours until {end:%H:%M}"
    assert site.requests == []


def test_a_crawl_ends_when_quiet_hours_begin(site: Site, tmp_path: Path) -> None:
    quiet = Source.model_validate(farm(site.url, timezone="UTC", quiet="00:00-01:00"))
    data = DataDir(tmp_path)
    with data.state() as state:
        run = Run.begin(quiet, state, data, ALONE.register(data, state))
    midnight = (run.started_at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert run.ends_at == min(midnight, run.started_at + timedelta(hours=1))
    assert settings.of(run, "")["CLOSESPIDER_TIMEOUT"] == (run.ends_at - run.started_at).total_seconds()


def test_the_site_is_told_who_asks_and_how_to_reach_them(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, farm(site.url))
    assert {it.headers["user-agent"].rpartition(" ")[2] for it in site.requests} == {"(+mail@example.com)"}


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("http://somebody:secret@a.example/x", "a.example"),
        ("http://A.EXAMPLE.:80/x", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("https://a.example:80/", "a.example:80"),
        ("http://[::1]:8080/", "::1:8080"),
    ],
)
def test_a_host_is_one_however_its_address_is_written(written: str, host: str) -> None:
    assert host_of(written) == host


def test_a_user_in_an_address_gets_around_nothing(site: Site, tmp_path: Path) -> None:
    named = site.url.replace("//", "//somebody@")
    site.pages["/farm/1004.html"] = Page(b"", status=302, headers={"Location": f"{named}/farm/1005.html"})
    crawling.run(tmp_path, farm(named, limits={"delay": 0.1, "timeout": 5}))
    assert closest(site) > 0.1 - LATE
    assert crawling.posts(tmp_path)
    assert not [post.url for post in crawling.posts(tmp_path) if "@" in post.url]
    assert crawling.rejected(tmp_path)["/farm/1004.html"] == ("fetch", "refused: an address with a user's name")
