"""Guesses from one page how a site is to be crawled: which software, which links, which parts of its posts."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector

from crawler.presets import Preset, presets
from crawler.reading.markup import MOST_WORDS
from crawler.spiders.articles import addresses, base_of
from indexer.text.dates import parse_time

FEWEST = 3
"""Links of one pattern from which they are what a list lists."""
MOST_LINKS = 500
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|(?:\w+:)?(?:urlset|sitemapindex))[\s>]")
_NEXT = (
    'a[rel~="next"]', "a.next", "a.nxt", ".next > a", 'a:contains("下一页")', 'a:contains("下页")',
    'a:contains("Next")', 'a:contains("›")', 'a:contains("»")',
    "a:has([class*='chevron-right'])", "a:has([class*='arrow-right'])",
)  # fmt: skip
_PERSON = ('a[href*="user"]', 'a[href*="member"]', 'a[href*="profile"]', 'a[href*="space"]', 'a[href*="/u/"]')
_PERSON_CLASS = re.compile(r"author|user-?name|nick|poster|^user$", re.I)
_TEXT_CLASS = re.compile(r"content|text|body|message|entry", re.I)
_FURNITURE = re.compile(r"login|register|signin|signup|about|contact|help|search|/tags?/|/user|/member|/profile", re.I)


def software(html: str) -> Preset | None:
    """The preset of the software that made the page."""
    page = Selector(text=html or "<html></html>", huge_tree=False)
    known = [preset for preset in presets().values() if any(page.css(css) for css in preset.recognised_by)]
    return known[0] if known else None


def is_feed(text: str) -> bool:
    return bool(_FEED.search(text[:4096]))


def lists(html: str, url: str) -> dict[str, Any]:
    """`links` and `next_page` of a list page: the pattern of which most links with long words are. Empty for none."""
    page, base = Selector(text=html or "<html></html>", huge_tree=False), base_of(html, url)
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for link in page.css("a[href]")[:MOST_LINKS]:
        words = len("".join(link.xpath("string()").get("")[:MOST_WORDS].split()))
        for address in addresses(link, None, base):
            if urlsplit(address).hostname == urlsplit(url).hostname and not _FURNITURE.search(address):
                group = groups[_pattern(address)]
                group[address] = max(words, group.get(address, 0))
    scored = {pattern: sum(min(it, 40) for it in group.values()) for pattern, group in groups.items() if pattern}
    scored = {pattern: score for pattern, score in scored.items() if len(groups[pattern]) >= FEWEST}
    if not scored:
        return {}
    following = next((css for css in _NEXT if page.css(css)), None)
    return {"links": [max(scored, key=lambda it: scored[it])], **({"next_page": following} if following else {})}


def thread(html: str, url: str, *, timezone: str, now: datetime) -> dict[str, Any] | None:
    """The shape of a page on which several people speak, one below the other; None where it is none."""
    page = Selector(text=html or "<html></html>", huge_tree=False)
    largest, items, nodes = 0, dict[str, str](), list[Selector]()
    for css, alike in _alike(page):
        parts = [(who, when) for node in alike if (who := _person(node)) and (when := _time(node, timezone, now))]
        size = sum(len(node.xpath("string()").get("")) for node in alike)
        if len(parts) >= 2 and len(parts) * 10 >= len(alike) * 7 and size > largest:
            who, when = (", ".join(dict.fromkeys(it)) for it in zip(*parts, strict=True))
            largest, items, nodes = size, {"each": css, "author": who, "time": when, "text": _said(alike)}, alike
    if not items:
        return None
    if all(node.root.get("id") for node in nodes):
        items["id"] = "::attr(id)"
    following = next((it for it in _NEXT if page.css(it)), None)
    title = next((css for css in ("h1", "h2") if page.css(css)), "title")
    shape: dict[str, Any] = {"title": title, **({"next": following} if following else {}), "items": items}
    return shape if items["text"] else None


def _pattern(address: str) -> str:
    """The address as a regular expression with its numbers open, from the path on; empty where it has none."""
    parts = urlsplit(address)
    path = re.escape(parts.path + (f"?{parts.query}" if parts.query else ""))
    found, numbers = re.subn(r"\d+", r"\\d+", path)
    if not numbers:
        return ""
    if re.search(r"\\d\+/[^/]+/?$", found) and not re.search(r"\.\w+$", found):  # /topic/12/the-words-of-its-title/
        found = re.sub(r"(\\d\+/)[^/]+(/?)$", r"\1[^/]+\2", found)
    return f"{found}$"


def _alike(page: Selector) -> Iterator[tuple[str, list[Selector]]]:
    """Elements that have the same name and first class and stand side by side, by the CSS that finds them."""
    groups: dict[str, list[Selector]] = defaultdict(list)
    for node in page.css("div[class], li[class], article[class], tr[class], section[class], table[class]")[:5000]:
        name = str(node.root.get("class") or "").split()
        if name and re.fullmatch(r"[A-Za-z_][\w-]*", name[0]):
            groups[f"{node.root.tag}.{name[0]}"].append(node)
    for css, nodes in groups.items():
        inner = {it for node in nodes for it in node.root.iterancestors()}
        if 2 <= len(nodes) <= 200 and not any(node.root in inner for node in nodes):
            yield css, nodes


def _person(node: Selector) -> str:
    """CSS of who speaks."""
    for it in node.css("[class]"):
        for name in str(it.root.get("class")).split():
            if _PERSON_CLASS.search(name) and re.fullmatch(r"[\w-]+", name) and it.xpath("string()").get("").strip():
                return f".{name}"
    return next((css for css in _PERSON if any(it.xpath("string()").get("").strip() for it in node.css(css))), "")


def _time(node: Selector, timezone: str, now: datetime) -> str:
    """CSS of when."""
    for it in node.css("time[datetime], [title], abbr, span, em, li, p, small, a, div"):
        element = it.root
        name = (
            f"{element.tag}.{first}" if (first := (str(element.get("class") or "").split() or [""])[0]) else element.tag
        )
        for attribute in ("datetime", "title"):
            if parse_time(str(element.get(attribute) or ""), timezone=timezone, now=now):
                return f"{name}[{attribute}]::attr({attribute})"
        own = (" ".join(text.split()) for text in it.xpath("text()").getall())
        if first and any(parse_time(text, timezone=timezone, now=now) for text in own if text):
            return f"{name}::text"
    return ""


def _said(nodes: list[Selector]) -> str:
    """CSS of what is said: the class that is called so and holds most words outside of links."""
    held: dict[str, int] = defaultdict(int)
    for node in nodes[:10]:
        for it in node.css("[class]:not([style*='none'])"):
            named = [name for name in str(it.root.get("class")).split() if _TEXT_CLASS.search(name)]
            words, linked = (len("".join(it.xpath(path).getall())) for path in (".//text()", ".//a//text()"))
            for name in named[:1]:
                held[name] += words - 2 * linked
    best = max(held, key=lambda it: held[it], default="")
    return f".{best}" if best and held[best] > 0 else ""
