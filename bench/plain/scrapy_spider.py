"""The plain spider that bench/crawl.py measures against: follows links from lists and yields what it fetched.

`python bench/plain/scrapy_spider.py URL`.
"""

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class Bare(Spider):
    name = "bare"

    async def start(self) -> AsyncIterator[Request]:
        yield Request(sys.argv[1] + "/farm/")

    def parse(self, response: Response) -> Iterator[Request]:
        for link in response.css("a::attr(href)").re(r"\d+\.html$"):
            yield response.follow(link, self.page)
        for link in response.css("a.next::attr(href)").getall():
            yield response.follow(link, self.parse, priority=10)

    def page(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {"url": response.url, "length": len(response.text)}


SETTINGS = {
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "DOWNLOAD_DELAY": 0,
}

if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(Bare)
    process.start()
