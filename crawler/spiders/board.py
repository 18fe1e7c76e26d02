"""Complaint boards: lists, mostly in JSON, hold complaints or lead to them, with state, amount, demand and answers."""

from datetime import datetime

from scrapy.http import Response

from crawler.keeping import Found
from crawler.spiders.forum import ForumSpider
from crawler.spiders.social import SocialSpider


class BoardSpider(SocialSpider):
    """List → complaints, each a page whose first Post is the complaint and whose others are answers to it.

    Where the source says of no link that it is a complaint, the list itself holds them.
    """

    name = "board"

    def found(self, response: Response, now: datetime) -> Found:
        source = self.run.source
        leads = source.list or source.links or source.links_css
        return ForumSpider.found(self, response, now) if leads else super().found(response, now)
