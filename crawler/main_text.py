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
from bs4.element import NavigableString

from crawler.elements import BLOCKS, PUNCTUATION, Sizes, elements_of, is_text, lines, named, sizes_of

_GONE = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "select", "option", "button", "textarea", "head")
)
_LISTS = frozenset(("ul", "ol", "dl"))
_ASIDE = frozenset(("nav", "footer", "aside", "form"))
_NEAR = re.compile("编辑|责编|作者|来源|声明|电话|热线|手机|微信|QQ|联系|注[:：]|[0-9]{7}|@|示例|AI|仅供参考", re.I)
_IMPRINT = re.compile(
    "主办(?:单位)?[:：]|版权所有|(?:未经|禁止).{0,10}(?:授权|许可|转载)|ICP|不良信息|违者必究|依法追究"
)
_DATED = re.compile("[0-9]{1,2}[-/.月][0-9]{1,2}|[0-9]:[0-9]{2}|[天时钟]前|[今昨]天")
#: Not visibility: WeChat hides the text itself so, until its script has run.
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_OTHERS = re.compile(
    r"(?<![a-z])(?:comments?|pinglun|replies|feed|recommend|relate[ds]?|sidebar|foot(?:er)?|bottom|copyright|disclaimer)"
    "(?![a-z])",
    re.I,
)
HIGHEST = 8
"""Elements around a paragraph that are looked at."""
SHARES = (1.0, 0.6, 0.3)
"""How much of a paragraph's weight its parent, its grandparent and the one above get."""
MOST = 0.8
"""Share of the page's text from which an element is the page itself, whatever its name says."""
MOSTLY_LINKS = 0.8
"""Share of links in its text from which a list is of other articles."""
LONG_ASIDE = 200
"""Characters outside links up to which a menu, footer, aside or form is no text."""
MOST_BEHIND = 12
"""Elements behind the text that are looked at."""
OTHERS = 0.2
"""How much of its weight a paragraph keeps within what calls itself comments, recommendations and the like."""
NEAREST = 120
"""Nodes before the text that are looked at."""
LEAST_WEIGHT = 40
"""Weight from which a block is a text."""
BYLINE = 80
"""Characters up to which a line beside the text may be its byline."""


def main_text(soup: BeautifulSoup) -> str:
    """The main text, a line a block, with the lines of byline and notes around it; empty where there is none."""
    _prune(soup)
    sizes = sizes_of(soup)
    weights: dict[int, float] = defaultdict(float)
    elements: dict[int, Tag] = {}
    for paragraph, weight in _paragraphs(soup, sizes):
        for ancestor, share in zip(_blocks_above(paragraph, sizes), SHARES, strict=False):
            weights[id(ancestor)] += weight * share
            elements[id(ancestor)] = ancestor
    if not weights:
        return ""
    best = max(weights, key=lambda key: weights[key] * (1 - sizes[key].link_share))
    if weights[best] < LEAST_WEIGHT:
        return ""
    before, after = _around(elements[best], sizes)
    text = elements[best]
    if sizes[best].link_share < 0.5:
        _drop_links(text, sizes)
    return "\n".join([*before, *lines(text), *after])


def _prune(soup: BeautifulSoup) -> None:
    """Take out what is no text or is not shown. Backwards, so that nothing taken out is met again."""
    for tag in reversed(elements_of(soup, _GONE)):
        tag.decompose()
    sizes = sizes_of(soup)
    for tag in reversed(soup.find_all(_is_hidden)):
        if sizes[id(tag)].text < sizes[id(soup)].text * MOST:  # else a script will show it
            tag.decompose()
    for tag in reversed(elements_of(soup, _LISTS | _ASIDE)):
        size = sizes[id(tag)]
        of_links = size.links > 1 and size.link_share > MOSTLY_LINKS
        of_text = size.text - size.linked > LONG_ASIDE and size.marks > 3
        of_text |= size.text > sizes[id(soup)].text * MOST  # ASP.NET puts whole pages into a form
        if of_links if tag.name in _LISTS else not of_text:
            tag.decompose()


def _is_hidden(tag: Tag) -> bool:
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or bool(_HIDDEN.search(str(tag.get("style", ""))))


def _drop_links(text: Tag, sizes: Sizes) -> None:
    """Take out short blocks that are nothing but links (advertisements, other articles), if they are no contacts."""
    for tag in reversed(text.find_all(True)):
        size = sizes[id(tag)]
        is_link = size.links and size.text <= BYLINE and size.link_share > MOSTLY_LINKS
        if is_link and tag.name in BLOCKS and not _NEAR.search(tag.get_text()):
            tag.decompose()


def _paragraphs(soup: BeautifulSoup, sizes: Sizes) -> Iterator[tuple[Tag, float]]:
    """Each block that holds text itself, with its weight. What stands in links has none."""
    texts: dict[int, list[str]] = defaultdict(list)
    blocks: dict[int, Tag] = {}
    shares: dict[int, float] = {}
    stack: list[tuple[Tag, Tag, float]] = [(soup, soup, 1.0)]
    while stack:
        tag, block, share = stack.pop()
        if sizes[id(tag)].text < sizes[id(soup)].text * MOST and _OTHERS.search(named(tag)):
            share = OTHERS
        for node in tag.contents:
            if isinstance(node, Tag):
                if node.name != "a":
                    stack.append((node, node if node.name in BLOCKS else block, share))
            elif is_text(node) and block is not soup and (text := node.strip()):
                texts[id(block)].append(text)
                blocks[id(block)], shares[id(block)] = block, share
    for key, pieces in texts.items():
        text = "".join(pieces)
        marks = len(PUNCTUATION.findall(text))
        if marks and len(text) >= 8 and not (len(text) < 200 and _IMPRINT.search(text)):
            yield blocks[key], shares[key] * (min(len(text), 400) / 2 + 8 * min(marks, 40))


def _blocks_above(paragraph: Tag, sizes: Sizes) -> Iterator[Tag]:
    """The elements that a paragraph counts for: itself where it is a container of loose text, then those above."""
    if paragraph.name not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"):
        yield paragraph
    length = sizes[id(paragraph)].text
    for it in islice(paragraph.parents, HIGHEST):
        if it.name in BLOCKS:
            if (longer := sizes[id(it)].text) > length + BYLINE // 8:  # a mere wrapper is no step up
                yield it
            length = longer


def _around(best: Tag, sizes: Sizes) -> tuple[list[str], list[str]]:
    """Short lines outside the text that may tell of it: after the headline, and behind the text."""
    before: list[str] = []
    if best.find(["h1", "h2"]) is None:
        heading = best.find_previous(["h1", "h2"])
        before = _lines_between(heading, best) if isinstance(heading, Tag) else _dated_line_above(best)
    behind = list(islice((it for it in best.next_siblings if isinstance(it, Tag)), MOST_BEHIND))
    parent = best.parent
    if parent is not None and parent.name in BLOCKS and parent.name != "body":
        behind += islice((it for it in parent.next_siblings if isinstance(it, Tag)), MOST_BEHIND)
    told = [it for it in behind if sizes[id(it)].link_share < 0.3 and it.find(["h2", "h3", "h4"]) is None]
    after = [line for tag in told[:MOST_BEHIND] for line in lines(tag) if len(line) <= 3 * BYLINE]
    return before, [line for line in after if _NEAR.search(line) and not _IMPRINT.search(line)][:8]


def _lines_between(heading: Tag, best: Tag) -> list[str]:
    """The first short lines between a headline and the text: what stands in one block is one line."""
    found: list[list[str]] = []
    last: Tag | None = None
    inside = sum(1 for _ in heading.descendants)
    for node in islice(heading.next_elements, inside, inside + NEAREST):
        if node is best or len(found) > 6:
            break
        if is_text(node) and node.strip():
            block = next((it for it in islice(node.parents, HIGHEST) if it.name in BLOCKS), None)
            if block is not last or not found:
                found.append([])
            found[-1] += node.split()
            last = block
    said = [" ".join(words) for words in found]
    return [line for line in said if len(line) <= BYLINE][:6]


def _dated_line_above(best: Tag) -> list[str]:
    """Where a page has no headings: the nearest line above the text that has a time in it."""
    for node in islice(best.previous_elements, NEAREST):
        if isinstance(node, NavigableString) and len(node) <= BYLINE and _DATED.search(node):
            return [" ".join(node.split())]
    return []
