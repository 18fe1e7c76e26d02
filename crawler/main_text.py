"""Finds the main text of a Chinese page: the block in which sentences are dense, with the byline that stands before it.

As Readability does, every paragraph gives its weight to the elements around it; the weight here is text outside links
and Chinese punctuation, which menus, lists of titles and footers don't have. docs/extraction.md compares this with
trafilatura, GNE and readability on the same pages.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

_GONE = ["script", "style", "noscript", "template", "iframe", "svg", "select", "option", "button", "textarea", "head"]
_LISTS = ["ul", "ol", "dl"]
_ASIDE = ["nav", "footer", "aside", "form"]
# fmt: off
_BLOCKS = frozenset([
    "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "tbody", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "section", "article", "main", "dl", "dt", "dd", "pre", "figure", "header", "body", "center", "fieldset", "address",
])
# fmt: on
_PUNCTUATION = re.compile("[，。！？；：、“”]|[,.!?](?= |$)")
_NEAR = re.compile("编辑|责编|作者|来源|声明|电话|热线|手机|微信|QQ|联系|注[:：]|[0-9]{7}|@|示例|AI|仅供参考", re.I)
_IMPRINT = re.compile("版权所有|(?:未经|禁止).{0,10}(?:授权|许可|转载)|ICP|不良信息|违者必究|依法追究")
_DATED = re.compile("[0-9]{1,2}[-/.月][0-9]{1,2}|[0-9]:[0-9]{2}|[天时钟]前|[今昨]天")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
HIGHEST = 8
"""Elements around a paragraph that are looked at."""
SHARES = (1.0, 0.6, 0.3)
"""How much of a paragraph's weight its parent, its grandparent and the one above get."""
MOSTLY_LINKS = 0.8
"""Share of links in its text from which a list is of other articles."""
LEAST_WEIGHT = 40
"""Weight from which a block is a text."""
BYLINE = 80
"""Characters up to which a line beside the text may be its byline."""


def main_text(soup: BeautifulSoup) -> str:
    """The main text, a line a block, with the lines of byline and notes around it; empty where there is none."""
    _prune(soup)
    weights: dict[int, float] = defaultdict(float)
    elements: dict[int, Tag] = {}
    for paragraph, weight in _paragraphs(soup):
        for ancestor, share in zip(_blocks_above(paragraph), SHARES, strict=False):
            weights[id(ancestor)] += weight * share
            elements[id(ancestor)] = ancestor
    if not weights:
        return ""
    best = max(weights, key=lambda key: weights[key] * (1 - _link_share(elements[key])))
    if weights[best] < LEAST_WEIGHT:
        return ""
    before, after = _around(soup, elements[best])
    return "\n".join([*before, *lines(elements[best]), *after])


def lines(tag: Tag) -> list[str]:
    """The text of an element, a line a block, blanks as one."""
    pieces: list[str] = []
    _walk(tag, pieces)
    found = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in found if line]


def _walk(tag: Tag, pieces: list[str]) -> None:
    """Text in document order, with a line end around blocks. A stack, as hostile pages nest deep."""
    stack: list[Tag | NavigableString | str] = [tag]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name == "br":
                pieces.append("\n")
                continue
            block = node.name in _BLOCKS
            stack += ["\n"] if block else []
            stack += reversed(node.contents)  # type: ignore[arg-type]
            pieces += ["\n"] if block else []
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                pieces.append(re.sub(r"\s", " ", str(node)))
        else:
            pieces.append(node)


def _prune(soup: BeautifulSoup) -> None:
    """Take out what is no text or is not shown."""
    for tag in soup(_GONE):
        tag.decompose()
    for tag in soup.find_all(style=_HIDDEN):
        if not tag.decomposed:
            tag.decompose()
    for tag in soup(_LISTS):
        if not tag.decomposed and len(tag("a")) > 1 and _link_share(tag) > MOSTLY_LINKS:
            tag.decompose()
    for tag in soup(_ASIDE):
        if not tag.decomposed and not _PUNCTUATION.search(_own(tag)[200:]):
            tag.decompose()


def _paragraphs(soup: BeautifulSoup) -> Iterator[tuple[Tag, float]]:
    """Each block that holds text itself, with its weight."""
    texts: dict[int, list[str]] = defaultdict(list)
    blocks: dict[int, Tag] = {}
    for string in soup.find_all(string=True):
        if isinstance(string, PreformattedString) or not string.strip():
            continue
        block = next((it for it in string.parents if it.name in _BLOCKS), None)
        if block is None or any(it.name == "a" for it in string.parents):
            continue
        texts[id(block)].append(str(string).strip())
        blocks[id(block)] = block
    for key, pieces in texts.items():
        text = "".join(pieces)
        marks = len(_PUNCTUATION.findall(text))
        if marks and len(text) >= 8 and not (len(text) < 200 and _IMPRINT.search(text)):
            yield blocks[key], min(len(text), 400) / 2 + 8 * min(marks, 40)


def _blocks_above(paragraph: Tag) -> Iterator[Tag]:
    """The elements that a paragraph counts for: itself where it is a container of loose text, then those above."""
    if paragraph.name not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"):
        yield paragraph
    length = len(paragraph.get_text())
    for it in islice((it for it in paragraph.parents if it.name in _BLOCKS), HIGHEST):
        if (longer := len(it.get_text())) > length + BYLINE // 8:  # a mere wrapper is no step up
            yield it
        length = max(length, longer)


def _link_share(tag: Tag) -> float:
    length = len(tag.get_text()) or 1
    return min(1.0, sum(len(link.get_text()) for link in tag("a")) / length)


def _own(tag: Tag) -> str:
    """Text outside links."""
    return "".join(str(it) for it in tag.find_all(string=True) if it.find_parent("a") is None)


def _dated_line_above(best: Tag) -> list[str]:
    """Where a page has no headings: the nearest line above the text that has a time in it."""
    for node in islice(best.previous_elements, 60):
        if isinstance(node, NavigableString) and len(node) <= BYLINE and _DATED.search(node):
            return [" ".join(node.split())]
    return []


def _around(soup: BeautifulSoup, best: Tag) -> tuple[list[str], list[str]]:
    """Short lines outside the text that may tell of it: after the headline, and behind the text."""
    heading = best.find_previous(["h1", "h2"]) if best.find(["h1", "h2"]) is None else None
    before: list[str] = []
    inside: list[Tag] = []
    if heading is not None:
        following = (it for it in heading.next_elements if isinstance(it, Tag) and it.name in (*_BLOCKS, "span"))
        for tag in following:
            if tag is best or len(before) > 5:
                break
            if tag in inside or best in tag.descendants or heading in tag.descendants:
                continue
            inside += list(tag.find_all(True))
            before += [line for line in lines(tag) if len(line) <= BYLINE][:3]
    elif best.find(["h1", "h2"]) is None:
        before = _dated_line_above(best)
    behind = [it for it in best.next_siblings if isinstance(it, Tag)]
    parent = best.parent
    if parent is not None and parent.name in _BLOCKS and parent.name != "body":
        behind += [it for it in parent.next_siblings if isinstance(it, Tag)]
    told = [tag for tag in behind[:12] if _link_share(tag) < 0.3 and not tag.find(["h2", "h3", "h4"])]
    after = [line for tag in told for line in lines(tag) if len(line) <= 3 * BYLINE]
    return before, [line for line in after if _NEAR.search(line)][:8]
