"""The last gate before the web: a host's rate, whoever asks it, and a source's requests of the day."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.addresses import host_of
from crawler.scheduling.register import RegisterUnavailable

if TYPE_CHECKING:
    from crawler.spiders.base import SourceSpider

log = logging.getLogger("dunwatch")

NAP = 0.5
"""Seconds between two looks whether the crawl goes on."""


class NotNow(IgnoreRequest):
    """A request that this crawl makes no more."""


class Paced(HTTP11DownloadHandler):
    """Scrapy's own handler, but that every request waits for its host's turn, which all workers share.

    Here and not in a middleware, as nothing delays the request any more between this and the wire.
    """

    lazy = True

    async def download_request(self, request: Request) -> Response:
        await self._turn(request)
        return await super().download_request(request)

    @property
    def _spider(self) -> "SourceSpider":
        from crawler.spiders.base import SourceSpider

        assert isinstance(self._crawler.spider, SourceSpider)
        return self._crawler.spider

    async def _turn(self, request: Request) -> None:
        """Wait until the request may be made. Raises NotNow."""
        host, spider = host_of(request.url), self._spider
        while wait := await self._wait(host):
            await asyncio.sleep(min(wait, NAP))
            if not self._crawler.crawling or spider.ending or datetime.now(UTC) > spider.run.ends_at:
                raise NotNow("the crawl ends")

    async def _wait(self, host: str) -> float:
        """Seconds after which to ask again; 0 where the request may be made, and is counted."""
        run = self._spider.run
        try:
            if run.delay and (wait := await run.register.turn(host, run.delay)):
                return wait
            most = run.source.limits.max_pages_a_day
            if most and run.register.spend(run.source.name, run.source.day(datetime.now(UTC))) > most:
                self._spider.end(f"the {most} pages of the day are spent", "shutdown")
                raise NotNow("the pages of the day are spent")
        except RegisterUnavailable as error:  # it may come back; the lease says for how long that may take
            log.debug("%s", error)
            return NAP
        return 0.0
