"""A site whose certificate nobody vouches for is not fetched, unless its source says so."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.crawler import crawling
from tests.crawler.crawling import farm
from tests.site.server import Site


@pytest.fixture
def site() -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Site(tls=context) as site:
        yield site


def test_an_unknown_certificate_is_an_error_that_is_told(site: Site, tmp_path: Path) -> None:
    told = crawling.run(tmp_path, farm(site.url))
    assert not told.ok
    assert crawling.posts(tmp_path) == []
    assert site.asked() == []


def test_a_source_may_do_without_a_good_certificate(site: Site, tmp_path: Path) -> None:
    crawling.run(tmp_path, farm(site.url, verify_tls=False))
    assert len(crawling.posts(tmp_path)) >= 10
