"""Pages of many families of sites, and what they say: title, text, author, time and replies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, meta
from w3lib.encoding import html_body_declared_encoding

from tests.damage import traditional
from tests.shapes import NOW, SHAPES, ZONE
from tests.site.pages import documents

HELD, TUNE = SHAPES / "families-held", SHAPES / "families-tune"
_MINUTES = frozenset(("iso", "time", "clock", "cn", "epoch", "slash", "rfc", "ago", "yesterday"))
_DAYS = frozenset(("day", "dash", "monthday", "ymd_in_url"))


@dataclass(frozen=True)
class Said:
    """A reply that a page shows."""

    author: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page as it was fetched at `now`, and what it says: None or nothing for what it doesn't show.

    `html` is the same page as text, for what can't tell charsets. A time `to_the_day` is any of that day.
    """

    family: str
    body: bytes
    html: str
    url: str
    now: datetime
    title: str | None
    text: str
    author: str
    time: datetime | None
    to_the_day: bool
    replies: tuple[Said, ...]


def families(folder: Path) -> Iterator[Page]:
    """One page of each template of the folder; what a template shows of its article is what the page says.

    A comment at the top may say `url`, with {ymd} and {ymd8} for the day, and `bytes`: a charset that differs from the
    declared one, and `traditional`.
    """
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    articles = documents(str(folder / "articles.yaml"))
    common = [it for it in articles if "for" not in it]
    for number, file in enumerate(sorted(folder.glob("*.html"))):
        source = file.read_text("utf-8")
        own = [it for it in articles if file.stem in it.get("for", ())] or common
        article = own[number % len(own)]
        shown = meta.find_undeclared_variables(environment.parse(source))
        yield _page(file.stem, environment, source, shown, article, [it for it in common if it is not article])


def _page(
    family: str, environment: Environment, source: str, shown: set[str], article: dict[str, Any],
    others: list[dict[str, Any]],
) -> Page:  # fmt: skip
    at = datetime.fromisoformat(article["time"]).astimezone(ZoneInfo(ZONE))
    replies = [_dated(it) for it in article["replies"]]
    html = environment.from_string(source).render({**article, **_written(at), "replies": replies, "others": others})
    as_bytes = _said(source, "bytes").split()
    if "traditional" in as_bytes:
        html = traditional(html)
    declared = html_body_declared_encoding(html[:2000].encode()) or "utf-8"
    body = html.encode(as_bytes[0] if as_bytes else "gb18030" if declared.startswith("gb") else declared, "replace")
    return Page(
        family=family,
        body=body,
        html=html,
        url=_said(source, "url").format(ymd=f"{at:%Y/%m/%d}", ymd8=f"{at:%Y%m%d}") or f"https://example.cn/{family}",
        now=at + timedelta(hours=3) if "ago" in shown else at + timedelta(days=1) if "yesterday" in shown else NOW,
        title=article["title"] if "title" in shown else None,
        text="\n".join(article["paragraphs"]),
        author=(traditional(article["author"]) if "traditional" in as_bytes else article["author"])
        if "author" in shown
        else "",
        time=at if shown & (_MINUTES | _DAYS) else None,
        to_the_day=not shown & _MINUTES,
        replies=tuple(Said(it["author"], it["text"]) for it in replies)
        if re.search(r"for r in .*replies", source)
        else (),
    )


def _written(at: datetime) -> dict[str, str]:
    """A time in the ways in which pages write it."""
    return {
        "iso": at.isoformat(),
        "time": f"{at:%Y-%m-%d %H:%M}",
        "cn": f"{at:%Y年%m月%d日 %H:%M}",
        "slash": f"{at:%Y/%m/%d %H:%M}",
        "day": f"{at:%Y年%m月%d日}",
        "dash": f"{at:%Y-%m-%d}",
        "monthday": f"{at:%m-%d}",
        "clock": f"{at:%H:%M}",
        "year": f"{at:%Y}",
        "month": f"{at:%m}",
        "dayofmonth": f"{at:%d}",
        "epoch": str(int(at.timestamp())),
        "rfc": f"{at:%a %b %d %H:%M:%S %z %Y}",
        "mail": format_datetime(at),
        "ago": "3小时前",
        "yesterday": f"昨天 {at:%H:%M}",
        "ymd_in_url": "",
    }


def _dated(reply: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(str(reply["time"])).astimezone(ZoneInfo(ZONE))
    return {**reply, "time": f"{at:%Y-%m-%d %H:%M}", "iso": at.isoformat()}


def _said(source: str, key: str) -> str:
    found = re.search(rf"{key}: ([^#]*?)(?: #|;)", source[:200]) if source.startswith("{#") else None
    return found[1] if found else ""
