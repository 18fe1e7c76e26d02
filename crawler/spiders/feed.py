"""Sites that say themselves what is new: RSS, Atom, sitemaps and news sitemaps, plain or gzipped."""

import re
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import islice
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser
from lxml import etree
from scrapy.http import Response
from scrapy.utils.gz import gunzip
from w3lib.html import remove_tags

from crawler.charset import decode
from crawler.frontier import MOST_LINKS, Link
from crawler.keeping import Found, charset_of
from crawler.run import Run
from crawler.spiders.articles import Wanted
from crawler.spiders.base import NotAList, SourceSpider
from indexer.post import canonical_url

_SITEMAP = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")
_CST = re.compile(r" CST$")
_YEARS = range(1995, 2100)
"""When web pages were, or will be, published."""
_HEAD = 4096
"""Bytes in which a sitemap's root is looked for."""


class FeedSpider(SourceSpider):
    """Feed → articles, and sitemap index → sitemaps."""

    name = "feed"

    def __init__(self, run: Run, **kwargs: object) -> None:
        super().__init__(run, **kwargs)
        self.wanted = Wanted(run.source)

    def found(self, response: Response, now: datetime) -> Found:
        body, zone = self._plain(response.body), ZoneInfo(self.run.source.timezone)
        if _SITEMAP.search(body[:_HEAD]):
            found = sitemap(body, response.url, zone)
        else:
            found = Found(list(feed(body, response.url, zone, charset_of(response))))
        if self.run.source.links:
            found.articles = [link for link in found.articles if self.wanted(link.url, response.url)]
        return found

    def _plain(self, body: bytes) -> bytes:
        if not body.startswith(b"\x1f\x8b"):
            return body
        try:
            return gunzip(body, max_size=self.run.source.limits.max_bytes)
        except (ValueError, OSError, EOFError, zlib.error, struct.error) as error:
            raise NotAList(f"can't be decompressed: {error}") from None


def feed(body: bytes, url: str, zone: ZoneInfo, charset: str | None = None) -> Iterator[Link]:
    """The entries of an RSS or Atom feed; `charset` is what the HTTP header says. Raises NotAList."""
    text = decode(body, charset).encode("utf-8", "replace")
    parsed = feedparser.parse(BytesIO(text), response_headers={"content-type": "application/xml; charset=utf-8"})
    if not parsed.entries and not parsed.get("version"):
        raise NotAList("neither RSS nor Atom nor a sitemap")
    for entry in parsed.entries:
        written = entry.get("published") or entry.get("updated") or ""
        if address := _address(entry.get("link", ""), url):
            yield Link(address, _hint(remove_tags(entry.get("title", "")), written, zone))


def sitemap(body: bytes, url: str, zone: ZoneInfo) -> Found:
    """The pages of a sitemap, and the sitemaps of an index, those changed last first. Raises NotAList."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotAList(f"not XML: {error}") from None
    if root is None:
        raise NotAList("not XML")
    found, lists = Found(), []
    for entry in islice(root.iterfind("{*}url"), MOST_LINKS):
        if address := _address(_text(entry, "loc"), url):
            found.articles.append(Link(address, _hint(_text(entry, "title"), _text(entry, "publication_date"), zone)))
    for entry in islice(root.iterfind("{*}sitemap"), MOST_LINKS):
        if address := _address(_text(entry, "loc"), url):
            lists.append((_text(entry, "lastmod"), address))
    found.lists = [address for _, address in sorted(lists, key=lambda it: it[0], reverse=True)]
    return found


def moment(written: str, zone: ZoneInfo) -> datetime | None:
    """A time as feeds write it, RFC 3339 or RFC 822, in that zone where it names none; None where it is neither.

    CST is the zone's own: China's in China, though RFC 822 has it in America. -0000 is UTC, as RFC 2822 has it.
    """
    written = _CST.sub("", written.strip()).replace(" -0000", " +0000")
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
            found = found if found.tzinfo else found.replace(tzinfo=zone)
            return found if found.astimezone(UTC).year in _YEARS else None
        except (ValueError, OverflowError):
            continue
    return None


def _hint(title: str, written: str, zone: ZoneInfo) -> dict[str, str]:
    at = moment(written, zone)
    hint = {"title": title.strip()[:1000], "at": at.isoformat() if at else ""}
    return {key: value for key, value in hint.items() if value}


def _address(href: str, base: str) -> str:
    """Canonical http(s) address; empty where it is none."""
    try:
        url = urljoin(base, href.strip()) if href.strip() else ""
        return canonical_url(url) if url.startswith(("http://", "https://")) else ""
    except ValueError:
        return ""


def _text(entry: etree._Element, name: str) -> str:
    """Text of the first descendant of that name, in whatever namespace."""
    found = entry.find(f".//{{*}}{name}")
    return (found.text or "").strip() if found is not None else ""
