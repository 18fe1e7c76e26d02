"""Posts and links of a page of JSON, found by the JMESPath of a shape. The JSON is a stranger's: bounded throughout."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jmespath
from w3lib.url import add_or_replace_parameters

from crawler.charset import whole_characters
from crawler.reading.markup import MOST_WORDS, text_of
from crawler.reading.records import MOST_ITEMS, Reading, Record, joined, kind_of
from crawler.reading.shape import Items, ListShape, PageShape, Paging
from indexer.post import MAX_TEXT

DEEPEST = 60
"""Objects and arrays within one another."""
_CALLBACK = re.compile(r"(?:/\*.{0,40}?\*/)?\s*+[\w$.]{1,80}+\s*+\((.*)\)", re.DOTALL)
_BRACES = re.compile(r"\{([^{}]+)\}")
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|([\[{])|([\]}])', re.DOTALL)
_MARKUP = re.compile(r"<(?:[a-zA-Z/!])|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


class NotJson(ValueError):
    """It can't be read as JSON; the message says why."""


def parse(text: str) -> Any:
    """The JSON in a text, also where it is a callback's argument (JSONP). Raises NotJson."""
    text = text.lstrip("\ufeff").strip()
    if not text.startswith(("{", "[")) and (call := _CALLBACK.fullmatch(text.removesuffix(";").rstrip())):
        text = call[1]
    if _depth(text) > DEEPEST:
        raise NotJson(f"nested deeper than {DEEPEST}")
    try:
        return json.loads(whole_characters(text))
    except (ValueError, RecursionError) as error:
        raise NotJson(f"not JSON: {error}") from None


def read(text: str, url: str, shape: PageShape) -> Reading:
    """What the page holds; `url` is its address. Raises NotJson."""
    tree = parse(text)
    if shape.jsonapi:
        tree = _joined(tree)
    records = list(_records(tree, shape.items, url, second=False))
    following = _following(tree, shape, url, len(records))
    if shape.replies:
        records += _records(tree, shape.replies, url, second=True)
    address = joined(url, _filled(shape.address, tree)) if shape.address else ""
    return Reading(records, _words(_search(shape.title, tree)), following, address)


def links(text: str, url: str, shape: ListShape) -> tuple[list[str], tuple[str, ...]]:
    """Addresses that the items of a list lead to, and those of the next list. Raises NotJson."""
    tree = parse(text)
    items = _list(_search(shape.each, tree))
    found = [joined(url, address) for it in items if (address := _filled(shape.link, it))]
    return list(dict.fromkeys(found)), _following(tree, shape, url, len(items))


def _records(tree: Any, items: Items, url: str, *, second: bool) -> Iterator[Record]:
    for it in _list(_search(items.each, tree)):
        facts = None
        if items.complaint:
            facts = {key: "\n".join(_each(_search(path, it))) for key, path in items.complaint.given().items()}
        own = _words(_search(items.url, it))
        yield Record(
            id=_words(_search(items.id, it)),
            url=joined(url, own) if own else "",
            title=_plain(_words(_search(items.title, it))),
            author=_plain(_words(_search(items.author, it))),
            times=_each(_search(items.time, it)),
            floor=_words(_search(items.floor, it)),
            counts={name: _words(_search(path, it)) for name, path in items.counts.items()},
            complaint=facts,
            kind=kind_of(items, second),
            text=_text(_search(items.text, it), items.drop),
        )


def _following(tree: Any, shape: Paging, url: str, count: int) -> tuple[str, ...]:
    """The address of the next page; empty where there is none."""
    if not count or (shape.more and not _search(shape.more, tree)):
        return ()
    if shape.next:
        written = _words(_search(shape.next, tree))
        return (joined(url, written),) if written else ()
    own = parse_qs(urlsplit(url).query)
    made = {name: _filled(_counted(name, it, own, count), tree, quoted=False) for name, it in shape.next_query.items()}
    return (add_or_replace_parameters(url, made),) if made and all(made.values()) else ()


def _counted(name: str, template: str, own: Mapping[str, list[str]], count: int) -> str:
    given = own.get(name, [""])[0]
    number = int(given) if given.isdecimal() and len(given) < 10 else None
    page, offset = 1 if number is None else number, number or 0
    return template.replace("{page}", str(page + 1)).replace("{offset}", str(offset + count))


def _filled(template: str, item: Any, *, quoted: bool = True) -> str:
    """The address with what its braces find in the item; empty where something is not there."""
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        words = _words(_search(match[1], item))
        missing = missing or not words
        whole = words.startswith(("http://", "https://", "//"))
        return words if whole or not quoted else quote(words, safe="/-._~")

    address = _BRACES.sub(fill, template)
    return "" if missing else address


def _joined(tree: Any) -> Any:
    """A JSON:API document with each relationship's resource in its place, one step deep."""
    if not isinstance(tree, dict):
        return tree
    found = [it for it in _list(tree.get("included")) if isinstance(it, dict)]
    included = {(_words(it.get("type")), _words(it.get("id"))): it.get("attributes") for it in found}
    for it in _list(tree.get("data")):
        related = it.get("relationships") if isinstance(it, dict) else None
        for relation in related.values() if isinstance(related, dict) else ():
            target = relation.get("data") if isinstance(relation, dict) else None
            if isinstance(target, dict):
                attributes = included.get((_words(target.get("type")), _words(target.get("id"))))
                relation["data"] = {**target, "attributes": attributes}
    return tree


def _search(path: str | None, tree: Any) -> Any:
    if not path:
        return None
    try:
        return _compiled(path).search(tree)
    except jmespath.exceptions.JMESPathError:
        return None  # a function was given what it doesn't take: the page has another shape there


@cache
def _compiled(path: str) -> Any:
    return jmespath.compile(path)


def _list(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found[:MOST_ITEMS]
    return [found] if isinstance(found, dict) else []


def _each(found: Any) -> tuple[str, ...]:
    """A value as words, or each value of a list."""
    return tuple(filter(None, map(_words, found[:50] if isinstance(found, list) else [found])))


def _words(found: Any) -> str:
    """A value as words; of a list those of its values."""
    if isinstance(found, list):
        return "、".join(filter(None, map(_words, (it for it in found[:50] if not isinstance(it, list | dict)))))
    if found is None or isinstance(found, dict):
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    return " ".join(str(found)[:MOST_WORDS].split())


def _text(found: Any, drop: str | None) -> str:
    """The text: of several values one below the other; where it is HTML, what it says."""
    values = found if isinstance(found, list) else [found]
    written = "\n".join(str(it) for it in values[:MOST_ITEMS] if isinstance(it, str | int | float))[:MAX_TEXT]
    return text_of(written, drop) if _MARKUP.search(written) else written.strip()


def _plain(words: str) -> str:
    """Without entities and markup, which titles and names in JSON often have."""
    return " ".join(text_of(words).split()) if _MARKUP.search(words) else words


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match[1] else -1 if match[2] else 0
        deepest = max(deepest, depth)
    return deepest
