"""From a fetched page to the spool: archived first, then Posts and frontier in one transaction."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler.doubt import doubtful
from crawler.frontier import Answer, Known, Link
from crawler.page import NoText, decode, read_page
from crawler.reading.complaint import going_on
from crawler.reading.records import Unreadable
from crawler.run import Run
from crawler.sources import Source
from crawler.vanished import says_gone
from indexer.post import MAX_TEXT, Evidence, Post, canonical_url, document_id
from indexer.state import SAMPLE
from indexer.text.privacy.told import told

log = logging.getLogger("dunwatch")


@dataclass
class Found:
    """What a page holds and leads to. Its Posts have no evidence yet."""

    articles: list[Link] = field(default_factory=list)
    """Pages that may hold Posts."""
    lists: list[str] = field(default_factory=list)
    """Further list pages, the most promising first."""
    thread: str = ""
    """The address that the Posts of the page's thread are known by; empty where it is of none."""
    posts: list[Post] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


Read = Callable[[Response, str, Known, datetime], Found]
"""What a response is read by: with the address that the frontier knows it by, what it knows, and the moment."""


def keep(run: Run, page: str, response: Response, read: Read) -> Found:
    """Archive the page if it is new, changed or read otherwise now, and queue its Posts; returns what it leads to.

    A page that can't be read is kept aside; one that says that it is deleted marks its Posts so. Raises StateError or
    OSError, as for a full disk.
    """
    now, known, answer = datetime.now(UTC), run.frontier.known(page), answer_of(response)
    run.received(response)
    as_before = known.hint.get("read_by") == run.source.reading
    if answer.sha256 is None or (answer.sha256 == known.sha256 and as_before):
        run.counts["unchanged"] += 1
        with run.state.transaction():
            run.frontier.fetched(page, answer, now)
            _confirm(run, page, now)
            run.save()
        return Found()
    assert response.request is not None
    evidence = run.archive.keep(response.request, response, answer.sha256)
    run.counts["pages"] += 1
    with run.state.transaction():
        if known.fetched and _says_gone(response):
            _gone(run, page, answer, now)
            return Found()
        found = _readable(run, page, response, read, known, now)
        changed = queue(run, page, found, evidence) if found else False
        hint = {name: it for name, it in known.hint.items() if name not in ("unread", "doubted_in")}
        hint |= {"read_by": run.source.reading} | ({} if found else {"unread": True})
        found = found or Found()
        held = {post.id for post in found.posts}
        held |= {document_id(found.thread or page, it.part) for it in found.unreadable}
        if lost := doubtful(run, page, held, _words_of(response), known) if found.posts else ():
            log.info("%s: %s: %d posts can't be read any more", run.source.name, told(page), len(lost))
            answer, held = Answer(answer.status), held | lost  # to be asked for and read again, whatever it says
            hint |= {"doubted_in": known.hint.get("doubted_in") or run.seq, "read_by": ""}
        run.count("read.lost", len(lost))
        run.count("read.whole", not lost and len(held) > 1)
        run.frontier.discover(found.articles, "article", now)
        run.frontier.fetched(
            page, answer, now, changed=changed or not known.fetched, thread=found.thread or None, hint=hint
        )
        if found.posts:
            run.vanished.read(page, held, now)
            _confirm(run, page, now)
        run.save()
    return found


def keep_gone(run: Run, page: str, status: int) -> None:
    """Mark the Posts of a page that the site has no more; what they said and the evidence stay. Raises StateError."""
    with run.state.transaction():
        _gone(run, page, Answer(status), datetime.now(UTC))


def queue(run: Run, page: str, found: Found, evidence: Evidence) -> bool:
    """Queue the Posts of a page and keep aside what can't be one; returns whether one is new or another than before.

    Joins an open transaction.
    """
    posts = [_going_on(run, post).model_copy(update={"evidence": evidence}) for post in found.posts]
    changes = Counter(run.spool.keep(post, post.fetched_at) for post in posts)
    run.counts["posts"] += len(posts) - changes["same"]
    run.count("edited", changes["edited"])
    run.count("read", len(posts))
    for what in ("text", "time", "author"):
        run.count(f"read.no {what}", sum(not has(post, what) for post in posts))
    for it in found.unreadable:
        run.counts["rejected"] += 1
        run.reject("extract", f"{page}#{it.part}" if it.part else page, it.reason)
    return bool(changes["new"] + changes["edited"])


def has(post: Post, what: Literal["text", "time", "author"]) -> bool:
    """Whether its page gave that of a Post."""
    if what == "time":
        return post.published_at is not None
    return bool((post.text if what == "text" else post.author).strip())


def _gone(run: Run, page: str, answer: Answer, now: datetime) -> None:
    run.frontier.fetched(page, answer, now, changed=run.vanished.holds(page))
    run.vanished.read(page, (), now)
    _confirm(run, page, now)
    run.save()


def _confirm(run: Run, page: str, now: datetime) -> None:
    run.count("deleted", run.spool.delete(run.vanished.confirmed(page), now))


def _words_of(response: Response) -> str:
    try:
        return text_of(response)
    except NoText:  # such as JSON
        return decode(response.body, charset_of(response))


def _says_gone(response: Response) -> bool:
    try:
        return says_gone(text_of(response))
    except NoText:
        return False


def answer_of(response: Response) -> Answer:
    """What the frontier keeps of a response."""
    sha256 = None if response.status == 304 else hashlib.sha256(response.body).hexdigest()
    return Answer(response.status, _header(response, "ETag"), _header(response, "Last-Modified"), sha256)


def charset_of(response: Response) -> str | None:
    """The character set that the response's header names."""
    return http_content_type_encoding((response.headers.get("Content-Type") or b"").decode("latin-1"))


def text_of(response: Response) -> str:
    """The page's text in whatever charset. Raises NoText where it is none."""
    _is_text(response)
    return decode(response.body, charset_of(response))


def _is_text(response: Response) -> None:
    if not isinstance(response, TextResponse):
        raise NoText(f"not a page of text: {_header(response, 'Content-Type') or 'unknown type'}")


def article(source: Source, response: Response, known: Known, now: datetime) -> Post:
    """The one Post of a page that is an article; where it gives no title or time, what the feed said of it.

    The only place where an article's bytes are read. Raises NoText.
    """
    _is_text(response)
    found = read_page(response.body, charset_of(response), css=source.css.given(), timezone=source.timezone, now=now)
    url = canonical_url(response.url)
    if len(found.text) > MAX_TEXT:
        log.warning("%s: %s: cut to %d characters", source.name, told(url), MAX_TEXT)
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


def _readable(run: Run, page: str, response: Response, read: Read, known: Known, now: datetime) -> Found | None:
    """What the page holds; None where it can't be read, which is kept aside."""
    try:
        return read(response, page, known, now)
    except Exception as error:  # whatever a page makes of the parsers: the crawl goes on
        if not isinstance(error, NoText):
            log.debug("%s: %s", told(page), told(str(error)))
        run.counts["rejected"] += 1
        reason = str(error) if isinstance(error, NoText) else f"{type(error).__name__}: {error}"
        run.reject("extract", page, reason, sample=decode(response.body[: 8 * SAMPLE], charset_of(response)))
        return None


def _going_on(run: Run, post: Post) -> Post:
    """The Post, whose complaint was reopened where its last version had come to an end."""
    if post.complaint is None or (before := run.spool.newest(post.id)) is None:
        return post
    return post.model_copy(update={"complaint": going_on(before.complaint, post.complaint)})


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None
