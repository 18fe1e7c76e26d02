"""Forums: lists lead to threads, threads go on page after page, and every reply is a Post of its own."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from parsel import Selector
from scrapy.http import Response

from crawler.frontier import Known, Link
from crawler.keeping import Found, text_of
from crawler.page import NoText, decode
from crawler.reading import markup, tree
from crawler.reading.records import Reading, Thread, Unreadable, posts
from crawler.reading.shape import PageShape
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.articles import Wanted, addresses, base_of
from crawler.spiders.base import NotAList, SourceSpider
from indexer.post import Post, canonical_url


class ForumSpider(SourceSpider):
    """List → threads, list → next list, thread → its next page. Lists and threads are HTML or JSON, by the source."""

    name = "forum"

    def __init__(self, run: Run, **kwargs: object) -> None:
        super().__init__(run, **kwargs)
        self.wanted = Wanted(run.source)

    def found(self, response: Response, now: datetime) -> Found:
        source, url = self.run.source, response.url
        links, following = list_of(source, response)
        allowed = self._allowed(links, url) if source.list else [it for it in links if self.wanted(it, url)]
        threads = dict.fromkeys(source.rewritten(it, first_page=True) for it in allowed)
        lists = [source.rewritten(it) for it in following if self.wanted.on_own_host(it, url)]
        return Found([Link(it) for it in threads], lists)

    def read(self, response: Response, page: str, known: Known, now: datetime) -> Found:
        source, said = self.run.source, known.hint
        reading = reading_of(source, response)
        if not reading.records:
            raise NoText("no posts on the page")
        address = str(said.get("thread") or reading.address or page)
        thread = Thread(address, str(said.get("title") or ""), int(said.get("before") or 0))
        found = split(posts(reading, page_of(source), thread, source=source.name, timezone=source.timezone, now=now))
        found.thread = address
        number = int(said.get("number") or 1)
        if number < source.max_thread_pages:
            title, before = (reading.title or thread.title)[:1000], thread.before + len(reading.records)
            hint: dict[str, str | int] = {"thread": address, "title": title, "before": before, "number": number + 1}
            following = self._allowed(reading.next[:1], response.url)
            found.articles = [Link(source.rewritten(it), hint) for it in following if source.rewritten(it) != page]
        return found

    def _allowed(self, urls: Iterable[str], page: str) -> list[str]:
        """Those on the site's own hosts, or on the one that the list's `link` names."""
        named = urlsplit(self.run.source.list.link).hostname if self.run.source.list else None
        return [it for it in urls if self.wanted.on_own_host(it, page) or urlsplit(it).hostname == named]


def list_of(source: Source, response: Response) -> tuple[list[str], list[str]]:
    """Addresses that a list page links to, and those of the next list page. Raises NotAList."""
    if source.list:
        try:
            links, following = tree.links(json_of(response), response.url, source.list)
        except tree.NotJson as error:
            raise NotAList(str(error)) from None
        return list(_sound(links)), list(_sound(following))
    try:
        html = text_of(response)
    except NoText as error:
        raise NotAList(str(error)) from None
    page, base = Selector(text=html or "<html></html>", huge_tree=False), base_of(html, response.url)
    following = tuple(addresses(page, source.next_page, base)) if source.next_page else ()
    return addresses(page, source.links_css, base), list(following)


def reading_of(source: Source, response: Response) -> Reading:
    """What a page of posts holds, by the source's shape. Raises NoText."""
    shape = page_of(source)
    if shape.format == "html":
        html = text_of(response)
        found = markup.read(html, base_of(html, response.url), shape)
    else:
        try:
            found = tree.read(json_of(response), response.url, shape)
        except tree.NotJson as error:
            raise NoText(str(error)) from None
    return Reading(found.records, found.title, tuple(_sound(found.next)), found.address)


def page_of(source: Source) -> PageShape:
    assert source.page is not None  # the Source has seen to it
    return source.page


def json_of(response: Response) -> str:
    return decode(response.body, "utf-8")


def split(read: Iterable[Post | Unreadable]) -> Found:
    """Posts and what can't be one."""
    found = Found()
    for it in read:
        if isinstance(it, Post):
            found.posts.append(it)
        else:
            found.unreadable.append(it)
    return found


def _sound(urls: Iterable[str]) -> Iterable[str]:
    """Those that are http(s) addresses."""
    for url in urls:
        try:
            if url.startswith(("http://", "https://")) and urlsplit(url).hostname:
                yield canonical_url(url)
        except ValueError:
            continue
