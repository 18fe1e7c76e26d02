"""The article in the state that a page hands to its scripts, where they write the text: __NEXT_DATA__ and its kin."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from bs4 import BeautifulSoup

from crawler.charset import whole_characters
from crawler.elements import PUNCTUATION, lines
from indexer.text.dates import parse_time

MOST_NODES = 50_000
"""Values of a state that are looked at."""
SHORTEST = 40
"""Characters from which a value can be a text."""
_ASSIGNED = re.compile(r"(?:window\.|var |let |const |self\.)?[\w$.]{2,40}\s*=\s*(?=[\[{])")
_TEXT = re.compile(r"content|body|text|html|detail|desc|value", re.I)
_TITLE = re.compile(r"title|headline|subject|^name$", re.I)
_AUTHOR = re.compile(r"author|writer|nick|screen_?name|user|creator", re.I)
_NAME = re.compile(r"name|nick", re.I)
_TIME = re.compile(r"publish|created?|pub_?(?:time|date)|time|date|_at$", re.I)


class Told(NamedTuple):
    """What a state says of an article."""

    title: str
    text: str
    author: str
    published_at: datetime | None


def told(soup: BeautifulSoup, *, timezone: str, now: datetime) -> Told | None:
    """The longest text of the states of a page that has Chinese punctuation, with what stands beside it."""
    best: tuple[str, list[dict[str, Any]]] = ("", [])
    for tree in _states(soup):
        for text, around in _texts(tree):
            if len(text) > len(best[0]):
                best = text, around
    if not best[0]:
        return None
    text = "\n".join(lines(BeautifulSoup(best[0].replace("\n", "<br>"), "lxml")))
    title = next((it for it in _beside(best[1], _TITLE) if 2 < len(it) <= 200), "")
    author = next((it for it in _names(best[1]) if 1 < len(it) <= 40), "")
    times = (parse_time(it, timezone=timezone, now=now) for it in _beside(best[1], _TIME))
    return Told(title, text, author, next(filter(None, times), None))


def _states(soup: BeautifulSoup) -> Iterator[Any]:
    """JSON that is the content of a script, or that a script assigns."""
    for script in soup("script"):
        written = script.get_text()
        if "json" in str(script.get("type") or ""):
            if "ld+json" not in str(script.get("type")):
                yield from _decoded(written.strip())
        elif len(written) > SHORTEST:
            for match in list(_ASSIGNED.finditer(written))[:20]:
                yield from _decoded(written[match.end() :])


def _decoded(written: str) -> Iterator[Any]:
    try:
        yield json.JSONDecoder(strict=False).raw_decode(whole_characters(written))[0]
    except (ValueError, RecursionError):
        return


def _texts(tree: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each value that can be a text, with the objects that it is in, the innermost first."""
    stack: list[tuple[Any, list[dict[str, Any]]]] = [(tree, [])]
    for _ in range(MOST_NODES):
        if not stack:
            return
        node, around = stack.pop()
        if isinstance(node, list):
            joined = "\n".join(
                it for part in node if isinstance(part, dict) and isinstance(it := part.get("value"), str)
            )
            if _is_text(joined):
                yield joined, around
            stack += [(it, around) for it in reversed(node)]
        elif isinstance(node, dict):
            inside = [node, *around[:3]]
            for key, value in node.items():
                if isinstance(value, str) and _TEXT.search(key) and _is_text(value):
                    yield value, inside
                elif isinstance(value, dict | list):
                    stack.append((value, inside))


def _is_text(value: str) -> bool:
    return len(value) >= SHORTEST and len(PUNCTUATION.findall(value[:2000])) > 1


def _beside(objects: list[dict[str, Any]], keys: re.Pattern[str]) -> Iterator[str]:
    for it in objects:
        yield from (str(value) for key, value in it.items() if keys.search(key) and isinstance(value, str | int))


def _names(objects: list[dict[str, Any]]) -> Iterator[str]:
    for it in objects:
        for key, value in it.items():
            if _AUTHOR.search(key):
                if isinstance(value, str):
                    yield value
                elif isinstance(value, dict):
                    yield from (name for key, name in value.items() if _NAME.search(key) and isinstance(name, str))
