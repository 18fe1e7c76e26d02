"""From a fetched page to the spool: archived first, then Posts and frontier in one transaction."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler.frontier import Answer, Known, Link
from crawler.page import NoText, decode, read_page
from crawler.reading.complaint import going_on
from crawler.reading.records import Unreadable
from crawler.run import Run
from crawler.sources import Source
from indexer.post import MAX_TEXT, Evidence, Post, canonical_url
from indexer.state import SAMPLE

log = logging.getLogger("dunwatch")


@dataclass
class Found:
    """What a page holds and leads to. Its Posts have no evidence yet."""

    articles: list[Link] = field(default_factory=list)
    """Pages that may hold Posts."""
    lists: list[str] = field(default_factory=list)
    """Further list pages, the most promising first."""
    posts: list[Post] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


Read = Callable[[Response, str, Known, datetime], Found]
"""What a response is read by: with the address that the frontier knows it by, what it knows, and the moment."""


def keep(run: Run, page: str, response: Response, read: Read) -> Found:
    """Archive the page if it is new or changed, and queue its Posts; returns what it leads to.

    A page that can't be read is kept aside. Raises StateError or OSError, as for a full disk.
    """
    now, known, answer = datetime.now(UTC), run.frontier.known(page), answer_of(response)
    if answer.sha256 is None or answer.sha256 == known.sha256:
        run.counts["unchanged"] += 1
        with run.state.transaction():
            run.frontier.fetched(page, answer, now)
            run.save()
        return Found()
    assert response.request is not None
    evidence = run.archive.keep(response.request, response, answer.sha256)
    run.counts["pages"] += 1
    with run.state.transaction():
        found = _readable(run, page, response, read, known, now)
        queue(run, page, found, evidence)
        run.frontier.discover(found.articles, "article", now)
        run.frontier.fetched(page, answer, now)
        run.save()
    return found


def queue(run: Run, page: str, found: Found, evidence: Evidence) -> None:
    """Queue the Posts of a page and keep aside what can't be one; joins an open transaction."""
    posts = [_going_on(run, post).model_copy(update={"evidence": evidence}) for post in found.posts]
    run.counts["posts"] += run.spool.put(posts)
    for it in found.unreadable:
        run.counts["rejected"] += 1
        run.reject("extract", f"{page}#{it.part}" if it.part else page, it.reason)


def answer_of(response: Response) -> Answer:
    """What the frontier keeps of a response."""
    sha256 = None if response.status == 304 else hashlib.sha256(response.body).hexdigest()
    return Answer(response.status, _header(response, "ETag"), _header(response, "Last-Modified"), sha256)


def charset_of(response: Response) -> str | None:
    """The character set that the response's header names."""
    return http_content_type_encoding((response.headers.get("Content-Type") or b"").decode("latin-1"))


def text_of(response: Response) -> str:
    """The page's text in whatever charset. Raises NoText where it is none."""
    if not isinstance(response, TextResponse):
        raise NoText(f"not a page of text: {_header(response, 'Content-Type') or 'unknown type'}")
    return decode(response.body, charset_of(response))


def article(source: Source, response: Response, known: Known, now: datetime) -> Post:
    """The one Post of a page that is an article; where it gives no title or time, what the feed said of it.

    The only place where an article's bytes are read. Raises NoText.
    """
    text_of(response)
    found = read_page(response.body, charset_of(response), css=source.css.given(), timezone=source.timezone, now=now)
    url = canonical_url(response.url)
    if len(found.text) > MAX_TEXT:
        log.warning("%s: %s: cut to %d characters", source.name, url, MAX_TEXT)
    published_at, dated_by = found.published_at, found.dated_by
    if published_at is None and (said := known.hint.get("at")):
        published_at, dated_by = datetime.fromisoformat(said), "feed"
    return Post(
        url=url,
        source=source.name,
        title=(found.title or known.hint.get("title", ""))[:1000],
        text=found.text[:MAX_TEXT],
        author=found.author[:200],
        published_at=published_at,
        dated_by=dated_by if published_at else "",
        fetched_at=now,
        timezone=source.timezone,
    )


def _readable(run: Run, page: str, response: Response, read: Read, known: Known, now: datetime) -> Found:
    """What the page holds; nothing where it can't be read, which is kept aside."""
    try:
        return read(response, page, known, now)
    except Exception as error:  # whatever a page makes of the parsers: the crawl goes on
        if not isinstance(error, NoText):
            log.debug("%s: %s", page, error, exc_info=True)
        run.counts["rejected"] += 1
        reason = str(error) if isinstance(error, NoText) else f"{type(error).__name__}: {error}"
        run.reject("extract", page, reason, sample=decode(response.body[: 8 * SAMPLE], charset_of(response)))
        return Found()


def _going_on(run: Run, post: Post) -> Post:
    """The Post, whose complaint was reopened where its last version had come to an end."""
    if post.complaint is None or (before := run.spool.newest(post.id)) is None:
        return post
    return post.model_copy(update={"complaint": going_on(before.complaint, post.complaint)})


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None
