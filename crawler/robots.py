"""robots.txt, obeyed to the letter of RFC 9309: one that can't be had forbids everything."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, cast

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy.robotstxt import RobotParser

    from crawler.spiders.base import SourceSpider

LONGEST_DELAY = 60
"""Seconds that a Crawl-delay can ask for."""
NOTHING = b"User-agent: *\nDisallow: /"


class Forbidden(IgnoreRequest):
    """robots.txt forbids it."""


class NoRobots(IgnoreRequest):
    """robots.txt can't be had, so nothing is allowed for now."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, but that a server's error forbids, that no robots.txt allows, and that Crawl-delay is heard."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> "RobotParser | None":
        """One request at a time: of several that wait for one robots.txt, Scrapy gives it to the first only."""
        async with self._asking[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)

    def process_request_2(self, rp: "RobotParser | None", request: Request) -> None:
        if rp is None:
            raise NoRobots("robots.txt could not be fetched")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise Forbidden("forbidden by robots.txt") from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status == 429 or response.status >= 500:
            response = response.replace(body=NOTHING)
        elif response.status != 200:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        if delay := getattr(parser, "crawl_delay", lambda _: None)("dunwatch"):
            self._slow_down(min(float(delay), LONGEST_DELAY))

    def _slow_down(self, delay: float) -> None:
        spider = cast("SourceSpider", self.crawler.spider)
        spider.run.delay = max(spider.run.delay, delay)
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle and delay > throttle.mindelay:
            throttle.mindelay = delay
            for slot in self.crawler.engine.downloader.slots.values():
                slot.delay = max(slot.delay, delay)
