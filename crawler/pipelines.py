"""From a fetched page to the spool: archived first, then Post and frontier in one transaction."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler.frontier import Answer, Known
from crawler.page import Article, NoText, decode, read_page
from crawler.run import Run
from indexer.post import MAX_TEXT, Evidence, Post, canonical_url
from indexer.state import SAMPLE, StateError

if TYPE_CHECKING:
    from crawler.spiders.base import SourceSpider

log = logging.getLogger("dunwatch")


@dataclass(frozen=True)
class Fetched:
    """An article's page as it came. `page` is the address that the frontier knows it by."""

    page: str
    response: Response


class Keep:
    """The one pipeline. A full disk ends the crawl; a page that can't be read never does."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Keep":
        return cls(crawler)

    def process_item(self, item: Fetched) -> Fetched:
        spider: SourceSpider = self.crawler.spider  # type: ignore[assignment]
        try:
            keep(spider.run, item)
        except (StateError, OSError) as error:
            spider.give_up(error)
        return item


def keep(run: Run, item: Fetched) -> None:
    """Archive the page if it is new or changed, and queue its Post. Raises StateError or OSError."""
    response, now = item.response, datetime.now(UTC)
    known, answer = run.frontier.known(item.page), answer_of(item.response)
    if answer.sha256 is None or answer.sha256 == known.sha256:
        run.counts["unchanged"] += 1
        with run.state.transaction():
            run.frontier.fetched(item.page, answer, now)
            run.save()
        return
    assert response.request is not None
    evidence = run.archive.keep(response.request, response, answer.sha256)
    run.counts["pages"] += 1
    with run.state.transaction():
        post = _post(run, item, known, evidence, now)
        run.counts["posts"] += run.spool.put([post] if post else [])
        run.frontier.fetched(item.page, answer, now)
        run.save()


def answer_of(response: Response) -> Answer:
    """What the frontier keeps of a response."""
    sha256 = None if response.status == 304 else hashlib.sha256(response.body).hexdigest()
    return Answer(response.status, _header(response, "ETag"), _header(response, "Last-Modified"), sha256)


def charset_of(response: Response) -> str | None:
    """The character set that the response's header names."""
    return http_content_type_encoding((response.headers.get("Content-Type") or b"").decode("latin-1"))


def _post(run: Run, item: Fetched, known: Known, evidence: Evidence, now: datetime) -> Post | None:
    """The page as a Post; None where it can't be read, which is kept aside."""
    response = item.response
    try:
        if not isinstance(response, TextResponse):
            kind = _header(response, "Content-Type") or "unknown type"
            raise NoText(f"not a page of text: {kind}")
        article = read_article(run, response, now)
        return _fill(run, article, known, evidence, canonical_url(response.url), now)
    except Exception as error:  # whatever a page makes of the parsers: the crawl goes on
        if not isinstance(error, NoText):
            log.debug("%s: %s", item.page, error, exc_info=True)
        run.counts["rejected"] += 1
        reason = str(error) if isinstance(error, NoText) else f"{type(error).__name__}: {error}"
        run.reject("extract", item.page, reason, sample=decode(response.body[: 8 * SAMPLE], charset_of(response)))
        return None


def read_article(run: Run, response: Response, now: datetime) -> Article:
    """The only place where a page's bytes are read. Raises NoText."""
    source = run.source
    return read_page(response.body, charset_of(response), css=source.css.given(), timezone=source.timezone, now=now)


def _fill(run: Run, article: Article, known: Known, evidence: Evidence, url: str, now: datetime) -> Post:
    """The Post; where the page gives no title or time, what the feed said of it."""
    if len(article.text) > MAX_TEXT:
        log.warning("%s: %s: cut to %d characters", run.source.name, url, MAX_TEXT)
    published_at, dated_by = article.published_at, article.dated_by
    if published_at is None and (said := known.hint.get("at")):
        published_at, dated_by = datetime.fromisoformat(said), "feed"
    return Post(
        url=url,
        source=run.source.name,
        title=(article.title or known.hint.get("title", ""))[:1000],
        text=article.text[:MAX_TEXT],
        author=article.author[:200],
        published_at=published_at,
        dated_by=dated_by if published_at else "",
        fetched_at=now,
        timezone=run.source.timezone,
        evidence=evidence,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None
