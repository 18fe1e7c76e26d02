"""The headline of a page: of its headings, of the lines above its text, or of what its title element says."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bs4 import BeautifulSoup

from crawler.elements import Line, elements_of, named

MOST_HEADINGS = 50
"""Headings of a page that are looked at."""
MOST_TITLE = 300
"""Characters of a title in which the site's name is looked for."""
MOST_LINES = 60
"""Lines above the text that are looked at."""
_SITE_NAME = re.compile(r"\s*[-_|｜–—·]+\s*[^-_|｜–—·]{1,24}$")
_COLUMN = re.compile(r"\s*[_|｜]\s*[^-_|｜]{1,8}$")
_CATEGORY = re.compile(r"^[\[【][^\]】]{1,8}[\]】]\s*")
_MARKED = re.compile(r"(?<![a-z])(?:title|tit|tt|biaoti|headline|subject|bt)\d*(?![a-z])", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4", "strong", "b", "center", "font")


Headings = list[tuple[str, str]]
"""Name and words of each heading."""


def headings(soup: BeautifulSoup) -> Headings:
    found = elements_of(soup, ("h1", "h2", "h3"))[:MOST_HEADINGS]
    words = [(tag.name, " ".join(tag.get_text(" ").split())) for tag in found]
    return words + [(name, bare) for name, it in words if (bare := _CATEGORY.sub("", it)) != it]


def headline(element: str, found: Headings, given: str, above: Sequence[Line]) -> str:
    """The headline by the title `element`, the page's headings, the title that its metadata give and the lines above
    its text, in the page's order."""
    begins = [heading for _, heading in found if len(heading) >= 4 and element.startswith(heading)]
    begins = begins or [heading for _, heading in found if len(heading) >= 8 and heading in element]
    if begins:  # the h1 may be the site's own name
        return max(begins, key=len)
    near = list(reversed(above))[:MOST_LINES]
    if begins := [line.text for line in near if _is_headline(line.text) and line.text in (given, element)]:
        return begins[0]
    core = _without_site(given or element)
    if begins := [line.text for line in near if _is_headline(line.text) and element.startswith(line.text)]:
        return max(begins, key=len)
    first = [heading for name, heading in found if name == "h1" and heading]
    for heading in first:
        if heading in element or (len(first) == 1 and _alike(heading, core)):
            return heading
    if marked := [line.text for line in near[:12] if _is_headline(line.text) and _is_marked(line)]:
        alike = [it for it in marked if _alike(it, core)]
        return next((it for it in marked if len(core) >= 4 and it.startswith(core)), (alike or marked)[0])
    if len(first) == 1:
        return first[0]
    return core


def _is_headline(text: str) -> bool:
    return 4 <= len(text) <= 100


def _is_marked(line: Line) -> bool:
    """Whether a line is one element that is a heading or is called a title."""
    tags = {id(tag): tag for _, tag in line.pieces}
    return len(tags) == 1 and any(
        it.name in _HEADINGS or _MARKED.search(named(it))
        for tag in tags.values()
        for it in (tag, tag.parent)
        if it is not None
    )


def _alike(one: str, other: str) -> bool:
    """Whether half of the pairs of the shorter text are in the longer one."""
    pairs, others = set(pairwise(one)), set(pairwise(other))
    return 2 * len(pairs & others) >= min(len(pairs), len(others)) > 0


def _without_site(given: str) -> str:
    given = given[:MOST_TITLE]
    shorter = _SITE_NAME.sub("", given)
    shorter = _COLUMN.sub("", shorter) if shorter != given and len(shorter) > 12 else shorter
    return shorter if len(shorter) >= 4 else given
