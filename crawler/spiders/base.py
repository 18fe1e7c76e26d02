"""What all spiders do: lists lead to articles, the frontier says which to fetch, failures are counted."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.failures import AWAY, kind_of
from crawler.frontier import GONE, MAX_URL, Known, Link
from crawler.keeping import Found, answer_of, article, keep, keep_gone, queue
from crawler.middlewares import Later, NotAsked, Refused
from crawler.pacing import NotNow
from crawler.robots import Forbidden, NoRobots
from crawler.run import Run
from indexer.post import canonical_url
from indexer.state import StateError
from indexer.text.privacy.told import told

log = logging.getLogger("dunwatch")

AT_ONCE = 200
"""Articles that are taken from the frontier at once."""


class NotAList(ValueError):
    """A page that no links can be read from; the message says why."""


class SourceSpider(scrapy.Spider):
    """Crawls one source. Subclasses say what a list page leads to, and what other pages hold if not an article."""

    handle_httpstatus_list: ClassVar[list[int]] = [304]

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.asked: set[str] = set()
        """Lists, and those articles that are under way or failed."""
        self.searched, self.looked_after = set[str](), False
        self.lists_asked: Counter[str] = Counter()
        self.articles_left = run.source.limits.max_articles
        self.ending = False
        """Whether the crawl was told to end before it has all."""

    def found(self, response: Response, now: datetime) -> Found:
        """Links of a list page, and Posts where it holds some. Raises NotAList."""
        raise NotImplementedError

    def read(self, response: Response, page: str, known: Known, now: datetime) -> Found:
        """Posts of a page that is no list, and the pages that go on with it. Raises NoText."""
        return Found(posts=[article(self.run.source, response, known, now)])

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SourceSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The lists, which say what is new; `on_idle` goes on."""
        for start in self.run.source.start:
            for request in self._lists([canonical_url(start)], start):
                yield request

    def on_idle(self) -> None:
        """When nothing is under way: some new articles; without any, those that changed lately, then old ones.

        Only some at a time, as what waits is in the frontier and needs no memory.
        """
        if self.ending:
            return
        frontier, now = self.run.frontier, datetime.now(UTC)
        for due in (frontier.to_fetch, partial(frontier.to_follow, now), partial(self._old, now)):
            with self._stopping_when_full():
                pages = [page for page in due(AT_ONCE + len(self.asked)) if page not in self.asked]
            if requests := list(self._articles(pages[:AT_ONCE], priority=-10)):
                for request in reversed(requests):  # what comes last is asked first
                    assert self.crawler.engine is not None
                    self.crawler.engine.crawl(request)
                raise DontCloseSpider

    def _old(self, now: datetime, limit: int) -> list[str]:
        """Old articles that are due, once in a crawl."""
        if self.looked_after:
            return []
        self.looked_after = True
        return self.run.frontier.to_look_after(now, limit)

    def on_list(self, response: Response, page: str, start: str) -> Iterator[Request]:
        """Record the list and what is new on it in one transaction, then go on to the next list."""
        with self._stopping_when_full():
            found = self._record_list(response, page)
        yield from self._lists(found.lists, start)

    def on_article(self, response: Response, page: str) -> Iterator[Request]:
        """Keep the page, then go on to those that go on with it, before anything else is begun."""
        with self._stopping_when_full():
            found = keep(self.run, page, response, self.read)
            more = self.run.frontier.to_fetch(self.articles_left, among=[link.url for link in found.articles])
            more += self._to_search(page)
        self.asked.discard(page)  # the frontier knows that it was fetched
        yield from self._articles(more, priority=5)

    def on_error(self, failure: Failure) -> Iterator[Request]:
        """Count and keep aside a page that could not be fetched; where it held replies, look for them elsewhere."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page = request.meta["page"]
        if isinstance(failure.value, NotNow) or (self.ending and isinstance(failure.value, NoRobots)):
            return  # as if it had not been asked for
        if isinstance(failure.value, Forbidden) and request.callback == self.on_article:
            self.articles_left += 1  # the site was not asked
        with self._stopping_when_full():
            assert failure.value is not None
            self._record_failure(page, failure.value)
            more = self._to_search(page)
        yield from self._articles(more, priority=5)

    def give_up(self, error: Exception) -> None:
        """End the crawl because nothing can be kept any more."""
        if not self.run.error:
            self.run.error = str(error)
            self.end(f"the crawl ends: {error}", "failed", logging.ERROR)

    def end(self, why: str, reason: str = "finished", level: int = logging.INFO) -> None:
        """End the crawl before it has all; what it leaves is the next one's. `reason` is what `closed` is called with.

        Call it in the thread of the crawl.
        """
        if not self.ending:
            self.ending = True
            log.log(level, "%s: %s", self.run.source.name, why)
            closing = self.crawler.engine.close_spider_async(reason=reason)
            self._closing = asyncio.get_running_loop().create_task(closing)

    def closed(self, reason: str) -> None:
        self.run.finish({"shutdown": "stopped", "failed": "failed"}.get(reason, "finished"))

    def _record_list(self, response: Response, page: str) -> Found:
        run, now, answer = self.run, datetime.now(UTC), answer_of(response)
        run.received(response)
        known = run.frontier.known(page)
        if answer.sha256 is None:
            run.counts["unchanged"] += 1
            run.frontier.fetched(page, answer, now)
            return Found(lists=list(known.hint.get("lists", ())))
        try:
            found = self.found(response, now)
        except Exception as error:  # whatever a page makes of the parsers: the crawl goes on
            reason = str(error) if isinstance(error, NotAList) else f"{type(error).__name__}: {error}"
            self._fail(page, "not a list", reason, answer.status, final=False)
            return Found()
        run.count("lists", 1)
        run.count("lists.empty", not (found.articles or found.posts or found.lists))
        evidence = None
        if answer.sha256 == known.sha256 and known.hint.get("read_by") == run.source.reading:
            run.counts["unchanged"] += 1
        else:
            run.counts["pages"] += 1
            assert response.request is not None
            evidence = run.archive.keep(response.request, response, answer.sha256)
        with run.state.transaction():
            if evidence:
                queue(run, page, found, evidence)
            run.frontier.discover(found.articles, "article", now)
            hint = {"lists": found.lists[: run.source.max_pages], "read_by": run.source.reading}
            run.frontier.fetched(page, answer, now, hint=hint)
            run.save()
        return found

    def _record_failure(self, page: str, error: BaseException) -> None:
        if isinstance(error, Forbidden | Later):
            self.run.counts.update(["robots"] if isinstance(error, Forbidden) else ["errors", "errors.later"])
            log.info("%s: %s: %s", self.run.source.name, told(page), error)
            if not isinstance(error, NotAsked):
                self.run.frontier.put_off(page)
            return
        status = error.response.status if isinstance(error, HttpError) else None
        kind = f"http {status}" if status else kind_of(error)
        reason = f"{kind}: {error}" if isinstance(error, IgnoreRequest) and not status else kind
        if isinstance(error, AWAY):
            self._count(page, kind, reason)
            self.run.frontier.put_off(page)
            return
        if status in GONE and self.run.vanished.holds(page):
            log.info("%s: %s: gone (http %s)", self.run.source.name, told(page), status)
            keep_gone(self.run, page, status)
            return
        final = status in GONE or isinstance(error, Refused)
        self._fail(page, kind, reason, status, final=final)

    def _fail(self, page: str, kind: str, reason: str, status: int | None, *, final: bool) -> None:
        with self.run.state.transaction():
            self._count(page, kind, reason)
            self.run.frontier.failed(page, status, datetime.now(UTC), final=final)

    def _count(self, page: str, kind: str, reason: str) -> None:
        self.run.counts.update(["errors", f"errors.{kind}"])
        with self.run.state.transaction():
            self.run.reject("fetch", page, reason)
            self.run.save()

    def _to_search(self, page: str) -> list[str]:
        """Pages to look through for replies that the page lacks, each once in a crawl even if it was asked already."""
        pages = [it for it in self.run.vanished.to_search(page) if it not in self.searched]
        self.searched.update(pages)
        self.asked.difference_update(pages)
        return pages

    def _articles(self, pages: Iterable[str], priority: int = 0) -> Iterator[Request]:
        for page in pages:
            if page not in self.asked and self.articles_left > 0:
                self.articles_left -= 1
                yield self._request(page, self.on_article, priority)

    def _lists(self, pages: Iterable[str], start: str) -> Iterator[Request]:
        for page in pages:
            if page not in self.asked and len(page) <= MAX_URL and self.lists_asked[start] < self.run.source.max_pages:
                self.lists_asked[start] += 1
                with self._stopping_when_full():
                    self.run.frontier.discover([Link(page)], "list", datetime.now(UTC))
                yield self._request(page, self.on_list, 10, start=start)

    def _request(self, page: str, callback: Any, priority: int, **words: str) -> Request:
        self.asked.add(page)
        words["page"] = page
        meta = {"page": page}
        return Request(
            page, callback, cb_kwargs=words, errback=self.on_error, meta=meta, priority=priority, dont_filter=True
        )

    @contextmanager
    def _stopping_when_full(self) -> Iterator[None]:
        """End the crawl where the state or the archive can't be written."""
        try:
            yield
        except (StateError, OSError) as error:
            self.give_up(error)
            raise CloseSpider("failed") from None
