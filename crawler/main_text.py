"""Finds the main text of a Chinese page: the block in which sentences are dense, with the byline that stands before it.

As Readability does, every paragraph gives its weight to the elements around it; the weight here is text outside links
and Chinese punctuation, which menus, lists of titles and footers don't have. docs/extraction.md compares this with
trafilatura, GNE and readability on the same pages.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag

from crawler.elements import BLOCKS, PUNCTUATION, Line, Sizes, elements_of, is_text, lines, named, pieces_of, sizes_of

_GONE = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "select", "option", "button", "textarea", "head")
)
_LISTS = frozenset(("ul", "ol", "dl"))
_ASIDE = frozenset(("nav", "footer", "aside", "form"))
_NEAR = re.compile("编辑|责编|作者|来源|声明|电话|热线|手机|微信|QQ|联系|注[:：]|[0-9]{7}|@|示例|AI|仅供参考", re.I)
_CONTACT = re.compile("[0-9]{7}|@|微信|QQ|[0-9]{3,4}-[0-9]{3}", re.I)
_IMPRINT = re.compile(
    "主办(?:单位)?[:：]|版权所有|(?:未经|禁止).{0,10}(?:授权|许可|转载)|ICP|不良信息|违者必究|依法追究"
)
#: Not visibility: WeChat hides the text itself so, until its script has run.
_HIDDEN = re.compile(r"display\s*:\s*none|font-size\s*:\s*0(?![.\d])", re.I)
_ADVERT = re.compile(r"(?<![a-z])(?:ads?|advert\w*|adsbygoogle|gg|guanggao|promo\w*|sponsor\w*)(?![a-z])", re.I)
_SAYS_ADVERT = re.compile("(?:广告|推广|赞助商?(?:内容)?|AD|Advertisement)[:：]?", re.I)
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
LEAST_WEIGHT = 40
"""Weight from which a block is a text."""
LONGEST_ADVERT = 300
"""Characters up to which an advertisement is one."""
FEWEST_CARDS = 2
"""Elements side by side, each a title that is a link and words of what it leads to, from which they are cards."""
SHORTEST_TITLE = 8
BYLINE = 80
"""Characters up to which a line beside the text may tell of it."""


@dataclass(frozen=True)
class Block:
    """The main text of a page, and the lines around it in the page's order, all of them. `notes` are those behind the
    text that may tell of it."""

    element: Tag
    before: list[Line]
    lines: list[Line]
    behind: list[Line]
    notes: list[str]


def main_block(soup: BeautifulSoup, *, alone: bool = False) -> Block | None:
    """The block that the main text is, None where there is none. Takes out of the page what is no text.

    `alone` says that the page has nothing else: what elements are called doesn't count then.
    """
    prune(soup)
    sizes = sizes_of(soup)
    weights: dict[int, float] = defaultdict(float)
    elements: dict[int, Tag] = {}
    for paragraph, weight in _paragraphs(soup, sizes, 1.0 if alone else OTHERS):
        for ancestor, share in zip(_blocks_above(paragraph, sizes), SHARES, strict=False):
            weights[id(ancestor)] += weight * share
            elements[id(ancestor)] = ancestor
    if not weights:
        return None
    best = max(weights, key=lambda key: weights[key] * (1 - sizes[key].link_share))
    if weights[best] < LEAST_WEIGHT:
        return None
    element = elements[best]
    notes = _notes(element, sizes)
    if sizes[best].link_share < 0.5:
        _drop_links(element, sizes)
    before, inside, behind = _parted(soup, element)
    return Block(element, before, inside, behind, notes)


def _parted(soup: BeautifulSoup, element: Tag) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of a page before, within and behind an element."""
    within = {id(it) for it in element.descendants} | {id(element)}
    everything = pieces_of(soup)
    places = [place for place, line in enumerate(everything) if any(id(tag) in within for _, tag in line.pieces)]
    if not places:
        return everything, [], []
    return everything[: places[0]], pieces_of(element), everything[places[-1] + 1 :]


def prune(soup: BeautifulSoup) -> None:
    """Take out of a page what is no text or is not shown. Backwards, so that nothing taken out is met again."""
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

    for tag in reversed([*_adverts(soup, sizes), *_cards(soup, sizes)]):
        tag.decompose()


def _adverts(soup: BeautifulSoup, sizes: Sizes) -> Iterator[Tag]:
    """Advertisements between the paragraphs: by their name, or because they say so first."""
    for tag in elements_of(soup, BLOCKS - {"body", "main", "article"}):
        size = sizes[id(tag)]
        if 0 < size.text <= min(LONGEST_ADVERT, sizes[id(soup)].text // 2) and (
            _ADVERT.search(named(tag)) or _SAYS_ADVERT.fullmatch(next(tag.stripped_strings, ""))
        ):
            yield tag


def _cards(soup: BeautifulSoup, sizes: Sizes) -> Iterator[Tag]:
    """Excerpts of other articles: alike, side by side, and each begins with a title that is a link."""
    alike: dict[tuple[int, str, str], list[Tag]] = defaultdict(list)
    for link in soup.find_all("a"):
        if sizes[id(link)].text < SHORTEST_TITLE:
            continue
        tag = link
        while tag.parent is not None and sizes[id(tag.parent)].text == sizes[id(link)].text:
            tag = tag.parent
        card = tag.parent
        if (
            card is not None
            and card.name in BLOCKS
            and next(iter(card.stripped_strings), "") == next(iter(link.stripped_strings), "")
        ):
            alike[id(card.parent), card.name, named(card)].append(card)
    for cards in alike.values():
        if len(cards) >= FEWEST_CARDS and sum(sizes[id(it)].text for it in cards) < sizes[id(soup)].text * MOST:
            yield from cards


def _is_hidden(tag: Tag) -> bool:
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or bool(_HIDDEN.search(str(tag.get("style", ""))))


def _drop_links(text: Tag, sizes: Sizes) -> None:
    """Take out short blocks that are nothing but links (advertisements, other articles), if they are no contacts."""
    for tag in reversed(text.find_all(True)):
        size = sizes[id(tag)]
        is_link = size.links and (size.text <= BYLINE or size.links > 1) and size.link_share > MOSTLY_LINKS
        if is_link and tag.name in BLOCKS and not _CONTACT.search(tag.get_text()):
            tag.decompose()


def _paragraphs(soup: BeautifulSoup, sizes: Sizes, others: float) -> Iterator[tuple[Tag, float]]:
    """Each block that holds text itself, with its weight. What stands in links has none."""
    texts: dict[int, list[str]] = defaultdict(list)
    blocks: dict[int, Tag] = {}
    shares: dict[int, float] = {}
    stack: list[tuple[Tag, Tag, float]] = [(soup, soup, 1.0)]
    while stack:
        tag, block, share = stack.pop()
        if sizes[id(tag)].text < sizes[id(soup)].text * MOST and _OTHERS.search(named(tag)):
            share = others
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


def _notes(best: Tag, sizes: Sizes) -> list[str]:
    """Short lines behind the text that may tell of it."""
    behind = list(islice((it for it in best.next_siblings if isinstance(it, Tag)), MOST_BEHIND))
    parent = best.parent
    if parent is not None and parent.name in BLOCKS and parent.name != "body":
        behind += islice((it for it in parent.next_siblings if isinstance(it, Tag)), MOST_BEHIND)
    told = [it for it in behind if sizes[id(it)].link_share < 0.3 and it.find(["h2", "h3", "h4"]) is None]
    after = [line for tag in told[:MOST_BEHIND] for line in lines(tag) if len(line) <= 3 * BYLINE]
    return [line for line in after if _NEAR.search(line) and not _IMPRINT.search(line)][:8]
