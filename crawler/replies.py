"""What several people say on a page, one below the other: floors of a thread, answers, comments below an article.

Elements that are alike are posts if most hold a name, a time and words outside of links, and something shows that they
are no list of other articles: their name, or that they can be answered.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bs4 import BeautifulSoup, Tag

from crawler.byline import moments, named_in, tells
from crawler.elements import BLOCKS, PUNCTUATION, Line, Sizes, elements_of, is_text, lines, named, pieces_of, sizes_of
from crawler.metadata import Dated

MOST = 500
"""Posts of a page that are read."""
SAMPLED = 6
"""Posts of a group that it is judged by."""
GROUPS = 60
"""Groups of a page that are judged."""
EFFORT = 4
"""How many times the page's text may be gone through for that."""
VALID = 0.5
"""Share of a group's elements that must be posts."""
LONGEST_LINK = 12
"""Characters from which a link, or a heading, is a title of something else."""
_NAMES = ("div", "li", "article", "section", "tr", "table", "ul", "dl", "dd")
_CALLED = re.compile(
    r"(?<![a-z])(?:comments?|cmnt|cmt|reply|replies|answers?|ans|posts?|floor|pinglun|huifu|huida|pl|feedback|tie|trunk)"
    r"(?![a-z])|comment|reply|replies|answer|pinglun",
    re.I,
)
_ALONE = re.compile(r"comment-?(?:item|body)|(?<![a-z])(?:comment|reply|answer)(?![a-z-])", re.I)
_NOT_CALLED = re.compile(r"recommend|relate|(?<![a-z])(?:rec|hot|feed|rank|news|side|aside|nav)(?![a-z])", re.I)
_ACTION = (
    r"回[复应帖]|举报|点?赞同?|顶|踩|支持|反对|引用|分享|收藏|喜欢|评论|只看该作者|楼主|沙发|板凳|地板|来自|转发|编辑|删除|展开|收起"
    r"|写回答|感谢|有用|亮了|说道|解答|好评|审核(?:通过)?|分配商家|完成投诉|[发补]\w投诉|Reply|Like"
)
_HEADED = re.compile("评论|热评|回[复帖答]|跟[贴帖]|解答|留言|讨论|说说|进[展度]$")
_OF_A_PROFILE = re.compile("注册|加入|登录|吧龄|Joined", re.I)
_DIGITS = re.compile(r"[\d\W]")
_ACTIONS = re.compile(_ACTION)
_ONLY_ACTIONS = re.compile(rf"(?:\W|\d|楼|F|条|次|人|该回答|(?:{_ACTION}))+", re.I)
_FIRST = re.compile(r"楼主|(?<!\d)1 ?[楼#]|[#＃][01](?!\d)|(?<!\d)0F")


@dataclass(frozen=True)
class Reply:
    """What somebody says. `id` tells it from the others of its page."""

    author: str
    text: str
    dated: Dated | None
    id: str


@dataclass(frozen=True)
class Thread:
    """All that is said; `above` are the lines of the page before it. `begins` where the first one says that it is."""

    said: tuple[Reply, ...]
    above: tuple[Line, ...]
    begins: bool

    def opener(self, text: Sequence[Line]) -> Reply | None:
        """The first post, if it begins the thread; None where the page's `text`, outside of all posts, is what the
        others speak of."""
        before = {line.text for line in self.above}
        own = "".join(line.text for line in text if line.text in before and len(line.text) > 8)
        is_article = len(own) >= 12 and not (self.begins and len(own) < 2 * len(self.said[0].text))
        return None if is_article else self.said[0]


def thread(soup: BeautifulSoup, *, timezone: str, now: datetime) -> Thread | None:
    """The thread of a page; its posts are taken out of the page."""
    sizes = sizes_of(soup)
    title = "".join(soup.title.get_text().split()) if soup.title else ""
    budget = EFFORT * (sizes[id(soup)].text + 1000)
    best: tuple[int, int] = (0, 0)
    found: list[Tag] = []
    for nodes in _alike(soup, sizes):
        sample = nodes[:SAMPLED]
        budget -= sum(sizes[id(node)].text for node in sample)
        if budget < 0:
            break
        posts = [_post(node, title, timezone, now) for node in sample]
        valid = [it for it in posts if it]
        held = [node for node, it in zip(sample, posts, strict=True) if it]
        if len(valid) < VALID * len(sample) or len(valid) < min(2, len(nodes)) or not _are_posts(held, valid):
            continue
        score = len(valid) * len(nodes) // len(sample), sum(sizes[id(node)].text for node in nodes)
        if score > best:
            best, found = score, nodes
    if not found:
        return None
    first = next((node for node in found if _post(node, title, timezone, now)), None)
    if first is None:
        return None
    above = _above(soup, first)
    begins = bool(_FIRST.search(" ".join(line.text for line in pieces_of(first)[:12])))
    said: list[Reply] = []
    for node in reversed(found):  # what stands within another comes off first
        if post := _post(node, title, timezone, now):
            said.append(post)
            node.extract()
    said = said if _newest_first(said) else said[::-1]
    return Thread(tuple(said), above, begins)


def _newest_first(backwards: Sequence[Reply]) -> bool:
    """Whether posts that are taken from the last one on are in the order of their times, and at least three."""
    times = [it.dated.at for it in backwards if it.dated]
    return len(times) == len(backwards) > 2 and times == sorted(times) and times[0] < times[-1]


def _alike(soup: BeautifulSoup, sizes: Sizes) -> Iterator[list[Tag]]:
    """Elements of the same name and first class, or items of one list; one alone where it is called a reply."""
    groups: dict[tuple[str, str], list[Tag]] = defaultdict(list)
    for tag in elements_of(soup, _NAMES):
        size = sizes[id(tag)]
        if size.text - size.linked < 6:
            continue
        classes = tag.get("class") or ""
        first = classes.split()[:1] if isinstance(classes, str) else classes[:1]
        if first or tag.name == "li":
            groups[tag.name, first[0] if first else f"in {id(tag.parent)}"].append(tag)
    tried = [nodes for nodes in groups.values() if len(nodes) > 1 or _ALONE.search(named(nodes[0]))]
    tried = [nodes[:MOST] for nodes in tried]
    yield from sorted(tried, key=lambda nodes: -sum(sizes[id(node)].text for node in nodes))[:GROUPS]


def _are_posts(sample: Sequence[Tag], valid: Sequence[Reply]) -> bool:
    names = " ".join(named(it) for node in sample[:1] for it in (node, *list(node.parents)[:3]))
    answered = sum(bool(_ACTIONS.search(node.get_text())) for node in sample) * 2 > len(sample)
    timed = sum(it.dated is not None for it in valid) * 2 > len(valid)
    called = bool(_CALLED.search(names)) and not _NOT_CALLED.search(named(sample[0]))
    if len(sample) == 1:
        return called and answered and timed
    if (called and (timed or answered)) or (timed and answered):
        return True
    above = next((text for it in sample[0].previous_elements if is_text(it) and (text := it.strip())), "")
    return timed and len(above) <= LONGEST_LINK and bool(_HEADED.search(above))


def _post(node: Tag, title: str, timezone: str, now: datetime) -> Reply | None:
    """The post that an element holds, None where it holds none."""
    found = pieces_of(node)
    times = (it for it in moments(found, timezone, now) if not tells(it.line))
    moment = next((it for it in times if not _OF_A_PROFILE.search(it.line.text)), None)
    author, said_by = named_in(found, moment)
    if not author or _is_card(node, title):
        return None
    aside = {id(it) for tag in (said_by, *_tags(moment.pieces if moment else ())) if tag for it in (tag, *tag.parents)}
    text = _text(node, aside, author, moment.written if moment else "")
    if len(text) < 2:
        return None
    own = str(node.get("id") or node.get("data-id") or node.get("name") or "")
    return Reply(
        author, text, moment.dated if moment else None, own or sha256(f"{author}\n{text}".encode()).hexdigest()[:12]
    )


def _tags(pieces: Sequence[tuple[str, Tag]]) -> list[Tag]:
    return [tag for _, tag in pieces]


def _is_card(node: Tag, title: str) -> bool:
    """Whether it leads to something else: a link that is longer than names are, and not the page's own title."""
    links = ["".join(it.get_text().split()).removeprefix("Re:") for it in node.find_all("a")[:12]]
    return any(len(_DIGITS.sub("", it)) >= LONGEST_LINK and it not in title for it in links)


def _text(node: Tag, aside: set[int], author: str, written: str) -> str:
    """The words of the largest element that holds neither the name nor the time, without quotes and buttons."""
    best: tuple[int, Tag | None] = (0, None)
    for it in [node, *(it for it in node.descendants if isinstance(it, Tag))]:
        if (
            id(it) in aside
            or it.name == "a"
            or (it.name not in BLOCKS and it.name not in ("span", "cc", "em", "i", "font"))
        ):
            continue
        said = "".join(line for line in lines(it) if not _ONLY_ACTIONS.fullmatch(line))
        linked = sum(len(link.get_text().strip()) for link in it.find_all("a"))
        weight = len(said) - linked + 10 * len(PUNCTUATION.findall(said))
        if len(said) > linked and weight > best[0]:
            best = weight, it
    if best[1] is None:
        return _loose(node, {author, written})
    for quote in best[1].select("blockquote, .quote, .pstatus, script, style"):
        if len(quote.get_text().strip()) < len(best[1].get_text().strip()):
            quote.decompose()
    return "\n".join(line for line in lines(best[1]) if not _ONLY_ACTIONS.fullmatch(line))


def _loose(node: Tag, others: set[str]) -> str:
    """Words that stand beside the name in the same element."""
    said = [words for line in pieces_of(node) for words, _ in line.pieces if words not in others]
    return max(said, key=len, default="").lstrip(":： ")


def _above(soup: BeautifulSoup, first: Tag) -> tuple[Line, ...]:
    within = {id(first)} | {id(it) for it in first.descendants}
    everything = pieces_of(soup.body or soup)
    end = next((place for place, line in enumerate(everything) if any(id(tag) in within for _, tag in line.pieces)), 0)
    return tuple(everything[:end])
