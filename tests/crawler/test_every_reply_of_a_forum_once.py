"""A crawl of forums in the shape of Discuz! and of phpBB: every reply once, with its author, time and place."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.page import NoText
from crawler.reading import markup
from crawler.reading.shape import PageShape
from indexer.post import Post
from tests.crawler import crawling
from tests.crawler.crawling import preset
from tests.site.server import Site
from tests.site.threads import Thread, threads

STARTS = {"discuz": "/discuz/forum-2-1.html", "phpbb": "/phpbb/viewforum.php?f=2"}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture(scope="module", params=STARTS)
def forum(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    name = str(request.param)
    folder = tmp_path_factory.mktemp(name)
    told = crawling.run(folder, preset(site.url, name, STARTS[name]))
    assert told.ok
    assert (told.counts[name]["rejected"], told.counts[name]["errors"]) == (0, 0), told.log
    return name, folder


def test_every_reply_once_with_author_time_and_order(forum: tuple[str, Path]) -> None:
    kept = crawling.posts(forum[1])
    by_thread = {thread.id: said_in(thread, kept) for thread in threads()}
    assert by_thread == {thread.id: wanted(thread) for thread in threads()}
    assert len(kept) == crawling.versions(forum[1]) == sum(len(thread.posts) for thread in threads())


def test_quotes_of_others_notes_of_edits_and_noise_against_copying_are_no_words_of_the_author(
    forum: tuple[str, Path],
) -> None:
    for post in crawling.posts(forum[1]):
        assert not re.search("发表于|写道|编辑|防采集|签名", post.text)
        assert post.text.count("（第") <= 1


def test_a_quote_of_nobody_stays(forum: tuple[str, Path]) -> None:
    quoting = [post for post in crawling.posts(forum[1]) if "你再不还钱就上门" in post.text]
    fourth = [thread for thread in threads() if len(thread.posts) >= 4]
    assert len(quoting) == (len(fourth) if forum[0] == "phpbb" else 0)


def test_a_page_of_a_thread_is_fetched_once(forum: tuple[str, Path], site: Site) -> None:
    pages = Counter(it.path for it in site.asked() if it.path.startswith(f"/{forum[0]}/") and it.answered == 200)
    assert set(pages.values()) == {1}
    assert len(pages) == 2 + sum(len(thread.pages(10)) for thread in threads())


def test_kinds_titles_and_evidence(forum: tuple[str, Path]) -> None:
    for post in crawling.posts(forum[1]):
        assert post.kind == ("post" if post.floor == 1 else "reply")
        assert post.title in {thread.title for thread in threads()}
        assert post.evidence


def said_in(thread: Thread, kept: list[Post]) -> list[tuple[int, str, str, str]]:
    """Floor, author, time and text of the thread's posts in order of floor."""
    of_it = [post for post in kept if re.search(rf"(?:thread-|t=){thread.id}\b", post.url)]
    lines = [(post.floor or 0, post.author, str(post.published_at), post.text.split("\n")[-1]) for post in of_it]
    return sorted(lines)


def wanted(thread: Thread) -> list[tuple[int, str, str, str]]:
    return [(said.floor, said.author, str(said.utc), said.text) for said in thread.posts]


@pytest.mark.parametrize("within", ["<p>" + "催收电话很多" * 100_000, "<p>催收电话</p>" * 60_000])
def test_a_large_page_whose_posts_are_within_one_another_is_refused_and_a_small_one_read(within: str) -> None:
    shape = PageShape.model_validate({"items": {"each": ".c", "author": "b", "time": "i", "text": "p"}})
    posts = "<div class=c><b>某人</b><i>2026-10-10 10:10</i><p>催收天天打电话</p>" * 100
    assert len(markup.read(posts, "http://a.example/", shape).records) == 100
    with pytest.raises(NoText, match="posts within one another"):
        markup.read(posts + within, "http://a.example/", shape)
