"""SIGKILL at any moment loses nothing and fetches nothing twice that was kept; SIGTERM ends in order."""

import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from indexer.state import State
from tests.crawler import crawling
from tests.crawler.crawling import ROOT, farm, feed, preset
from tests.site.server import Site
from tests.site.threads import threads

KILLS = 10


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def test_killed_ten_times_ends_with_what_one_that_ran_through_has(site: Site, tmp_path: Path) -> None:
    sources = [farm(site.url), feed(site.url, "/news/sitemap.xml")]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    crawling.run(whole, *sources)
    site.requests.clear()
    chance, died = random.Random(20261113), 0
    for _ in range(KILLS):
        died += _signal_after(chance.randint(3, 9), site, killed, *sources, delay=chance.uniform(0, 0.02)) < 0
    crawling.run(killed, *sources)
    assert died >= KILLS // 2
    assert _said(killed) == _said(whole)
    assert crawling.versions(killed) == 27
    fetched = Counter(it.path for it in site.asked() if it.answered == 200 and _is_article(it.path))
    assert len(fetched) == 27
    assert sum(fetched.values()) - len(fetched) <= died * len(sources)


def test_a_killed_crawl_of_a_forum_goes_on_within_its_threads(site: Site, tmp_path: Path) -> None:
    source = preset(site.url, "discuz", "/discuz/forum-2-1.html")
    assert [_signal_after(requests, site, tmp_path, source) for requests in (4, 5)] == [-signal.SIGKILL] * 2
    assert len(crawling.posts(tmp_path)) < sum(len(it.posts) for it in threads())
    crawling.run(tmp_path, source)
    assert crawling.versions(tmp_path) == len(crawling.posts(tmp_path)) == sum(len(it.posts) for it in threads())


def test_sigterm_ends_in_order_and_the_next_crawl_goes_on(site: Site, tmp_path: Path) -> None:
    assert _signal_after(8, site, tmp_path, farm(site.url), number=signal.SIGTERM) == 0
    with State(tmp_path / "data") as state:
        assert state.db.execute("select outcome from run").fetchone()["outcome"] == "stopped"
    before = len(crawling.posts(tmp_path))
    assert before < 14
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == 14
    fetched = [it.path for it in site.asked() if it.answered == 200 and _is_article(it.path)]
    assert len(fetched) == len(set(fetched))


def test_a_source_is_crawled_by_one_process_at_a_time(site: Site, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data/crawl-farm.lock"):
        told = crawling.run(tmp_path, farm(site.url))
    assert told.ok
    assert told.text == "farm: being crawled by another process"
    assert not site.requests


def test_a_full_disk_ends_the_crawl_with_a_clear_error_and_the_next_one_goes_on(site: Site, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: writes fail in the same places."""
    words = crawling.command(tmp_path, farm(site.url))
    limited = ["bash", "-c", 'ulimit -f 600; exec "$@"', "bash", *words]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    assert "farm: the crawl ends:" in done.stderr
    assert '"ok": false' in done.stdout
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == 14


def _signal_after(
    requests: int, site: Site, folder: Path, *sources: object, number: int = signal.SIGKILL, delay: float = 0
) -> int:
    """Crawl, with a signal once the site has seen so many requests; returns the exit code."""
    seen = 0

    def count(_path: str) -> None:
        nonlocal seen
        seen += 1
        if seen == requests:
            threading.Timer(delay, process.send_signal, [number]).start()

    words = crawling.command(folder, *sources)  # type: ignore[arg-type]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    site.on_request = count
    code = process.wait(60)
    site.on_request = lambda _path: None
    return code


def _said(folder: Path) -> set[tuple[str, str]]:
    return {(post.id, post.content_hash()) for post in crawling.posts(folder)}


def _is_article(path: str) -> bool:
    return path.startswith(("/farm/1", "/news/2"))
