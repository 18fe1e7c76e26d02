"""A crawl of the real local site: every article once, with its evidence, and never what robots.txt forbids."""

import hashlib
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.crawler import crawling
from tests.crawler.crawling import Told, farm, feed
from tests.site.server import Site

FARM = [f"/farm/{number}.html" for number in range(1001, 1015)]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crawled")


@pytest.fixture(scope="module")
def told(site: Site, folder: Path) -> Told:
    news = feed(site.url, "/news/sitemap.xml", name="news")
    board = feed(site.url, "/board/rss.xml", "/board/atom.xml", name="board")
    return crawling.run(folder, farm(site.url), news, board)


def test_every_article_is_kept_and_was_fetched_exactly_once(told: Told, site: Site, folder: Path) -> None:
    kept = {post.url.removeprefix(site.url) for post in crawling.posts(folder)}
    assert kept == {path for path in site.pages if path[1:].split("/")[0] in {"farm", "news", "board"} and _real(path)}
    assert crawling.versions(folder) == len(kept) == 41
    fetched = Counter(it.path for it in site.asked() if it.answered == 200 and it.path in kept)
    assert set(fetched.values()) == {1}
    assert told.ok
    assert sum(counts["posts"] for counts in told.counts.values()) == 41


def test_robots_txt_is_read_first_and_obeyed(told: Told, site: Site) -> None:
    assert site.requests[0].path == "/robots.txt"
    assert told.counts["farm"]["robots"] == 1
    assert not [it for it in site.asked() if it.path.startswith("/private/")]


def test_it_says_who_it_is_and_sends_no_cookies_or_referrers(told: Told, site: Site) -> None:
    for asked in site.requests:
        assert asked.headers["user-agent"].startswith("dunwatch/")
        assert asked.headers["user-agent"].endswith("(+mail@example.com)")
        assert not {"cookie", "referer"} & set(asked.headers)


def test_what_fails_is_counted_with_its_reason_and_the_rest_goes_on(told: Told, folder: Path) -> None:
    rejected = crawling.rejected(folder)
    assert rejected["/farm/9001.html"] == ("fetch", "http 500")
    assert rejected["/farm/9002.html"] == ("fetch", "cut off")
    assert rejected["/farm/9003.html"][1].startswith("refused: 10.0.0.1")
    assert told.counts["farm"]["errors"] == 3
    assert "3 errors" in told.text


def test_evidence_leads_to_the_bytes_of_the_page(told: Told, site: Site, folder: Path) -> None:
    for post in crawling.posts(folder):
        assert post.evidence
        file = folder / "data/warc" / post.evidence.warc
        with file.open("rb") as warc:
            warc.seek(post.evidence.offset)
            record = next(iter(ArchiveIterator(warc, check_digests="raise")))
            body = record.content_stream().read()
        assert record.rec_type == "response"
        assert record.rec_headers["WARC-Target-URI"].startswith(post.url)
        assert hashlib.sha256(body).hexdigest() == post.evidence.sha256
        assert body == site.pages[post.url.removeprefix(site.url)].body


def test_the_archive_is_private_and_whole(told: Told, folder: Path) -> None:
    warc = folder / "data/warc"
    assert stat.S_IMODE(warc.stat().st_mode) == 0o700
    assert len(list(warc.iterdir())) == 3
    for file in warc.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        kinds = Counter(record.rec_type for record in ArchiveIterator(file.open("rb")))
        assert kinds["warcinfo"] == 1
        assert kinds["response"] == kinds["request"] >= 14


def test_an_archive_whose_tail_was_cut_is_readable_up_to_there(told: Told, folder: Path, tmp_path: Path) -> None:
    whole = next((folder / "data/warc").glob("farm-*"))
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-100])
    assert _responses(cut) == _responses(whole) >= 14


def test_a_feed_gives_the_time_where_the_page_gives_none(told: Told, folder: Path) -> None:
    found = {post.url[-8:]: post for post in crawling.posts(folder)}
    assert (found["513.html"].dated_by, str(found["513.html"].published_at)) == ("feed", "2026-11-10 02:30:00+00:00")
    assert found["501.html"].dated_by != "feed"


def test_damaged_and_wrongly_declared_pages_are_read(told: Told, folder: Path) -> None:
    found = {post.url.rpartition("/")[2]: post for post in crawling.posts(folder)}
    assert "三季度消费金融领域的投诉总量" in found["20261019-1.html"].text
    assert "催收自律規範" in found["20261029-1.html"].text
    assert "拇呤帐侄" in found["1007.html"].text


def _real(path: str) -> bool:
    return path.endswith(".html") and "list_" not in path and not path.startswith("/farm/9")


def _responses(file: Path) -> int:
    count = 0
    with file.open("rb") as warc:
        for record in ArchiveIterator(warc):
            count += record.rec_type == "response" and bool(record.content_stream().read())
    return count
