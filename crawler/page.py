"""HTML → title, main text, author and time of an article, on any Chinese page; a source's own CSS comes first."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura
from bs4 import BeautifulSoup, Tag

from crawler.charset import decode, is_text
from crawler.elements import elements_of, lines
from crawler.main_text import main_text
from indexer.post import MAX_TEXT
from indexer.text.dates import parse_time

MOST_HEADINGS = 50
"""Headings of a page that are looked at."""
MOST_TITLE = 300
"""Characters of a title in which the site's name is looked for."""
SHORTEST = 12
"""Characters from which something is a text."""
_PRIVATE, _STAND_IN = range(0xE000, 0xF900), 0x26000
#: The extraction drops private-use characters, which are what repair needs to mend shifted bytes. They pass through it
#: as characters of CJK Extension B, which it keeps and pages don't have.
_HIDE = {code: _STAND_IN + code - _PRIVATE.start for code in _PRIVATE}
_SHOW = {stand_in: code for code, stand_in in _HIDE.items()}
_SITE_NAME = re.compile(r"\s*[-_|｜–—·]+\s*[^-_|｜–—·]{1,24}$")
_COLUMN = re.compile(r"\s*[_|｜]\s*[^-_|｜]{1,8}$")
_META_TITLE = ("og:title", "twitter:title")
_META_AUTHOR = ("author", "article:author", "og:article:author", "byl")
_META_TIME = (
    "article:published_time", "og:article:published_time", "og:published_time", "publishdate", "pubdate",
    "publish_time", "datepublished", "weibo: article:create_at", "og:release_date", "dcterms.created", "dc.date.issued",
    "apub:time", "bytedance:published_time",
)  # fmt: skip
_NO_AUTHOR = re.compile(r"https?:|^(?:admin|管理员|佚名|未知|匿名|编辑|网友)?$", re.I)
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "Posting", "Report", "QAPage", "WebPage")


class NoText(ValueError):
    """The page holds no text that could be a Post; the message says what it is instead."""


@dataclass(frozen=True)
class Article:
    """What a page says. `published_at` is aware; `dated_by` tells which part of the page said it."""

    title: str
    text: str
    author: str = ""
    published_at: datetime | None = None
    dated_by: str = ""


def read_page(body: bytes, charset: str | None, *, css: Mapping[str, str], timezone: str, now: datetime) -> Article:
    """The article on a page. Raises NoText.

    `charset` is that of the HTTP header. `css` may hold selectors for title, text, author and time. `timezone` is the
    IANA zone of times without an offset, `now` when the page was fetched.
    """
    if not body.strip():
        raise NoText("empty page")
    if not is_text(body):
        raise NoText("not a page of text but binary data")
    html = decode(body, charset)
    soup = BeautifulSoup(html, "lxml")
    facts = list(_linked_data(soup))
    title = (_by_css(soup, css.get("title")) or _title(soup, facts))[:1000]
    author = (_by_css(soup, css.get("author")) or _author(soup, facts))[:200]
    published_at, dated_by = _published(soup, facts, css.get("time"), timezone, now)
    text = _by_css(soup, css.get("text"), whole=True) or _main_text(html, soup)  # last, as it prunes the tree
    if len(text.strip()) < SHORTEST:
        raise NoText("no text on the page")
    return Article(title, text[:MAX_TEXT], author, published_at, dated_by)


def _main_text(html: str, soup: BeautifulSoup) -> str:
    """The main text, a line a paragraph: the densest block, else what trafilatura finds, else all that there is."""
    if text := main_text(soup):
        return text
    found = trafilatura.extract(html.translate(_HIDE), include_comments=False, favor_recall=True, deduplicate=False)
    return found.translate(_SHOW) if found else "\n".join(lines(soup))


def _by_css(soup: BeautifulSoup, selector: str | None, *, whole: bool = False) -> str:
    """What a selector selects: the first element's words, or the lines of all."""
    if not selector:
        return ""
    found = soup.select(selector)
    if whole:
        return "\n".join(line for tag in found for line in lines(tag))
    return " ".join(found[0].get_text(" ").split()) if found else ""


def _title(soup: BeautifulSoup, facts: list[dict[str, Any]]) -> str:
    """The headline: of the metadata, the one h1, or the title element without the site's name."""
    element = " ".join(soup.title.get_text().split()) if soup.title else ""
    headings = elements_of(soup, ("h1", "h2", "h3"))[:MOST_HEADINGS]
    found = [(tag.name, " ".join(tag.get_text(" ").split())) for tag in headings]
    begins = [heading for _, heading in found if len(heading) >= 4 and element.startswith(heading)]
    begins = begins or [heading for _, heading in found if len(heading) >= 8 and heading in element]
    if begins:  # the h1 may be the site's own name
        return max(begins, key=len)
    first = [heading for name, heading in found if name == "h1" and heading]
    for heading in first:
        if heading in element or len(first) == 1:
            return heading
    given = _meta(soup, _META_TITLE) or next((str(it["headline"]) for it in facts if it.get("headline")), "")
    given = (given or element)[:MOST_TITLE]
    shorter = _SITE_NAME.sub("", given)
    shorter = _COLUMN.sub("", shorter) if shorter != given and len(shorter) > 12 else shorter
    return shorter if len(shorter) >= 4 else given


def _author(soup: BeautifulSoup, facts: list[dict[str, Any]]) -> str:
    named = next((_names(it["author"]) for it in facts if it.get("author")), "") or _meta(soup, _META_AUTHOR)
    return "" if _NO_AUTHOR.search(named) else named


def _names(author: Any) -> str:
    """The names of authors as JSON-LD writes them: names, or objects that have one; whatever else there is, is none."""
    names = [it.get("name") if isinstance(it, dict) else it for it in _as_list(author)]
    return " ".join(name.strip() for name in names if isinstance(name, str) and name.strip())


def _published(
    soup: BeautifulSoup, facts: list[dict[str, Any]], selector: str | None, timezone: str, now: datetime
) -> tuple[datetime | None, str]:
    """When the page says that it was published, and which part says so. Bylines in the text are the analysis's work."""
    said = [("css", _by_css(soup, selector))] if selector else []
    said += [("json-ld", str(it["datePublished"])) for it in facts if it.get("datePublished")]
    said += [("meta", _meta(soup, _META_TIME))]
    said += [("meta", str(tag.get("content") or "")) for tag in soup("meta", itemprop="datePublished")]
    said += [("time", str(tag.get("datetime"))) for tag in _times(soup)[:1]]
    for dated_by, written in said:
        if moment := parse_time(written, timezone=timezone, now=now):
            return moment, dated_by
    return None, ""


def _times(soup: BeautifulSoup) -> list[Tag]:
    if not soup.find("time"):  # finding one by CSS takes long
        return []
    return soup.select("time[datetime][pubdate], time[itemprop=datePublished], article time[datetime], time[datetime]")


def _meta(soup: BeautifulSoup, names: tuple[str, ...]) -> str:
    """The content of the first meta element with one of these names that has any."""
    found = {str(tag.get("property") or tag.get("name") or "").lower(): tag.get("content") for tag in soup("meta")}
    return next((" ".join(str(found[name]).split()) for name in names if found.get(name)), "")


def _linked_data(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """Objects of JSON-LD that describe an article."""
    for script in soup("script", type="application/ld+json"):
        try:
            tree = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue
        objects = tree if isinstance(tree, list) else tree.get("@graph", [tree]) if isinstance(tree, dict) else []
        for it in objects if isinstance(objects, list) else []:
            if isinstance(it, dict) and any(kind in _ARTICLES for kind in _as_list(it.get("@type"))):
                yield it


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


__all__ = ["Article", "NoText", "decode", "read_page"]
