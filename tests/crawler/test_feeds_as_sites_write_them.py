"""Feeds break their standards in ways that are known; what they say is understood, or left out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.spiders.feed import feed, moment, sitemap

ZONE = ZoneInfo("Asia/Shanghai")
URL = "https://example.com/feed"
MEANT = datetime(2024, 10, 3, 3, 58, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Thu, 03 Oct 2024 03:58:47 GMT",
        "Thu, 03 Oct 2024 03:58:47 -0000",
        "Thu, 03 Oct 2024 11:58:47 +0800",
        "Thu, 03 Oct 2024 11:58:47 CST",
        "Thu, 03 Oct 2024 11:58:47",
        "2024-10-03T11:58:47+08:00",
        "2024-10-03T03:58:47Z",
        " 2024-10-03 11:58:47 ",
    ],
)
def test_times(written: str) -> None:
    assert moment(written, ZONE) == MEANT


@pytest.mark.parametrize(
    "written",
    [
        "",
        "gestern",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-12:00",
        "Mon, 01 Jan 99999999999999999999 00:00:00 +0000",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
    ],
)
def test_what_is_no_time_of_a_page(written: str) -> None:
    assert moment(written, ZONE) is None


@pytest.mark.parametrize("charset", ["gb2312", None])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0"?>'])
def test_titles_in_gbk_whatever_is_declared(charset: str | None, declared: str) -> None:
    body = (
        f"{declared}<rss><channel><item><title>他们暴力催收，骂了我的家人</title><link>/1</link></item></channel></rss>"
    )
    (link,) = feed(body.encode("gb18030"), URL, ZONE, charset)
    assert link.hint["title"] == "他们暴力催收，骂了我的家人"


def test_a_title_is_text_without_markup() -> None:
    entry = '<entry><title type="html">&lt;b&gt;催收&lt;/b&gt;投诉</title><link href="/1"/></entry>'
    (link,) = feed(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode(), URL, ZONE)
    assert (link.url, link.hint["title"]) == ("https://example.com/1", "催收投诉")


def test_an_entry_without_an_address_is_no_link_to_the_feed_itself() -> None:
    assert not list(feed(b"<rss><channel><item><title>x</title></item></channel></rss>", URL, ZONE))
    assert not sitemap(b"<urlset><url><loc> </loc></url><url/></urlset>", URL, ZONE).articles
