"""Public timelines and search results: every page holds Posts itself, and leads to the older ones."""

from datetime import datetime

from scrapy.http import Response

from crawler.keeping import Found
from crawler.page import NoText
from crawler.reading.records import Thread, posts
from crawler.spiders.base import NotAList
from crawler.spiders.forum import ForumSpider, page_of, reading_of, split


class SocialSpider(ForumSpider):
    """Timeline → its next page; its pages are lists that hold Posts."""

    name = "social"

    def found(self, response: Response, now: datetime) -> Found:
        source = self.run.source
        try:
            reading = reading_of(source, response)
        except NoText as error:
            raise NotAList(str(error)) from None
        thread = Thread(reading.address or source.rewritten(response.url))
        found = split(posts(reading, page_of(source), thread, source=source.name, timezone=source.timezone, now=now))
        found.lists = [source.rewritten(it) for it in self._allowed(reading.next[:1], response.url)]
        return found
