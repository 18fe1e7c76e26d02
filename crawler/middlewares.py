"""Between Scrapy and the web: only public addresses, only what changed, and waiting when a site asks to."""

import asyncio
import math
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.addresses import address_of, host_of, is_loopback, is_public
from crawler.frontier import Known

if TYPE_CHECKING:
    from crawler.spiders.base import SourceSpider

LONGEST_WAIT = 600
"""Seconds that a site may ask to be left alone within one crawl."""
WAITS = 2
"""Times that one page may ask for it."""


class Refused(IgnoreRequest):
    """An address that is not asked."""


class Later(IgnoreRequest):
    """The site asked to come back later than this crawl can wait."""


class NotModified(IgnoreRequest):
    """A page that was never read is said to be unchanged."""


class NotAsked(Later):
    """Another page had the answer that the site is to be left alone."""


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "_Middleware":
        return cls(crawler)

    @property
    def spider(self) -> "SourceSpider":
        from crawler.spiders.base import SourceSpider

        assert isinstance(self.crawler.spider, SourceSpider)
        return self.crawler.spider


class PublicOnly(_Middleware):
    """Refuses every request, first or redirected, whose host is or resolves to an address that is not public.

    The name is resolved here and the connection uses the same cached answer: it can't change in between.
    """

    async def process_request(self, request: Request) -> None:
        parts = urlparse_cached(request)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("not an http or https address")
        if "@" in parts.netloc:
            raise Refused("an address with a user's name")
        address = await address_of(parts.hostname)
        if not is_public(address) and not (self.spider.run.source.loopback and is_loopback(address)):
            raise Refused(f"{address} is an address of a private network or of this machine")


class Conditional(_Middleware):
    """Asks for a page that was fetched before only if it has changed, or is read otherwise now."""

    def process_request(self, request: Request) -> None:
        run = self.spider.run
        known = run.frontier.known(request.meta["page"]) if "page" in request.meta else Known()
        if known.hint.get("read_by") != run.source.reading:
            return
        if known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        """Nothing was read where a page is said to be as before that wasn't asked for so."""
        asked = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        if response.status == 304 and not asked:
            raise NotModified("said to be unchanged, which was not asked")
        return response


class RetryAfter(_Middleware):
    """Leaves a host alone for as long as its Retry-After asks, then tries again; too long is left to the next crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.until: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        """Wait while the host is to be left alone; the reactor, and so every other source, goes on."""
        host, run = host_of(request.url), self.spider.run
        while (left := self.until.get(host, 0) - time.monotonic()) > 0:
            if left > (run.ends_at - datetime.now(UTC)).total_seconds() or not self.crawler.crawling or run.error:
                raise NotAsked("the site asked to come back later")
            await asyncio.sleep(min(left, 0.5))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        seconds = _seconds(response) if response.status in {429, 503} else None
        if seconds is None:
            return response
        host, waits = host_of(request.url), request.meta.get("waits", 0)
        if seconds > LONGEST_WAIT or waits >= WAITS:
            self.until[host] = math.inf
            raise Later(f"the site asked to come back in {seconds:.0f} seconds")
        self.until[host] = max(self.until.get(host, 0), time.monotonic() + seconds)
        again = request.replace(dont_filter=True)
        again.meta["waits"] = waits + 1
        return again


def _seconds(response: Response) -> float | None:
    """What Retry-After asks for, in seconds from now; None where it is missing or unreadable."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
