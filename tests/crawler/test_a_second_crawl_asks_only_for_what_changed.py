"""Known pages are asked for conditionally, at growing intervals; only what changed gives a new version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.run import COUNTS
from tests.crawler import crawling
from tests.crawler.crawling import farm, feed
from tests.site.server import Site

CHANGED = "/news/20261104-1.html"
ARTICLE = "1004.html"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def test_lists_are_asked_again_and_articles_not_yet(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    site.requests.clear()
    told = crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    assert {it.path: it.answered for it in site.asked()} == dict.fromkeys(
        ["/news/sitemap.xml", "/news/sitemap-old.xml", "/news/sitemap-new.xml.gz"], 304
    )
    assert told.ok
    assert told.counts["feed"] == dict.fromkeys(COUNTS, 0) | {"unchanged": 3}


def test_unchanged_articles_give_nothing_and_a_changed_one_a_second_version(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    site.requests.clear()
    site.change(CHANGED, "有人一天之内接到九十多个电话", "有人一天之内接到一百多个电话")
    crawling.let_time_pass(tmp_path, hours=7)
    told = crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    articles = {it.path: it.answered for it in site.asked() if it.path.endswith(".html")}
    assert len(articles) == 13
    assert {path for path, status in articles.items() if status == 200} == {CHANGED}
    assert (told.counts["feed"]["posts"], told.counts["feed"]["unchanged"]) == (1, 15)
    assert crawling.versions(tmp_path) == 14


def test_a_site_without_validators_is_compared_by_its_bytes(site: Site, tmp_path: Path) -> None:
    for page in site.pages.values():
        page.headers = {"ETag": "", "Last-Modified": ""}
    crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    crawling.let_time_pass(tmp_path, hours=7)
    told = crawling.run(tmp_path, feed(site.url, "/news/sitemap.xml"))
    assert (told.counts["feed"]["posts"], told.counts["feed"]["unchanged"]) == (0, 16)
    assert crawling.versions(tmp_path) == 13


def test_what_a_crawl_was_not_allowed_to_fetch_the_next_one_fetches(site: Site, tmp_path: Path) -> None:
    few = farm(site.url, limits={**crawling.LIMITS, "max_articles": 10})
    crawling.run(tmp_path, few)
    assert len([it for it in site.asked() if it.path.startswith("/farm/1")]) <= 10
    crawling.run(tmp_path, few)
    assert len(crawling.posts(tmp_path)) == 14
    fetched = [it.path for it in site.asked() if it.path.startswith("/farm/1")]
    assert len(fetched) == len(set(fetched)) == 14


def test_a_page_that_keeps_failing_is_given_up_and_one_that_is_gone_at_once(site: Site, tmp_path: Path) -> None:
    site.pages.pop("/farm/1001.html")
    for _ in range(4):
        crawling.run(tmp_path, farm(site.url))
    tries_of_a_crawl = 3
    assert len(site.asked("/farm/9001.html")) == 3 * tries_of_a_crawl
    assert len(site.asked("/farm/1001.html")) == 1


def test_max_pages_bounds_the_lists(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, farm(site.url, max_pages=2))
    assert site.asked("/farm/list_2.html")
    assert not site.asked("/farm/list_3.html")


def test_links_css_narrows_and_other_hosts_are_left_alone(site: Site, tmp_path: Path) -> None:
    site.change("/farm/", "1014.html", "http://elsewhere.example/farm/1014.html")
    narrow = farm(site.url, links_css="ul.list li:first-child", max_pages=1)
    crawling.run(tmp_path, narrow)
    assert not crawling.posts(tmp_path)
    assert not crawling.rejected(tmp_path)


def test_lists_are_read_again_where_other_links_are_wanted_now(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, farm(site.url, links=[r"/farm/100[1-3]\.html$"]))
    assert len(crawling.posts(tmp_path)) == 3
    site.requests.clear()
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == 14
    site.requests.clear()
    crawling.run(tmp_path, farm(site.url))
    assert {
        it.answered for it in site.asked() if it.path.startswith(("/farm/list", "/farm/?")) or it.path == "/farm/"
    } == {304}


def test_a_page_that_was_never_read_is_not_unchanged(site: Site, tmp_path: Path) -> None:
    site.fail("/farm/", 304, times=1)
    site.fail(f"/farm/{ARTICLE}", 304, times=1)
    first = crawling.run(tmp_path, farm(site.url))
    assert (first.ok, first.counts["farm"]["errors.http 304"]) == (False, 1)
    second = crawling.run(tmp_path, farm(site.url))
    assert (second.ok, second.counts["farm"]["errors.http 304"]) == (True, 1)
    assert len(crawling.posts(tmp_path)) == 13
    crawling.run(tmp_path, farm(site.url))
    assert len(crawling.posts(tmp_path)) == 14
