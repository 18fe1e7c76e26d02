"""What a page says of itself beside its text: meta elements, JSON-LD and, last, what its scripts are told."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag

from crawler.charset import whole_characters
from indexer.text.dates import parse_time

_TITLE = ("og:title", "twitter:title")
_AUTHOR = ("author", "article:author", "og:article:author", "byl")
_TIME = (
    "article:published_time", "og:article:published_time", "og:published_time", "publishdate", "pubdate",
    "publish_time", "datepublished", "weibo: article:create_at", "og:release_date", "dcterms.created", "dc.date.issued",
    "apub:time", "bytedance:published_time", "og:time",
)  # fmt: skip
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "Posting", "Report", "QAPage", "WebPage")
_DATES = ("datePublished", "pubDate")
_NO_AUTHOR = re.compile(r"https?:|^(?:admin|管理员|佚名|未知|匿名|编辑|网友)?$", re.I)
_SCRIPTED = re.compile(
    r"\b(?:ct|pub(?:lish)?_?(?:time|date)|create_?(?:time|d_at)|created_?at|news_?time|ptime)[\"']?\s*[:=]\s*[\"']?"
    r"(1\d{9}(?:\d{3})?(?!\d)|20\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)",
    re.I,
)


class Dated(NamedTuple):
    """A moment and which part of the page says it; `to_the_day` where it says no time of day."""

    at: datetime
    by: str
    to_the_day: bool = False


class Metadata(NamedTuple):
    """What a page says of itself; nothing where it doesn't."""

    title: str = ""
    author: str = ""
    linked_author: str = ""
    """The author by JSON-LD, who is a person or an office; that of a meta element may be a program or a site."""
    dated: Dated | None = None
    scripted: Dated | None = None
    """The time that a script is told, which may be that of something else."""


def metadata(soup: BeautifulSoup, html: str, *, timezone: str, now: datetime) -> Metadata:
    facts = list(_linked_data(soup))
    said = [("json-ld", str(it[key])) for it in facts for key in _DATES if it.get(key)]
    said += [("meta", _meta(soup, _TIME))]
    said += [("meta", str(tag.get("content") or "")) for tag in soup("meta", itemprop="datePublished")]
    said += [("time", str(tag.get("datetime"))) for tag in _times(soup)[:1]]
    scripted = ("meta", match[1]) if (match := _SCRIPTED.search(html)) else ("", "")
    linked = next((_names(it["author"]) for it in facts if it.get("author")), "")
    author = _meta(soup, _AUTHOR)
    return Metadata(
        title=_meta(soup, _TITLE) or next((str(it["headline"]) for it in facts if it.get("headline")), ""),
        author="" if _NO_AUTHOR.search(author) else author,
        linked_author="" if _NO_AUTHOR.search(linked) else linked,
        dated=_first(said, timezone, now),
        scripted=_first([scripted], timezone, now),
    )


def _first(said: list[tuple[str, str]], timezone: str, now: datetime) -> Dated | None:
    """The first of these that is a time."""
    for dated_by, written in said:
        if moment := parse_time(written, timezone=timezone, now=now):
            return Dated(moment, dated_by, len(written.strip()) <= 10)
    return None


def _names(author: Any) -> str:
    """The names of authors as JSON-LD writes them: names, or objects that have one; whatever else there is, is none."""
    names = [it.get("name") if isinstance(it, dict) else it for it in _as_list(author)]
    return " ".join(name.strip() for name in names if isinstance(name, str) and name.strip())


def _times(soup: BeautifulSoup) -> list[Tag]:
    if not soup.find("time"):  # finding one by CSS takes long
        return []
    return soup.select("time[datetime][pubdate], time[itemprop=datePublished], article time[datetime], time[datetime]")


def _meta(soup: BeautifulSoup, names: tuple[str, ...]) -> str:
    """The content of the first meta element with one of these names that has any."""
    found = {
        str(tag.get("property") or tag.get("name") or "").lower().strip(): tag.get("content") for tag in soup("meta")
    }
    return next((" ".join(str(found[name]).split()) for name in names if found.get(name)), "")


def _linked_data(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """Objects of JSON-LD that describe an article."""
    for script in soup("script", type="application/ld+json"):
        try:
            tree = json.loads(whole_characters(script.get_text()), strict=False)
        except (ValueError, RecursionError):
            continue
        objects = tree if isinstance(tree, list) else tree.get("@graph", [tree]) if isinstance(tree, dict) else []
        for it in objects if isinstance(objects, list) else []:
            if isinstance(it, dict) and (
                any(kind in _ARTICLES for kind in _as_list(it.get("@type"))) or "pubDate" in it
            ):
                yield it


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
