"""Sites whose list pages link to articles, page after page."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit

from parsel import Selector
from scrapy.http import Response, TextResponse
from w3lib.html import get_base_url

from crawler.frontier import MOST_LINKS, Link
from crawler.keeping import Found, charset_of
from crawler.page import decode
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.base import NotAList, SourceSpider
from indexer.post import canonical_url

MOST_READ = 2 * MOST_LINKS
"""Links of one page that are looked at, wanted or not."""


class ArticlesSpider(SourceSpider):
    """List → articles, and list → next list."""

    name = "articles"

    def __init__(self, run: Run, **kwargs: object) -> None:
        super().__init__(run, **kwargs)
        self.wanted = Wanted(run.source)

    def found(self, response: Response, now: datetime) -> Found:
        if not isinstance(response, TextResponse):
            raise NotAList("not a page of text")
        source, text = self.run.source, decode(response.body, charset_of(response))
        page, base = Selector(text=text or "<html></html>"), base_of(text, response.url)
        lists = addresses(page, source.next_page, base) if source.next_page else []
        articles = [url for url in addresses(page, source.links_css, base) if self.wanted(url, response.url)]
        return Found(
            [Link(url) for url in articles], [url for url in lists if self.wanted.on_own_host(url, response.url)]
        )


class Wanted:
    """Says whether an address is an article: by `links`, on an own host or on one that `links` names.

    Own are the hosts of `start`, and that of the list page: example.com may lead to www.example.com.
    """

    def __init__(self, source: Source) -> None:
        self.patterns = [re.compile(pattern) for pattern in source.links]
        self.hosts = {urlsplit(start).hostname for start in source.start}

    def __call__(self, url: str, page: str) -> bool:
        """Whether `url`, a link of the list page at `page`, is one."""
        if not self.patterns:
            return self.on_own_host(url, page)
        matching = [pattern for pattern in self.patterns if pattern.search(url)]
        return bool(matching) and (
            self.on_own_host(url, page) or any(_names_host(pattern, url) for pattern in matching)
        )

    def on_own_host(self, url: str, page: str) -> bool:
        return urlsplit(url).hostname in {*self.hosts, urlsplit(page).hostname}


def _names_host(pattern: re.Pattern[str], url: str) -> bool:
    """Whether the expression has the host, or the domain that it is in, literally."""
    labels = (urlsplit(url).hostname or "").split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return any(domain in pattern.pattern.replace("\\", "") for domain in domains)


def base_of(html: str, url: str) -> str:
    """What the links of a page are relative to: its base element, or its own address where that is no web address."""
    try:
        base = get_base_url(html, url)
    except ValueError:
        return url
    return base if base.startswith(("http://", "https://")) else url


def addresses(page: Selector, css: str | None, base: str) -> list[str]:
    """Canonical http(s) addresses of the links that the CSS selects, or that are within what it selects; all links
    where there is no CSS. In the page's order, each once."""
    nodes: Iterable[Selector] = page.css(css) if css else [page]
    hrefs = (href for node in nodes for href in node.xpath("descendant-or-self::a/@href").getall())
    return list(dict.fromkeys(_absolute(islice(dict.fromkeys(hrefs), MOST_READ), base)))


def _absolute(hrefs: Iterable[str], base: str) -> Iterator[str]:
    for href in hrefs:
        try:
            url = urljoin(base, href.strip())
            if url.startswith(("http://", "https://")) and urlsplit(url).hostname:
                yield canonical_url(url)
        except ValueError:
            continue  # such as an unclosed [ of an IPv6 address
