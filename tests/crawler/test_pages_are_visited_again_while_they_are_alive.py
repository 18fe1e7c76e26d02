"""Pages that changed lately are visited at growing intervals; new ones go before them, and old ones behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier import Visit, next_visit
from crawler.sources import FOLLOW_UP, Sources
from indexer import engagement
from indexer.configfile import ConfigError
from indexer.state import State
from tests.crawler import crawling
from tests.crawler.crawling import farm, let_time_pass, preset, run
from tests.site.complaints import complaints
from tests.site.pages import Page
from tests.site.server import Site

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
MONTH = 31 * 24


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def articles(site: Site) -> list[str]:
    return [it.path for it in site.asked() if it.path.startswith("/farm/1")]


@pytest.mark.parametrize(
    ("rested", "wait"),
    [(0, 6), (6, 18), (7, 17), (24, 48), (100, 68), (500, 220)],
)
def test_each_visit_that_finds_nothing_new_is_followed_by_a_longer_wait(rested: int, wait: int) -> None:
    now = NOON + timedelta(hours=rested)
    assert next_visit(NOON, now, FOLLOW_UP) == Visit(now + timedelta(hours=wait))


def test_behind_the_last_time_a_page_is_old_and_seldom_visited_and_without_any_never() -> None:
    now = NOON + timedelta(days=30)
    assert next_visit(NOON, now, FOLLOW_UP) == Visit(now + timedelta(days=30), old=True)
    assert next_visit(NOON, NOON, ()) == Visit(None)


def test_new_pages_first_then_changed_ones_then_old_ones(site: Site, tmp_path: Path) -> None:
    source = farm(site.url, links=[r"/farm/1\d+\.html$"])
    run(tmp_path, source)
    site.change("/farm/1003.html", "。", "！", "gb18030")
    let_time_pass(tmp_path, MONTH)
    run(tmp_path, source)
    let_time_pass(tmp_path, MONTH)
    site.pages["/farm/1015.html"] = site.pages["/farm/1014.html"]
    site.change("/farm/", "1014.html", "1015.html")
    site.requests.clear()
    run(tmp_path, {**source, "limits": {**crawling.LIMITS, "max_articles": 4}})
    first, second, *others = articles(site)
    assert (first, second, len(others)) == ("/farm/1015.html", "/farm/1003.html", 2)


def test_a_source_that_is_not_followed_up_is_not_visited_again(site: Site, tmp_path: Path) -> None:
    never = farm(site.url, follow_up=[])
    run(tmp_path, never)
    let_time_pass(tmp_path, MONTH)
    site.requests.clear()
    run(tmp_path, never)
    assert not articles(site)


@pytest.mark.parametrize("wrong", ["[1d, 6h]", "[1d, 1d]", "[sometimes]"])
def test_times_that_do_not_grow_are_wrong(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(
        "sources:\n  - name: a\n    kind: feed\n    start: [https://example.com/rss]\n"
        f"    follow_up: {wrong}\n", encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(ConfigError, match=r"sources.yaml:5: sources\[0\].follow_up.*expected"):
        Sources.read(file)


def test_counters_are_kept_over_time(site: Site, tmp_path: Path) -> None:
    path, start = "/likes/1.html", f"{site.url}/likes/"
    source = {
        "name": "likes", "kind": "forum", "start": [start], "links": [r"1\.html"], "loopback": True,
        "limits": crawling.LIMITS,
        "page": {"items": {"each": "p", "id": "::attr(id)", "text": "b", "counts": {"likes": "i"}}},
    }  # fmt: skip
    site.pages["/likes/"] = Page(b'<a href="1.html">thread</a>')
    site.pages[path] = Page('<p id="a"><b>催收天天打电话</b><i>7</i></p>'.encode())
    run(tmp_path, source)
    for before, after in (("7", "12"), ("12", "40")):
        let_time_pass(tmp_path, 200)
        site.change(path, f"<i>{before}</i>", f"<i>{after}</i>")
        run(tmp_path, source)
    (post,) = crawling.posts(tmp_path)
    with State(tmp_path / "data") as state:
        assert [dict(it.counts) for it in engagement.over_time(state, post.id)] == [{"likes": n} for n in (7, 12, 40)]
    assert crawling.versions(tmp_path) == 1


def test_what_a_wrong_selector_missed_is_read_once_it_is_mended(site: Site, tmp_path: Path) -> None:
    def reading(each: str) -> dict[str, Any]:
        return {
            "name": "thread", "kind": "forum", "start": [f"{site.url}/t/"], "links": [r"1\.html"], "loopback": True,
            "limits": crawling.LIMITS, "page": {"items": {"each": each, "text": "b"}},
        }  # fmt: skip

    site.pages["/t/"] = Page(b'<a href="1.html">thread</a>')
    site.pages["/t/1.html"] = Page("<p><b>催收天天打电话</b></p>".encode())
    assert run(tmp_path, reading(".old")).counts["thread"]["rejected"] == 1
    let_time_pass(tmp_path, 7)
    run(tmp_path, reading("p"))
    assert [it.text for it in crawling.posts(tmp_path)] == ["催收天天打电话"]
    let_time_pass(tmp_path, 200)
    assert run(tmp_path, reading("p")).counts["thread"]["unchanged"] == 2
    assert crawling.versions(tmp_path) == 1


def test_a_lender_s_answer_is_found_at_a_later_visit(site: Site, tmp_path: Path) -> None:
    source = preset(site.url, "tousu", "/tousu/api/index/feed?page=1&type=1", kind="board")
    waiting, answered = complaints()[0], complaints()[1]
    path = f"/tousu/complaint/view/{waiting.id}/"
    run(tmp_path, source)
    site.pages[path] = Page(
        site.pages[f"/tousu/complaint/view/{answered.id}/"].body.replace(str(answered.id).encode(), b"17000")
    )
    let_time_pass(tmp_path, 7)
    run(tmp_path, source)
    (now,) = (it for it in crawling.posts(tmp_path) if path in it.url and it.kind == "complaint")
    assert now.complaint and now.complaint.status == "replied" and now.complaint.reply_hours


def test_a_clock_that_was_a_year_ahead_keeps_no_page_waiting(site: Site, tmp_path: Path) -> None:
    run(tmp_path, farm(site.url))
    let_time_pass(tmp_path, hours=-365 * 24)
    site.requests.clear()
    run(tmp_path, farm(site.url))
    assert len(set(articles(site))) == 14
    let_time_pass(tmp_path, hours=7)
    site.requests.clear()
    run(tmp_path, farm(site.url))
    assert len(set(articles(site))) == 14, "and they go on being followed"
