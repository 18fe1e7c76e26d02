"""What a source would collect: its first list page and some of the pages that it leads to, read as a crawl does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawler.crawl import SPIDERS
from crawler.frontier import Known
from crawler.page import NoText
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.base import NotAList
from crawler.visit import Fetch, NoPage
from indexer.post import Post, canonical_url
from indexer.text.furniture import clean
from indexer.text.repair import repair


@dataclass(frozen=True)
class Tried:
    """A page, its Posts, and what was wrong with it."""

    url: str
    posts: Sequence[Post] = ()
    wrong: Sequence[str] = ()
    goes_on: bool = False
    """Whether it leads to a next page of its own."""


@dataclass(frozen=True)
class Trial:
    """`links` are how many pages the list leads to; `more` whether it leads to a next list."""

    source: Source
    links: int = 0
    more: bool = False
    pages: list[Tried] = field(default_factory=list)

    @property
    def posts(self) -> list[Post]:
        return [post for page in self.pages for post in page.posts]


async def try_out(source: Source, fetch: Fetch, run: Run, *, most: int, first: Response | None = None) -> Trial:
    """Fetch the first list and at most `most` pages of it; `first` is the list where it is there already.

    Raises NoPage where the list can't be had or read.
    """
    spider = SPIDERS[source.kind](replace(run, source=source))
    start = canonical_url(source.start[0])
    try:
        found = spider.found(first or await fetch(start), datetime.now(UTC))
    except NotAList as error:
        raise NoPage(f"{start}: {error}") from None
    trial = Trial(source, len(found.articles), bool(found.lists))
    if found.posts or found.unreadable:
        wrong = [f"{it.part}: {it.reason}" for it in found.unreadable]
        trial.pages.append(Tried(start, found.posts, wrong, trial.more))
    for link in found.articles[:most]:
        try:
            response = await fetch(link.url)
            read = spider.read(response, link.url, Known(hint=link.hint), datetime.now(UTC))
        except (NoPage, NoText) as error:
            trial.pages.append(Tried(link.url, wrong=[str(error)]))
            continue
        wrong = [f"{it.part}: {it.reason}" for it in read.unreadable]
        trial.pages.append(Tried(link.url, read.posts, wrong, bool(read.articles)))
    return trial


def missing(post: Post) -> Iterator[str]:
    """What the page should say of a Post and didn't, or was not understood; of an article also what its byline says."""
    author, published_at = post.author, post.published_at
    if post.kind == "article":
        text = repair(post.text).text
        byline = clean(repair(post.title).text, text, timezone=post.timezone, now=post.fetched_at)
        author, published_at = author or byline.author, published_at or byline.published_at
    if not post.text.strip():
        yield "text"
    if not post.title.strip():
        yield "title"
    if not author.strip():
        yield "author"
    if published_at is None:
        yield "time"
    if post.kind == "complaint" and (post.complaint is None or post.complaint.status is None):
        yield "status"
