"""Title, text, author and time of pages of many shapes."""

import contextlib
from datetime import UTC, datetime

import pytest

from crawler.page import Article, NoText, read_page
from indexer.text.furniture import clean
from indexer.text.repair import repair
from tests.shapes import NOW, ZONE, Case, shapes, similarity, site

CASES = [*site(), *shapes()]
TEXT = "昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。我已经多次要求协商，都被拒绝。"


LINKED = '<script type="application/ld+json">%s</script>'


def read(html: str, **css: str) -> Article:
    return read_page(html.encode(), "utf-8", css=css, timezone=ZONE, now=NOW)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shape)
def test_a_page_says_what_was_written(case: Case) -> None:
    got = read(case.html)
    article = clean(repair(got.title).text, repair(got.text).text, timezone=ZONE, now=NOW)
    assert article.title == case.title
    assert similarity(article.body, case.text) > 0.9
    if case.time and case.shape != "site board":  # some of its times are relative, or only in the feed
        at = got.published_at or article.published_at
        assert at is not None
        assert abs((at - case.time).total_seconds()) < 60


@pytest.mark.parametrize(
    ("head", "dated_by"),
    [
        ('<meta property="article:published_time" content="2026-11-02T08:30:00+08:00">', "meta"),
        ('<meta name="publishdate" content="2026-11-02 08:30">', "meta"),
        (LINKED % '{"@type":"NewsArticle","datePublished":"2026-11-02T00:30:00Z"}', "json-ld"),
        (LINKED % '{"@graph":[{"@type":"Article","datePublished":"2026-11-02 08:30"}]}', "json-ld"),
        ('<time datetime="2026-11-02T08:30+08:00">yesterday</time>', "time"),
    ],
)  # fmt: skip
def test_metadata_dates_a_page(head: str, dated_by: str) -> None:
    article = read(f"<html><head>{head}</head><body><h1>标题在此</h1><p>{TEXT}</p></body></html>")
    assert (article.published_at, article.dated_by) == (datetime(2026, 11, 2, 0, 30, tzinfo=UTC), dated_by)


def test_css_of_a_source_wins() -> None:
    html = (
        f"<h1>站名</h1><b class=t>真标题</b><i class=a>某人</i><u class=d>10-03 12:00</u>"
        f"<p>{TEXT}{TEXT}</p><div class=x>只要这一段文字，别的都不要。</div>"
    )
    article = read(html, title=".t", author=".a", time=".d", text=".x")
    assert (article.title, article.author, article.text) == ("真标题", "某人", "只要这一段文字，别的都不要。")
    assert (article.published_at, article.dated_by) == (datetime(2026, 10, 3, 4, 0, tzinfo=UTC), "css")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        (b"<html><body><img src=x></body></html>", "no text"),
        (b"<html>", "no text"),
    ],
)
def test_what_is_no_page_is_told(body: bytes, reason: str) -> None:
    with pytest.raises(NoText, match=reason):
        read_page(body, None, css={}, timezone=ZONE, now=NOW)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 3_000 + TEXT,
        "<table><tr><td>" * 1_000 + TEXT,
        f"<p>{TEXT * 10_000}</p>",
        "<p>" + "x" * 1_000_000,
        "\0".join(f"<p>{TEXT}</p>" for _ in range(50)),
        f'<script type="application/ld+json">{"[" * 100_000}</script><p>{TEXT}</p>',
        "<a href=x>" * 20_000 + f"<p>{TEXT}</p>",
    ],
    ids=["deep", "tables", "long", "one word", "nulls", "json", "links"],
)
def test_hostile_pages_are_read_or_told(html: str) -> None:
    with contextlib.suppress(NoText):
        assert read(html).text


def test_private_use_characters_reach_the_repair() -> None:
    assert "\ue0db" in read(f"<h1>标题</h1><p>拇呤帐侄危\ue0db绫┝Υ呤？{TEXT}</p>").text
