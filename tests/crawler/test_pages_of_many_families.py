"""What docs/extraction.md claims of the pages of many families of sites holds: title, text, author, time, replies."""

from datetime import datetime
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from crawler.files import posts_of
from crawler.page import read_page
from indexer.post import Post
from indexer.text.dates import day_in_url
from indexer.text.furniture import clean
from indexer.text.repair import repair
from tests.families import HELD, TUNE, Page, families
from tests.shapes import ZONE, similarity


def measured(page: Page) -> tuple[bool, float, bool, bool, float | None]:
    """Title, text, author, time and replies; None where the page shows none and none was found."""
    found = read_page(page.body, None, css={}, timezone=ZONE, now=page.now)
    article = clean(repair(found.title).text, repair(found.text).text, timezone=ZONE, now=page.now)
    at = found.published_at or article.published_at or day_in_url(page.url, timezone=ZONE, now=page.now)
    said, shown = (tuple(it.text for it in replies) for replies in (found.replies, page.replies))
    return (
        page.title in (None, article.title),
        similarity(article.body, page.text),
        (found.author or article.author) == page.author,
        same(at, page),
        similarity("".join(said), "".join(shown)) if said or shown else None,
    )


def same(at: datetime | None, page: Page) -> bool:
    if at is None or page.time is None:
        return at is page.time
    if page.to_the_day:
        return at.astimezone(ZoneInfo(ZONE)).date() == page.time.date()
    return abs((at - page.time).total_seconds()) < 60


@pytest.mark.parametrize(
    ("folder", "least"),
    [(HELD, (0.97, 0.97, 0.94, 1.0, 0.98)), (TUNE, (1.0, 0.99, 0.87, 0.96, 0.99))],
    ids=["held", "tune"],
)
def test_pages_of_many_families_are_read(folder: Path, least: tuple[float, ...]) -> None:
    found = [measured(page) for page in families(folder)]
    for part, share in zip(zip(*found, strict=True), least, strict=True):
        assert mean(float(it) for it in part if it is not None) >= share - 0.005


def test_a_saved_thread_gives_each_reply_as_its_own_post(tmp_path: Path) -> None:
    page = next(it for it in families(HELD) if it.family == "tieba-like")
    (tmp_path / "thread.html").write_bytes(page.body)
    posts = [it for it in posts_of(tmp_path, now=page.now, timezone=ZONE) if isinstance(it, Post)]
    assert [it.kind for it in posts] == ["article", *("reply" for _ in page.replies)]
    assert posts[0].author == page.author
    assert posts[0].text.startswith(page.text.split("\n")[0])
    assert [(it.author, it.text) for it in posts[1:]] == [(it.author, it.text) for it in page.replies]
    assert len({it.id for it in posts}) == len(posts)
    assert all(it.published_at for it in posts)


TEXT = "<p>昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。我已经多次要求协商，都被拒绝。</p>"
CARD = (
    "<div class=i><a href=/a>催收外包的账怎么算：一张价目表里的行业</a>"
    "<b>数据组</b><i>2026-11-0{}</i><span>评论 3</span></div>"
)


def test_a_list_of_other_articles_is_no_replies() -> None:
    html = f"<h1>标题在此</h1><div>{TEXT}{TEXT}</div><div>{''.join(map(CARD.format, range(1, 6)))}</div>"
    found = read_page(html.encode(), None, css={}, timezone=ZONE, now=datetime.fromisoformat("2026-11-20T00:00Z"))
    assert found.replies == ()
    assert "价目表" not in found.text


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.cn/2026/10/03/x.html", "2026-10-03"),
        ("https://a.cn/n/20261003/1.html", "2026-10-03"),
        ("https://a.cn/c/t20261003_12.shtml", "2026-10-03"),
        ("https://a.cn/c/2026-10/03/c_11.htm", "2026-10-03"),
        ("https://a.cn/p/2026100312345.html", None),
        ("https://a.cn/2026/13/03/x.html", None),
        ("https://a.cn/2027/10/03/x.html", None),
        ("file:///backup/2026/10/03/x.html", None),
    ],
)
def test_a_day_in_an_address(url: str, day: str | None) -> None:
    at = day_in_url(url, timezone=ZONE, now=datetime.fromisoformat("2026-11-20T00:00Z"))
    assert (at and f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d}") == day
