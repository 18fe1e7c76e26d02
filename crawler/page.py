"""HTML → title, main text, author, time and replies, on any Chinese page; a source's own CSS comes first."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

import trafilatura
from bs4 import BeautifulSoup

from crawler import embedded
from crawler.byline import byline, tells
from crawler.charset import decode, is_text
from crawler.elements import BLOCKS, PUNCTUATION, Line, lines
from crawler.headline import headings, headline
from crawler.main_text import BYLINE, main_block
from crawler.metadata import Dated, Metadata, metadata
from crawler.replies import Reply, thread
from indexer.post import MAX_TEXT
from indexer.text.dates import parse_time

SHORTEST = 12
"""Characters from which something is a text."""
FEWEST = 60
"""Characters of a text from which the page's state isn't asked for one."""
NEAR = 12
"""Lines above the headline and behind the text that may hold the byline."""
_PRIVATE, _STAND_IN = range(0xE000, 0xF900), 0x26000
#: The extraction drops private-use characters, which are what repair needs to mend shifted bytes. They pass through it
#: as characters of CJK Extension B, which it keeps and pages don't have.
_HIDE = {code: _STAND_IN + code - _PRIVATE.start for code in _PRIVATE}
_SHOW = {stand_in: code for code, stand_in in _HIDE.items()}


class NoText(ValueError):
    """The page holds no text that could be a Post; the message says what it is instead."""


@dataclass(frozen=True)
class Article:
    """What a page says. `published_at` is aware; `dated_by` tells which part of the page said it.

    `replies` are what others say on the page below it.
    """

    title: str
    text: str
    author: str = ""
    published_at: datetime | None = None
    dated_by: str = ""
    replies: tuple[Reply, ...] = ()


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
    given = {key: _by_css(soup, selector, whole=key == "text") for key, selector in css.items() if selector}
    said = metadata(soup, html, timezone=timezone, now=now)
    found = _found(soup, html, said, timezone, now)
    at = parse_time(given.get("time", ""), timezone=timezone, now=now)
    found = replace(
        found,
        title=(given.get("title") or found.title)[:1000],
        text=(given.get("text") or found.text)[:MAX_TEXT],
        author=(given.get("author") or found.author)[:200],
        published_at=at or found.published_at,
        dated_by="css" if at else found.dated_by,
    )
    if len(found.text.strip()) < SHORTEST:
        raise NoText("no text on the page")
    return found


def _found(soup: BeautifulSoup, html: str, said: Metadata, timezone: str, now: datetime) -> Article:
    """What the page shows, or its state says where it shows little."""
    element = " ".join(soup.title.get_text().split()) if soup.title else ""
    titles = headings(soup)
    state = embedded.told(soup, timezone=timezone, now=now) if "<script" in html else None
    talk = thread(soup, timezone=timezone, now=now)
    block = main_block(soup) or (main_block(soup, alone=True) if talk else None)
    if talk and (opener := talk.opener(block.lines if block else ())):
        title = headline(element, titles, said.title, talk.above)
        return _article(title, opener.text, opener.author, _dated(said, opener.dated), talk.said[1:])
    shown = "\n".join(line.text for line in block.lines) if block else ""
    if state and len(shown) < min(FEWEST, len(state.text)):
        dated = Dated(state.published_at, "meta") if state.published_at else said.dated or said.scripted
        return _article(state.title or said.title or element, state.text, state.author or said.author, dated, ())
    replies = talk.said if talk else ()
    if not block:
        title = headline(element, titles, said.title, [])
        return _article(
            title, _all_text(html, soup), said.linked_author or said.author, said.dated or said.scripted, replies
        )
    begin = _begin(block.lines)
    title = headline(element, titles, said.title, [*block.before, *block.lines[:begin]])
    top = [*block.before, *block.lines[:begin]]
    at = next((place for place in reversed(range(len(top))) if top[place].text == title), None)
    below = top[at + 1 :] if at is not None else top[-4:]
    above = top[: at if at is not None else -4][::-1][:NEAR]
    behind = [*block.lines[begin:][:0:-1][:3], *block.behind[:NEAR]]
    by = byline(below, above, behind, title=title, timezone=timezone, now=now)
    is_shown = any(said.author in line.text for line in (*below, *above)) if said.author else False
    author = said.linked_author or (said.author if is_shown else by.author) or said.author
    head = [line for line in (below if by.used else ()) if line in block.before or _is_apart(line, block.lines[begin])]
    aside = by.used | {line for line in head if len(line.text) <= BYLINE and not tells(line)}
    text = _text(block.lines, aside, [line for line in below if line in block.before])
    used = {line.text for line in by.used}
    notes = [line for line in block.notes if line not in used]
    return _article(title, "\n".join([*text, *notes]), author, _dated(said, by.dated), replies)


def _article(title: str, text: str, author: str, dated: Dated | None, replies: Sequence[Reply]) -> Article:
    return Article(title, text, author, dated.at if dated else None, dated.by if dated else "", tuple(replies))


def _begin(found: Sequence[Line]) -> int:
    """The place of the first line that is text and no byline; 0 where none is."""
    return next(
        (place for place, line in enumerate(found[:20]) if len(line.text) >= 40 or PUNCTUATION.search(line.text[-1:])),
        0,
    )


def _is_apart(line: Line, text: Line) -> bool:
    """Whether a line stands outside of the element that holds the first paragraph of the text."""
    block = next((it for it in text.pieces[0][1].parents if it.name in BLOCKS), None)
    return block is not None and all(it is not block for _, tag in line.pieces for it in (tag, *tag.parents))


def _text(found: Sequence[Line], aside: Set[Line], before: Sequence[Line]) -> list[str]:
    """The lines of the text, and those short ones before it that are no byline."""
    short = [line.text for line in before if line not in aside and len(line.text) <= BYLINE][:6]
    return short + [line.text for line in found if line not in aside]


def _dated(said: Metadata, shown: Dated | None) -> Dated | None:
    """When it was published: by its metadata, to the minute where only its byline says it so."""
    if said.dated and not (said.dated.to_the_day and shown and not shown.to_the_day):
        return said.dated
    if shown and shown.to_the_day and said.scripted and abs((said.scripted.at - shown.at).days) <= 1:
        return said.scripted
    return shown or said.dated or said.scripted


def _all_text(html: str, soup: BeautifulSoup) -> str:
    """What trafilatura finds where there is no dense block, else all that there is."""
    found = trafilatura.extract(html.translate(_HIDE), include_comments=False, favor_recall=True, deduplicate=False)
    return found.translate(_SHOW) if found else "\n".join(lines(soup))


def _by_css(soup: BeautifulSoup, selector: str, *, whole: bool = False) -> str:
    """What a selector selects: the first element's words, or the lines of all."""
    found = soup.select(selector)
    if whole:
        return "\n".join(line for tag in found for line in lines(tag))
    return " ".join(found[0].get_text(" ").split()) if found else ""


__all__ = ["Article", "NoText", "decode", "read_page"]
