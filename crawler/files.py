"""Files on disk → Posts: saved pages, plain texts, WARC archives, JSONL streams of Posts, and folders of them."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import IO

from pydantic import ValidationError
from w3lib.encoding import http_content_type_encoding
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from crawler.charset import decode, is_text
from crawler.page import NoText, read_page
from crawler.replies import Reply
from indexer.post import MAX_TEXT, Post, canonical_url

SOURCE = "ingest"
LARGEST = 10_000_000
"""Bytes of one page, text or line; what is larger is refused."""
SAMPLE = 500
_PAGES = (".html", ".htm", ".xhtml", ".shtml")
_ARCHIVES = (".warc", ".warc.gz")


@dataclass(frozen=True)
class Refused:
    """Something that gave no Post: where it is, why it was refused, and how it begins."""

    path: str
    reason: str
    sample: str = ""


def posts_of(path: Path, *, now: datetime, timezone: str) -> Iterator[Post | Refused]:
    """The Posts of a file, or of each file in a folder, in order of name; never raises for what a file holds.

    `now` stands for when a page was fetched where the file doesn't say, `timezone` is that of times in pages.
    """
    try:
        if path.is_dir():
            for inside in sorted(path.iterdir()):
                linked_folder = inside.is_symlink() and inside.is_dir()  # may lead back to where we are
                if not inside.name.startswith(".") and not linked_folder:
                    yield from posts_of(inside, now=now, timezone=timezone)
        else:
            yield from _posts_of_file(path, now, timezone)
    except FileNotFoundError:
        yield Refused(_name(path), "no such file")
    except OSError as error:
        yield Refused(_name(path), f"can't be read: {error.strerror}")
    except ValidationError as error:  # such as a path that is too long for an address
        yield Refused(_name(path), _told(error))


def posts_in(stream: IO[bytes], name: str) -> Iterator[Post | Refused]:
    """The Posts of a JSONL stream: one JSON object a line, with the fields of indexer.post.Post."""
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        line = line.removeprefix(BOM_UTF8) if number == 1 else line
        where = f"{name} line {number}"
        if len(line) > LARGEST:
            yield Refused(where, f"line {number}: larger than {LARGEST} bytes", _sample(line))
            while line and not line.endswith(b"\n"):
                line = stream.readline(LARGEST)
        elif line.strip():
            try:
                yield Post.model_validate_json(line)
            except ValidationError as error:
                yield Refused(where, f"line {number}: {_told(error)}", _sample(line))
            except (ValueError, OverflowError, RecursionError) as error:
                yield Refused(where, f"line {number}: {error}"[:300], _sample(line))


def _posts_of_file(path: Path, now: datetime, timezone: str) -> Iterator[Post | Refused]:
    name = path.name.lower()
    if not S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
        yield Refused(_name(path), "no regular file")
    elif name.endswith(_ARCHIVES):
        yield from _posts_of_archive(path, timezone)
    elif name.endswith((".jsonl", ".ndjson")):
        with path.open("rb") as stream:
            yield from posts_in(stream, _name(path))
    elif name.endswith((*_PAGES, ".txt")):
        yield from _posts_of_page_or_text(path, now, timezone)
    else:
        yield Refused(_name(path), "neither .html, .txt, .jsonl nor .warc(.gz)")


def _posts_of_page_or_text(path: Path, now: datetime, timezone: str) -> Iterator[Post | Refused]:
    if (size := path.stat().st_size) > LARGEST:
        yield Refused(_name(path), f"too large: {size} bytes, at most {LARGEST} are read")
        return
    body = path.read_bytes()
    url = f"file://{_name(path.absolute())}"
    if path.suffix.lower() in _PAGES:
        yield from _posts_of_page(body, None, url=url, path=_name(path), now=now, timezone=timezone)
    elif not body.strip():
        yield Refused(_name(path), "empty file")
    elif not is_text(body):
        yield Refused(_name(path), "not text but binary data", _sample(body))
    else:
        text = decode(body).replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT]
        yield Post(url=url, source=SOURCE, text=text, fetched_at=now, timezone=timezone)


def _posts_of_page(
    body: bytes, charset: str | None, *, url: str, path: str, now: datetime, timezone: str
) -> Iterator[Post | Refused]:
    """The article of a page, and behind it what others say on the page below it."""
    try:
        article = read_page(body, charset, css={}, timezone=timezone, now=now)
        post = Post(
            url=canonical_url(url),
            source=SOURCE,
            title=article.title,
            text=article.text,
            author=article.author,
            published_at=article.published_at,
            dated_by=article.dated_by,
            fetched_at=now,
            timezone=timezone,
        )
        posts = [post, *(_reply(it, post) for it in {it.id: it for it in article.replies}.values())]
    except NoText as error:
        yield Refused(path, str(error), _sample(body))
    except Exception as error:  # whatever a page makes of the parsers: the next file is read
        yield Refused(path, f"{type(error).__name__}: {error}"[:300], _sample(body))
    else:
        yield from posts


def _reply(said: Reply, page: Post) -> Post:
    at, dated_by = (said.dated.at, said.dated.by) if said.dated else (None, "")
    about = {"part": said.id[:200], "kind": "reply", "text": said.text[:MAX_TEXT], "author": said.author[:200]}
    return page.model_copy(update={**about, "published_at": at, "dated_by": dated_by})


def _posts_of_archive(path: Path, timezone: str) -> Iterator[Post | Refused]:
    """One Post for each page of HTML in the archive."""
    records = 0
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream):
                records += 1
                if record.rec_type == "response" and _is_html(record):
                    yield from _posts_of_record(record, path, timezone)
        except Exception as error:  # whatever bytes make of the reader of archives: what came before it is kept
            yield Refused(_name(path), " ".join(f"not a whole WARC file: {error}".split())[:300])
            return
    if not records:
        yield Refused(_name(path), "not a WARC file")


def _is_html(record: ArcWarcRecord) -> bool:
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") or "text/html").lower() if headers else "text/html"
    return "html" in kind and (not headers or headers.get_statuscode() == "200")


def _posts_of_record(record: ArcWarcRecord, path: Path, timezone: str) -> Iterator[Post | Refused]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    where = f"{_name(path)} {url}"
    try:
        date = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError as error:
        yield Refused(where, f"WARC-Date: {error}")
        return
    fetched_at = date if date.tzinfo else date.replace(tzinfo=UTC)
    body = b"".join(islice(iter(lambda: record.content_stream().read(65536), b""), LARGEST // 65536 + 2))
    if len(body) > LARGEST:
        yield Refused(where, f"too large: at most {LARGEST} bytes are read", _sample(body))
    elif _is_cut(record):
        yield Refused(where, "cut off", _sample(body))
    else:
        kind = record.http_headers.get_header("Content-Type") if record.http_headers else None
        charset = http_content_type_encoding(kind) if kind else None
        yield from _posts_of_page(body, charset, url=url, path=where, now=fetched_at, timezone=timezone)


def _is_cut(record: ArcWarcRecord) -> bool:
    """Whether the archive ends before the record does."""
    while record.raw_stream.read(65536):
        pass
    return bool(getattr(record.raw_stream, "limit", 0))


def _name(path: Path) -> str:
    """The path as text that can be kept; bytes of a name that are no UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _told(error: ValidationError) -> str:
    """The first mistake in a Post, in a line."""
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or "the line"
    return f"{field}: {first['msg']}"[:300]


def _sample(body: bytes) -> str:
    return decode(body[: 8 * SAMPLE])[:SAMPLE]
