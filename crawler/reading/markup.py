"""Posts of a page of HTML, found by the CSS of a shape."""

from collections.abc import Iterator
from dataclasses import replace

from bs4 import BeautifulSoup
from lxml import etree
from parsel import Selector, SelectorList

from crawler.elements import lines
from crawler.page import NoText
from crawler.reading.records import MOST_ITEMS, Reading, Record, joined, kind_of
from crawler.reading.shape import Items, PageShape
from indexer.post import MAX_TEXT

MOST_WORDS = 2000
"""Characters of a part that is not the text."""
EFFORT = 2
"""How many times a page is gone through, at most, for posts that are within one another."""
ALWAYS = 10_000_000
"""Weight that is gone through on any page: many people write under one another."""
ELEMENT = 20
"""Characters that take as long as an element."""
PIECE = 500
"""Characters that take as long as a piece of text that is read by itself."""
MOST_PIECES = 2000
"""Pieces of one post's text."""


def read(html: str, base: str, shape: PageShape) -> Reading:
    """What the page holds; `base` is what its addresses are relative to. Raises NoText."""
    page = Selector(text=html or "<html></html>", huge_tree=False)
    records = list(_records(page, shape.items, base, second=False))
    if shape.replies:
        records += _records(page, shape.replies, base, second=True)
    following = [joined(base, href) for href in _hrefs(page, shape.next)] if shape.next else []
    return Reading(records, _words(page, shape.title), tuple(dict.fromkeys(following)))


def text_of(html: str, drop: str | None = None) -> str:
    """The text of a piece of HTML, a line a block, without what `drop` selects."""
    piece = Selector(text=html or "<html></html>", huge_tree=False)
    _leave_out(piece, drop)
    return _text(piece)


def _records(page: Selector, items: Items, base: str, *, second: bool) -> Iterator[Record]:
    left = ALWAYS + EFFORT * _weight(page)
    for node in page.css(items.each)[:MOST_ITEMS]:
        if (left := left - _weight(node)) < 0:
            raise NoText("posts within one another, too large to be read")
        facts = (
            {key: "\n".join(_all_words(node, css)) for key, css in items.complaint.given().items()}
            if items.complaint
            else None
        )
        url = _words(node, items.url)
        record = Record(
            id=_words(node, items.id),
            url=joined(base, url) if url else "",
            title=_words(node, items.title),
            author=_words(node, items.author),
            times=_all_words(node, items.time),
            floor=_words(node, items.floor),
            counts={name: _words(node, css) for name, css in items.counts.items()},
            complaint=facts,
            kind=kind_of(items, second),
            text="",
        )
        _leave_out(node, items.drop)  # last, as it takes out of the tree
        pieces = node.css(items.text)[:MOST_PIECES]
        left -= PIECE * len(pieces)
        yield replace(record, text="\n".join(filter(None, map(_text, _outermost(pieces))))[:MAX_TEXT])


def _weight(node: Selector) -> int:
    """How large a piece of the page is, as it takes time to go through."""
    if not isinstance(node.root, etree._Element):
        return len(str(node.root))
    return int(float(node.xpath(f"string-length() + {ELEMENT} * count(.//*)").get("0")))


def _leave_out(node: Selector, drop: str | None) -> None:
    for it in node.css(drop) if drop else ():
        element = it.root
        if isinstance(element, etree._Element) and element.getparent() is not None:
            parent, before, tail = element.getparent(), element.getprevious(), element.tail
            assert parent is not None
            if before is not None:
                before.tail = (before.tail or "") + "\n" + (tail or "")
            else:
                parent.text = (parent.text or "") + "\n" + (tail or "")
            parent.remove(element)


def _outermost(found: "SelectorList[Selector]") -> Iterator[Selector]:
    """Those that are within none of the others."""
    roots = {it.root for it in found if isinstance(it.root, etree._Element)}
    for it in found:
        if not isinstance(it.root, etree._Element) or not roots.intersection(it.root.iterancestors()):
            yield it


def _text(node: Selector) -> str:
    if not isinstance(node.root, etree._Element):
        return str(node.get())
    return "\n".join(lines(BeautifulSoup(node.get(), "lxml")))


def _words(node: Selector, css: str | None) -> str:
    """The words of the first that is found and has any."""
    return next(iter(_all_words(node, css)), "")


def _all_words(node: Selector, css: str | None) -> tuple[str, ...]:
    """The words of each that is found, blanks as one."""
    if not css:
        return ()
    found = (it.xpath("string()").get("") if isinstance(it.root, etree._Element) else it.get() for it in node.css(css))
    return tuple(words for it in found if (words := " ".join(it[:MOST_WORDS].split())))


def _hrefs(page: Selector, css: str) -> Iterator[str]:
    for it in page.css(css):
        if isinstance(it.root, etree._Element):
            yield from it.xpath("descendant-or-self::a/@href").getall()
        else:
            yield it.get()
