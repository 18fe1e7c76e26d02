"""Record: one post as its page wrote it, all in strings; and the Post that comes of it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from crawler.reading.complaint import complaint_of
from crawler.reading.shape import Items, PageShape
from indexer.post import MAX_TEXT, Complaint, Kind, Post
from indexer.text.dates import is_counted_back, parse_time

MOST_ITEMS = 2000
"""Posts of one page that are read."""
HIGHEST = 10**12
"""What counts more is no counter: nobody saw anything so often, and no store holds it."""
_COUNT = re.compile(r"(\d[\d,]{0,11}(?:\.\d+)?)\s*([万wWkK千亿]?)")
_TIMES = {"": 1, "万": 10_000, "w": 10_000, "k": 1000, "千": 1000, "亿": 100_000_000}


@dataclass(frozen=True)
class Record:
    """A post. `times` are all that may be its time, the likeliest first; `complaint` is by field of Complaint."""

    text: str
    id: str = ""
    url: str = ""
    title: str = ""
    author: str = ""
    times: tuple[str, ...] = ()
    floor: str = ""
    counts: Mapping[str, str] = field(default_factory=dict)
    complaint: Mapping[str, str] | None = None
    kind: Kind | None = None


@dataclass(frozen=True)
class Reading:
    """What a page holds. `next` are addresses of the next page, where it has one; `address` is that for people."""

    records: Sequence[Record]
    title: str = ""
    next: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Thread:
    """What is known of a page beside itself: its thread's address and title, and how many posts pages before it had."""

    address: str
    title: str = ""
    before: int = 0


@dataclass(frozen=True)
class Unreadable:
    """A post that can't be one, and why."""

    part: str
    reason: str


def posts(
    reading: Reading, shape: PageShape, thread: Thread, *, source: str, timezone: str, now: datetime
) -> Iterator[Post | Unreadable]:
    """The Posts of a page in its order, each id once; what can't be one says why.

    A post with an address of its own is known by that, any other by the thread's address and its id or floor.
    """
    title, seen = reading.title or thread.title, set[tuple[str, str]]()
    for place, record in enumerate(reading.records[:MOST_ITEMS], 1):
        floor = None if record.kind == "reply" else _floor(record.floor, shape) or thread.before + place
        own = bool(record.url)
        part = "" if own else (record.id or f"{floor or place}")[:200]
        key = (record.url or thread.address, part)
        if key in seen:
            continue
        seen.add(key)
        try:
            yield _post(
                record, shape, url=key[0], part=part, title=record.title or title, floor=None if own else floor,
                source=source, timezone=timezone, now=now,
            )  # fmt: skip
        except ValueError as error:  # pydantic's own among them: an address that is none, a time of no calendar
            yield Unreadable(part or record.url, _first_line(error))


def _post(
    record: Record, shape: PageShape, *, url: str, part: str, title: str, floor: int | None, source: str, timezone: str,
    now: datetime,
) -> Post:  # fmt: skip
    if not record.text.strip() and not record.title.strip():
        raise ValueError("no text")
    published_at, dated_by = _published(record.times, shape.time_formats, timezone, now)
    return Post(
        url=url,
        part=part,
        floor=floor,
        source=source,
        kind=record.kind or ("reply" if floor and floor > 1 else "post"),
        title=title[:1000],
        text=record.text[:MAX_TEXT],
        author=record.author[:200],
        published_at=published_at,
        dated_by=dated_by,
        fetched_at=now,
        timezone=timezone,
        engagement={name: number for name, said in record.counts.items() if (number := count(said)) is not None},
        complaint=_complaint(record, published_at, timezone, now),
    )


def _complaint(record: Record, published_at: datetime | None, timezone: str, now: datetime) -> Complaint | None:
    if record.complaint is None:
        return None
    return complaint_of(record.complaint, published_at, timezone=timezone, now=now)


def count(said: str) -> int | None:
    """A counter as pages write it: 1,234 or 1.2万; None where there is none."""
    match = _COUNT.search(said)
    number = float(match[1].replace(",", "")) * _TIMES[match[2].lower()] if match else HIGHEST
    return int(number) if number < HIGHEST else None


def joined(base: str, written: str) -> str:
    """The whole address; one that is none stays as it is written, and costs what it is the address of, not its page."""
    try:
        return urljoin(base, written)
    except ValueError:  # such as an unclosed [ of an IPv6 address
        return written


def _floor(said: str, shape: PageShape) -> int | None:
    if said in shape.floors:
        return shape.floors[said]
    match = re.search(r"\d{1,7}", said)
    return int(match[0]) if match else None


def _published(
    said: Iterable[str], formats: Sequence[str], timezone: str, now: datetime
) -> tuple[datetime | None, str]:
    """The first of these that is a time, and how it is known; one that counts back only where no other is."""
    back = None
    for written in said:
        moment = parse_time(written, timezone=timezone, now=now) or _formatted(written, formats, timezone)
        if moment and not is_counted_back(written):
            return moment, "css"
        back = back or moment
    return back, "ago" if back else ""


def _formatted(written: str, formats: Iterable[str], timezone: str) -> datetime | None:
    for form in formats:
        try:
            moment = datetime.strptime(written.strip(), form)
            return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def kind_of(items: Items, second: bool) -> Kind | None:
    """The kind of the posts of a shape; posts of a second shape are replies."""
    return items.kind or ("reply" if second else None)


def _first_line(error: ValueError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[1:3]) if len(lines) > 2 else lines[0] if lines else type(error).__name__
