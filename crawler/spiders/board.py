"""Complaint boards: lists, mostly in JSON, lead to complaints with their state, amount, demand and answers."""

from crawler.spiders.forum import ForumSpider


class BoardSpider(ForumSpider):
    """As a forum: a complaint is a page whose first post is the complaint and whose others are answers to it."""

    name = "board"
