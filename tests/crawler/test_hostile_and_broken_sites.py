"""What a site does wrong is counted and kept aside; the crawl goes on and asks nobody it should not."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from parsel import Selector

from crawler import guess
from crawler.addresses import is_loopback, is_public
from crawler.frontier import MOST_LINKS
from crawler.spiders.articles import addresses
from crawler.spiders.feed import sitemap
from indexer.state import State
from tests.crawler import crawling
from tests.crawler.crawling import farm, feed
from tests.site.pages import Page
from tests.site.server import Site

OTHERS = 13
"""Articles of the farm beside the one that a test spoils."""
SPOILT = "/farm/1004.html"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        for trap in ("9001", "9002", "9003"):
            served.change("/farm/list_3.html", f'href="{trap}.html"', 'href="#"')
        yield served


SPOILT_PAGES = [
    (Page(b"<p>" + b"x" * 300_000), "fetch", "too large"),
    (Page(gzip.compress(b"<p>" + b"x" * 3_000_000), headers={"Content-Encoding": "gzip"}), "fetch", "exceeded"),
    (Page(b"<html><body></body></html>"), "extract", "text"),
    (Page(b"\x89PNG\r\n\x1a\n" + bytes(1000), "image/png"), "extract", "not a page of text"),
    (Page(b"", status=302, headers={"Location": "/farm/1005.html"}), "fetch", "redirections"),
    (Page(b"", status=302, headers={"Location": "http://10.0.0.1/"}), "fetch", "refused: 10.0.0.1"),
    (Page(b"", status=302, headers={"Location": "http://[::ffff:192.168.1.1]/"}), "fetch", "refused: ::ffff:"),
    (Page(b"", status=302, headers={"Location": "http://169.254.169.254/latest/"}), "fetch", "refused"),
    (Page(b"", status=302, headers={"Location": "file:///etc/passwd"}), "fetch", "http 302"),
]


def test_spoilt_pages_are_rejected_and_the_others_are_kept(site: Site, tmp_path: Path) -> None:
    spoilt = {f"/farm/{number}.html": it for number, it in enumerate(SPOILT_PAGES, 1001)}
    site.pages.update({path: page for path, (page, _, _) in spoilt.items()})
    told = crawling.run(tmp_path, farm(site.url, limits={**crawling.LIMITS, "max_bytes": 100_000}))
    assert len(crawling.posts(tmp_path)) == 14 - len(spoilt)
    rejected = crawling.rejected(tmp_path)
    assert set(rejected) == set(spoilt)
    for path, (_, stage, reason) in spoilt.items():
        assert rejected[path][0] == stage
        assert reason in rejected[path][1]
    assert (told.counts["farm"]["errors"], told.counts["farm"]["rejected"]) == (7, 2)


def test_a_slow_page_is_given_up_and_a_page_without_text_not_fetched_again(site: Site, tmp_path: Path) -> None:
    site.pages[SPOILT].delay = 3
    site.pages["/farm/1005.html"] = Page(b"<html></html>")
    slow = farm(site.url, limits={"delay": 0, "timeout": 0.5})
    assert crawling.run(tmp_path, slow).counts["farm"]["errors.timeout"] == 1
    crawling.run(tmp_path, slow)
    assert len(site.asked("/farm/1005.html")) == 1


def test_retry_after_is_honoured_and_the_page_then_fetched(site: Site, tmp_path: Path) -> None:
    site.fail(SPOILT, 429, Retry_After="1")
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == OTHERS + 1
    times = [it.at for it in site.requests]
    refused = next(at for at, it in enumerate(site.requests) if it.answered == 429)
    assert times[refused + 1] - times[refused] >= 0.95


def test_a_site_that_asks_for_an_hour_is_left_alone_until_the_next_crawl(site: Site, tmp_path: Path) -> None:
    site.fail(SPOILT, 503, Retry_After="3600")
    told = crawling.run(tmp_path, farm(site.url))
    assert told.counts["farm"]["errors.later"] >= 1
    assert site.requests[-1].answered == 503
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == OTHERS + 1


def test_this_machine_is_not_asked_unless_the_source_says_so(site: Site, tmp_path: Path) -> None:
    hosts = {"literal": "127.0.0.1", "name": "localhost", "short": "127.1", "number": "2130706433"}
    sources = [farm(f"http://{host}:{site.port}", name=name, loopback=False) for name, host in hosts.items()]
    told = crawling.run(tmp_path, *sources)
    assert not told.ok
    assert {counts["errors.refused"] for counts in told.counts.values()} == {1}
    assert not site.requests


def test_robots_txt_that_fails_forbids_and_none_allows(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Page(b"", status=503)
    told = crawling.run(tmp_path, farm(site.url))
    assert not told.ok
    assert not site.asked()
    site.pages.pop("/robots.txt")
    assert crawling.run(tmp_path, farm(site.url)).ok


def test_pages_asked_for_at_once_wait_for_one_robots_txt(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"].delay = 0.3
    lists = [f"{site.url}/farm/{name}" for name in ("", "list_2.html", "list_3.html", "list_3.html?again")]
    told = crawling.run(tmp_path, farm(site.url, start=lists, limits={**crawling.LIMITS, "concurrency": 4}))
    assert told.counts["farm"]["errors"] == 0
    assert len([it for it in site.requests if it.path == "/robots.txt"]) == 1


def test_what_robots_txt_forbids_keeps_nothing_else_waiting(site: Site, tmp_path: Path) -> None:
    first_list = re.findall(r'href="(1\d+\.html)"', site.pages["/farm/"].body.decode("gb18030"))
    forbidden = "".join(f"Disallow: /farm/{name}\n" for name in first_list)
    allowing = site.pages["/robots.txt"]
    site.pages["/robots.txt"] = Page(allowing.body + forbidden.encode(), "text/plain")
    few = farm(site.url, limits={**crawling.LIMITS, "max_articles": len(set(first_list))})
    for _ in range(3):
        crawling.run(tmp_path, few)
    assert len(crawling.posts(tmp_path)) == OTHERS + 1 - len(set(first_list))
    site.pages["/robots.txt"] = allowing
    crawling.run(tmp_path, few)
    assert len(crawling.posts(tmp_path)) == OTHERS + 1


def test_a_page_that_always_asks_to_wait_keeps_nothing_else_waiting(site: Site, tmp_path: Path) -> None:
    site.fail("/farm/1009.html", 429, times=100, Retry_After="Mon, 01 Jan 2999 00:00:00 GMT")
    for _ in range(4):
        crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == OTHERS


def test_a_site_that_was_away_for_long_loses_no_page(site: Site, tmp_path: Path) -> None:
    known = farm(site.url, limits={**crawling.LIMITS, "max_articles": 2})
    crawling.run(tmp_path, known)
    pages, port = site.pages, site.port
    site.__exit__(None, None, None)
    for _ in range(4):
        assert not crawling.run(tmp_path, farm(site.url)).ok
    with Site(port) as back:
        back.pages = pages
        crawling.run(tmp_path, farm(back.url))
    assert len(crawling.posts(tmp_path)) == OTHERS + 1


def test_a_start_that_leads_to_another_host_is_followed_there(site: Site, tmp_path: Path) -> None:
    site.pages["/moved"] = Page(b"", status=301, headers={"Location": f"{site.url}/farm/"})
    crawling.run(tmp_path, farm(site.url, start=[f"http://localhost:{site.port}/moved"]))
    assert len(crawling.posts(tmp_path)) == OTHERS + 1


def test_a_site_that_is_not_there_fails_clearly(site: Site, tmp_path: Path) -> None:
    told = crawling.run(tmp_path, farm("http://127.0.0.1:1"))
    assert not told.ok
    assert "1 no robots.txt" in told.text


def test_what_is_no_feed_is_rejected_and_an_entity_is_not_expanded(site: Site, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "12345"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    odd = {
        "/page.xml": (b"<html><body>not a feed</body></html>", "neither RSS nor Atom"),
        "/bomb.xml.gz": (gzip.compress(b"<urlset>" + b" " * 5_000_000), "decompressed"),
        "/broken.xml.gz": (b"\x1f\x8bbroken", "decompressed"),
        "/spoilt.xml.gz": (gzip.compress(b"<urlset>", mtime=0)[:10] + b"\xff" * 50, "decompressed"),
        "/empty.xml": (b"", "neither RSS nor Atom"),
        "/entity.xml": (bomb.encode(), ""),
    }
    site.pages.update({path: Page(body, "application/xml") for path, (body, _) in odd.items()})
    limits = {**crawling.LIMITS, "max_bytes": 1_000_000}
    told = crawling.run(tmp_path, feed(site.url, *odd, "/board/atom.xml", limits=limits))
    assert len(crawling.posts(tmp_path)) == 8
    assert told.counts["feed"]["errors"] == 5
    for path, (_, reason) in odd.items():
        assert reason in crawling.rejected(tmp_path).get(path, ("", ""))[1]


def test_a_page_with_endless_addresses_and_too_many_of_them_is_bounded(site: Site, tmp_path: Path) -> None:
    links = "".join(f'<a href="/x/{number}.html">x</a>' for number in range(60_000))
    site.pages["/x/"] = Page(f'<a class="next" href="/x/?{"a" * 100_000}">next</a>{links}'.encode())
    limits = {**crawling.LIMITS, "max_articles": 1}
    crawling.run(tmp_path, farm(site.url, start=[f"{site.url}/x/"], links=[r"/x/\d+"], limits=limits))
    assert len(site.asked()) == 2
    with State(tmp_path / "data") as state:
        (known,) = state.db.execute("select count(*) from page where role = 'article'").fetchone()
    assert known == 50_000


def test_of_endlessly_many_links_no_more_are_looked_at_than_can_be_followed() -> None:
    many = 2 * MOST_LINKS + 5
    page = Selector(text="<body>" + "".join(f"<a href=/{number}>x</a>" for number in range(many)))
    assert len(addresses(page, None, "http://b.example/")) == 2 * MOST_LINKS
    entries = "".join(f"<url><loc>http://b.example/{number}</loc></url>" for number in range(MOST_LINKS + 5))
    found = sitemap(f"<urlset>{entries}</urlset>".encode(), "http://b.example/", ZoneInfo("UTC"))
    assert len(found.articles) == MOST_LINKS


@pytest.mark.parametrize("base", ["http://[", "http://a.example:b/", "javascript:x"])
def test_a_base_element_that_is_no_address_is_left_out(base: str) -> None:
    html = f'<head><base href="{base}"></head>' + "".join(f'<a href="{n}.html">第一篇文章</a>' for n in range(5))
    assert guess.lists(html, "http://b.example/list/")["links"] == [r"/list/\d+\.html$"]


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b:1::a00:1",
        "fec0::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert is_loopback(address) == (address in {"127.0.0.1", "::1"})
