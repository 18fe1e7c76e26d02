"""The pages of our own small site, made from the YAML files and templates beside this file."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from ruamel.yaml import YAML

from tests import damage
from tests.site import complaints, forums
from tests.site.threads import Thread

HERE = Path(__file__).parent
SLOW = 507
"""The post whose page takes a second."""
A_LIST = 6
"""Articles on one list page of the farm."""

_templates = Environment(loader=FileSystemLoader(HERE / "templates"), trim_blocks=False, autoescape=True)

ROBOTS = b"User-agent: *\nDisallow: /private/\nDisallow: /board/login\n"


@dataclass
class Page:
    """What the site answers to one path."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before the answer begins."""
    cut: bool = False
    """Whether the connection is closed half way."""


def pages(url: str) -> dict[str, Page]:
    """Every page by its path; `url` is where the site is served, without a slash at the end."""
    site = {"/robots.txt": Page(ROBOTS, "text/plain")}
    for part in (_farm, _news, _board, _forums):
        site.update(part(url))
    parts = [{"href": path, "title": path} for path in ("/farm/", "/news/", "/board/")]
    site["/"] = Page(_render("index.html", title="dunwatch: a site to try it on", links=parts).encode())
    site["/about.html"] = Page(_render("index.html", title="关于我们", links=[]).encode())
    return site


def _farm(_url: str) -> Iterator[tuple[str, Page]]:
    articles = [{**it, "href": f"{it['id']}.html"} for it in documents("farm.yaml")]
    traps = [
        {"href": "/private/farm/1099.html", "title": "内部资料", "time": "2026-11-01"},
        {"href": "9001.html", "title": "网站维护中", "time": "2026-11-01"},
        {"href": "9002.html", "title": "正在更新的文章", "time": "2026-11-01"},
        {"href": "9003.html", "title": "点击查看全文", "time": "2026-11-01"},
    ]
    yield from _farm_lists([*reversed(articles), *traps])
    for article in articles:
        yield (
            f"/farm/{article['href']}",
            _gb2312("farm-article.html", **_damaged(article), others=_others(articles, article)),
        )
    secret = _render("farm-article.html", title="内部资料", paragraphs=["不应当被抓取的内容。" * 20])
    yield "/private/farm/1099.html", Page(secret.encode("gb18030"), "text/html")
    yield "/farm/9001.html", Page("内部错误".encode("gb18030"), "text/html", status=500)
    yield "/farm/9002.html", Page(b"<html><body><p>" + b"x" * 5000, "text/html", cut=True)
    yield "/farm/9003.html", Page(b"", status=302, headers={"Location": "http://10.0.0.1/farm/1.html"})


def _farm_lists(links: Sequence[Any]) -> Iterator[tuple[str, Page]]:
    chunks = [links[start : start + A_LIST] for start in range(0, len(links), A_LIST)]
    for number, chunk in enumerate(chunks, 1):
        path = "/farm/" if number == 1 else f"/farm/list_{number}.html"
        following = f"list_{number + 1}.html" if number < len(chunks) else ""
        yield path, _gb2312("farm-list.html", articles=chunk, number=number, next=following)


def _damaged(article: dict[str, Any]) -> dict[str, Any]:
    """The article's title, lead and paragraphs as the farm's software mangles them."""
    share, shifted = article.get("share", 0), article.get("shifted", ())

    def mangle(text: str, number: int) -> str:
        if article.get("traditional"):
            return damage.traditional(text)
        if number in shifted:
            return damage.shifted(text)
        return damage.annotated(text, share=share, seed=article["id"] + number, swallow=article["id"] % 2 == 0)

    paragraphs = [mangle(text, number) for number, text in enumerate(article["paragraphs"])]
    lead = damage.annotated("小编导语", share=1, seed=1)
    return {**article, "title": mangle(article["title"], 99), "lead": lead, "paragraphs": paragraphs}


def _news(url: str) -> Iterator[tuple[str, Page]]:
    articles = [{**it, "path": f"/news/{it['id']}.html", "href": f"{it['id']}.html"} for it in documents("news.yaml")]
    yield "/news/", Page(_render("index.html", title="晨光财经", links=articles).encode())
    for article in articles:
        yield article["path"], _news_page(article, others=_others(articles, article))
    old, new = articles[:6], articles[6:]
    yield "/news/sitemap.xml", _xml("sitemap-index.xml", url=url)
    yield "/news/sitemap-old.xml", _xml("sitemap.xml", url=url, articles=old, news=False)
    packed = gzip.compress(_xml("sitemap.xml", url=url, articles=new, news=True).body, mtime=0)
    yield "/news/sitemap-new.xml.gz", Page(packed, "application/gzip")


def _news_page(article: dict[str, Any], **words: Any) -> Page:
    """The article in its own encoding; `header` is the one that the server claims."""
    charset = article.get("charset", "utf-8")
    html = _render("news-article.html", **article, **words)
    if charset == "big5":
        html = damage.traditional(html)
    claimed = article.get("header", charset)
    return Page(html.encode(charset, "xmlcharrefreplace"), f"text/html; charset={claimed}" if claimed else "text/html")


def _board(url: str) -> Iterator[tuple[str, Page]]:
    posts = [{**it, "path": f"/board/{it['id']}.html", "href": f"{it['id']}.html"} for it in documents("board.yaml")]
    for post in posts:
        if post.get("at"):
            post["rfc822"] = format_datetime(datetime.fromisoformat(post["at"]))
        yield post["path"], Page(_render("board-post.html", **post).encode(), delay=1.0 if post["id"] == SLOW else 0)
    yield "/board/", Page(_render("index.html", title="有话说投诉", links=posts).encode())
    yield "/board/rss.xml", _xml("rss.xml", url=url, posts=posts[4:])
    yield "/board/atom.xml", _xml("atom.xml", url=url, posts=posts[:8])


def feed_of(url: str, path: str, posts: Sequence[dict[str, Any]]) -> dict[str, Page]:
    """Pages of the board for these posts, and their feed at `path`."""
    placed = [{**post, "path": f"/board/{post['id']}.html"} for post in posts]
    made = {post["path"]: Page(_render("board-post.html", **post).encode()) for post in placed}
    return {**made, path: _xml("rss.xml", url=url, posts=placed)}


def _forums(url: str) -> Iterator[tuple[str, Page]]:
    for path, type, body in complaints.board(url, _render):
        yield path, Page(body, type)
    for path, body in forums.discuz(_render):
        yield path, Page(body, "text/html; charset=gbk")
    for path, body in forums.phpbb(_render):
        yield path, Page(body)


def phpbb_of(threads: Sequence[Thread]) -> dict[str, Page]:
    """Pages of the forum in phpBB's shape with these threads instead."""
    return {path: Page(body) for path, body in forums.phpbb(_render, threads)}


def documents(name: str) -> list[dict[str, Any]]:
    documents = YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))
    for number, it in enumerate(documents):
        it["paragraphs"] = it.pop("text").splitlines()
        it["views"] = 137 * (number + 3) % 4999
        for key in ("time", "at"):
            if isinstance(it.get(key), datetime):
                it[key] = it[key].isoformat()
    return documents


def _others(articles: Sequence[Any], article: Any) -> list[Any]:
    at = articles.index(article)
    return [*articles[at + 1 :], *articles[:at]][:4]


def _gb2312(template: str, **words: Any) -> Page:
    """A page that says gb2312 and has characters that gb2312 has not."""
    return Page(_render(template, **words).encode("gb18030"), "text/html")


def _xml(template: str, **words: Any) -> Page:
    return Page(_render(template, **words).encode(), "application/xml")


def _render(template: str, **words: Any) -> str:
    return _templates.get_template(template).render(**words)
