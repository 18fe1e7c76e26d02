"""Threads and articles are visited again: what is gone is marked, what only moved isn't, and all of it is kept."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.post import Post, document_id
from indexer.sources.drift import Crawl, signs
from tests.crawler import crawling
from tests.crawler.crawling import deleted, farm, let_time_pass, preset, run
from tests.site.pages import Page, phpbb_of
from tests.site.server import Site
from tests.site.threads import Said, threads

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
START = "/phpbb/viewforum.php?f=2"
LONG = "/phpbb/viewtopic.php?t=100"
"""A thread of three pages."""
NEWEST_FIRST: dict[str, Any] = {
    "name": "talk",
    "kind": "forum",
    "links": [r"/talk/1\.html$"],
    "first_page": [{"find": r"-\d+\.html$", "put": ".html"}],
    "page": {"title": "h1", "next": "a.next", "items": {"each": ".post", "id": "::attr(id)", "text": "p"}},
    "loopback": True,
    "limits": crawling.LIMITS,
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture
def forum(site: Site, tmp_path: Path) -> dict[str, Any]:
    """A forum that was crawled seven hours ago."""
    source = preset(site.url, "phpbb", START)
    run(tmp_path, source)
    let_time_pass(tmp_path, hours=7)
    return source


def having(site: Site, first: Sequence[Said]) -> None:
    """The forum as before, but for what its first thread holds."""
    before, *others = threads()
    site.pages |= phpbb_of([replace(before, posts=tuple(first)), *others])


def id_of(site: Site, said: Said) -> str:
    return document_id(f"{site.url}{LONG}", f"p{said.id}")


def of_the_long_one(folder: Path) -> list[Post]:
    return [post for post in crawling.posts(folder) if post.url.endswith("?t=100")]


def test_a_deleted_reply_is_marked_and_those_that_moved_up_are_not(
    site: Site, forum: dict[str, Any], tmp_path: Path
) -> None:
    before = threads()[0].posts
    assert id_of(site, before[4]) in {post.id for post in of_the_long_one(tmp_path)}
    having(site, [*before[:4], *before[5:]])
    told = run(tmp_path, forum)
    assert deleted(tmp_path) == {id_of(site, before[4])}
    assert told.counts["phpbb"]["deleted"] == 1
    assert len(of_the_long_one(tmp_path)) == 23, "what it said is kept"


def test_a_new_reply_is_found_and_deletes_nothing(site: Site, forum: dict[str, Any], tmp_path: Path) -> None:
    before = threads()[0].posts
    more = [replace(before[0], id=9000 + place, floor=24 + place, text=f"又来一条（{place}）") for place in range(9)]
    having(site, [*before, *more])
    run(tmp_path, forum)
    assert len(of_the_long_one(tmp_path)) == 23 + 9
    assert not deleted(tmp_path)


def test_replies_that_newer_ones_push_to_another_page_are_not_deleted(site: Site, tmp_path: Path) -> None:
    source = {**NEWEST_FIRST, "start": [f"{site.url}/talk/"]}

    def says(*numbers: int) -> None:
        pages = [numbers[start : start + 3] for start in range(0, len(numbers), 3)]
        site.pages["/talk/"] = Page(b'<html><body><a href="1.html">thread</a></body></html>')
        for place, some in enumerate(pages, 1):
            posts = "".join(
                f'<div class="post" id="r{it}"><p>第 {it} 条回复，说的是催收电话。</p></div>' for it in some
            )
            following = f'<a class="next" href="1-{place + 1}.html">next</a>' if place < len(pages) else ""
            path = "/talk/1.html" if place == 1 else f"/talk/1-{place}.html"
            site.pages[path] = Page(f"<html><body><h1>一个帖子</h1>{posts}{following}</body></html>".encode())

    says(5, 4, 3, 2, 1)
    run(tmp_path, source)
    let_time_pass(tmp_path, hours=7)
    says(7, 6, 5, 4, 2, 1)  # 3 was deleted, 4 was pushed to the second page
    run(tmp_path, source)
    assert {it.part for it in crawling.posts(tmp_path)} == {f"r{number}" for number in range(1, 8)}
    assert deleted(tmp_path) == {document_id(f"{site.url}/talk/1.html", "r3")}


@pytest.mark.parametrize("how", ["404", "410", "a page that says so"])
def test_a_thread_that_is_gone_and_comes_back(site: Site, forum: dict[str, Any], tmp_path: Path, how: str) -> None:
    pages = {path: page for path, page in site.pages.items() if path.startswith("/phpbb/viewtopic") and "t=100" in path}
    for path in pages:
        says = "<html><body><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></body></html>".encode()
        site.pages[path] = Page(says, status=int(how) if how.isdigit() else 200)
    run(tmp_path, forum)
    all_of_it = {id_of(site, said) for said in threads()[0].posts}
    assert deleted(tmp_path) == all_of_it
    site.pages |= pages
    let_time_pass(tmp_path, hours=7)
    run(tmp_path, forum)
    assert not deleted(tmp_path)
    assert crawling.versions(tmp_path) == sum(len(thread.posts) for thread in threads())


def test_an_article_that_is_gone_is_marked(site: Site, tmp_path: Path) -> None:
    run(tmp_path, farm(site.url))
    let_time_pass(tmp_path, hours=7)
    site.pages.pop("/farm/1001.html")
    told = run(tmp_path, farm(site.url))
    assert deleted(tmp_path) == {document_id(f"{site.url}/farm/1001.html")}
    assert "errors.http 404" not in told.counts["farm"]


def test_a_layout_that_changed_deletes_nothing(site: Site, forum: dict[str, Any], tmp_path: Path) -> None:
    for path, page in site.pages.items():
        if path.startswith("/phpbb/viewtopic"):
            site.pages[path] = replace(page, body=page.body.replace(b'class="', b'class="new-'))
    told = run(tmp_path, forum)
    assert told.counts["phpbb"]["rejected"] > 5
    assert not deleted(tmp_path)


def test_a_site_that_fails_deletes_nothing(site: Site, forum: dict[str, Any], tmp_path: Path) -> None:
    for path in [it for it in site.pages if it.startswith("/phpbb/viewtopic")]:
        site.pages[path] = Page(b"error", status=503)
    run(tmp_path, forum)
    assert not deleted(tmp_path)


@pytest.mark.parametrize("shown", ["in other elements", "by a script", "to members only"])
def test_a_layout_that_leaves_only_the_first_post_readable_deletes_nothing_and_is_drift(
    site: Site, tmp_path: Path, shown: str
) -> None:
    source = talk(site, range(1, 8))
    run(tmp_path, source)
    new = {
        "in other elements": lambda body: body.replace(b'class="post"', b'class="answer"').replace(
            b'class="answer"', b'class="post"', 1
        ),
        "by a script": lambda body: (
            body.split(b"</div>")[0]
            + b"</div><script>"
            + json.dumps(body.decode().split("</div>")[1:]).encode()
            + b"</script>"
        ),
        "to members only": lambda body: body.split(b"</div>")[0] + "</div><p>登录后查看全部回复</p>".encode(),
    }[shown]
    for path in ("/talk/1.html", "/talk/2.html"):
        site.pages[path] = Page(new(site.pages[path].body))
    for _ in range(2):
        let_time_pass(tmp_path, hours=200)
        told = run(tmp_path, source)
        assert (told.counts["talk"]["read"], told.counts["talk"]["read.lost"]) == (2, 12)
        assert not deleted(tmp_path)
    history = [Crawl(seq, NOON + seq * timedelta(hours=6), {"pages": 3, "lists": 1, "read": 14}) for seq in range(6)]
    newest = Crawl(6, NOON + timedelta(days=2), told.counts["talk"])
    assert [sign.kind for sign in signs([*history, newest])] == ["lost"]


def test_replies_that_were_really_all_removed_are_marked_once_other_threads_could_be_read(
    site: Site, tmp_path: Path
) -> None:
    source = talk(site, range(1, 8))
    run(tmp_path, source)
    let_time_pass(tmp_path, hours=7)
    site.pages["/talk/1.html"] = page_of(1)
    run(tmp_path, source)
    assert not deleted(tmp_path)
    let_time_pass(tmp_path, hours=200)
    site.pages["/talk/2.html"] = page_of(*range(1, 9))
    run(tmp_path, source)
    let_time_pass(tmp_path, hours=200)
    run(tmp_path, source)
    assert deleted(tmp_path) == {document_id(f"{site.url}/talk/1.html", f"r{number}") for number in range(2, 8)}


def test_a_page_that_could_not_be_read_was_not_searched(site: Site, forum: dict[str, Any], tmp_path: Path) -> None:
    before = threads()[0].posts
    having(site, [*before[:4], *before[5:]])
    second = next(it for it in site.pages if "t=100" in it and "start=10" in it)
    readable = site.pages[second]
    site.pages[second] = Page("<html><body><p>维护中，请稍后再来</p></body></html>".encode())
    for _ in range(2):
        run(tmp_path, forum)
        assert not deleted(tmp_path)
        let_time_pass(tmp_path, hours=200)
        site.pages[LONG] = replace(site.pages[LONG], body=site.pages[LONG].body + b"<!-- other bytes -->")
    site.pages[second] = readable
    run(tmp_path, forum)
    assert deleted(tmp_path) == {id_of(site, before[4])}


def page_of(*numbers: int) -> Page:
    posts = "".join(f'<div class="post" id="r{it}"><p>第 {it} 条回复，说的是催收电话。</p></div>' for it in numbers)
    return Page(f"<html><body><h1>一个帖子</h1>{posts}</body></html>".encode())


def talk(site: Site, numbers: Iterable[int]) -> dict[str, Any]:
    """A forum of two threads with such replies."""
    site.pages["/talk/"] = Page(b'<html><body><a href="1.html">one</a> <a href="2.html">two</a></body></html>')
    site.pages["/talk/1.html"] = site.pages["/talk/2.html"] = page_of(*numbers)
    return {**NEWEST_FIRST, "links": [r"/talk/\d\.html$"], "start": [f"{site.url}/talk/"]}
