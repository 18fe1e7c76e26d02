"""The frontier: every page that a source is known to have, what was fetched, and what comes next."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal, NamedTuple

from crawler.room import Room
from crawler.sources import Limits
from indexer.state import State, timestamp

Role = Literal["list", "article"]

TRIES = 3
"""Crawls that may fail on a page before it is given up."""
OLD_AT_ONCE = 50
"""Pages that one crawl looks at again, at most, though they have rested for longer than they are followed."""
GONE = (404, 410)
MAX_URL = 2048
MOST_LINKS = 50_000
"""Links of one page that are followed: as many as a sitemap may have (sitemaps.org)."""


@dataclass(frozen=True)
class Link:
    """An address that a page links to, and what that page said of it: title, at; thread, before, number of a thread."""

    url: str
    hint: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What the frontier knows of a page; validators of the last answer with a page, None where there is none."""

    fetched: bool = False
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    hint: Mapping[str, Any] = field(default_factory=dict)
    """What links said of it, and what was kept with it; `read_by` is Source.reading when it was read last."""


@dataclass(frozen=True)
class Answer:
    """What a site answered: status, validators, and the SHA-256 of the page's bytes (None for a 304)."""

    status: int
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None


class Visit(NamedTuple):
    """When a page is looked at again (None: never), and whether it has rested for longer than it is followed."""

    at: datetime | None
    old: bool = False


def next_visit(changed_at: datetime, now: datetime, follow_up: Sequence[timedelta]) -> Visit:
    """The first of the times after its last change that is still to come; behind the last one, that long from now."""
    if not follow_up:
        return Visit(None)
    coming = [moment for step in follow_up if (moment := changed_at + step) > now]
    return Visit(coming[0]) if coming else Visit(now + follow_up[-1], old=True)


class Frontier:
    """The pages of one source, by canonical URL, looked at again after `follow_up`. Writes join an open transaction."""

    def __init__(self, state: State, source: str, follow_up: Sequence[timedelta], limits: Limits | None = None) -> None:
        self.state = state
        self.source = source
        self.follow_up = follow_up
        self.room = Room(state, source, limits or Limits(), TRIES)
        self._under_way = set[str]()

    def discover(self, links: Iterable[Link], role: Role, now: datetime, *, depth: int = 0) -> int:
        """Add pages that are not known yet, in order, where there is room for articles; returns how many were added. A
        later hint fills an empty one."""
        new, links = 0, [link for link in islice(links, MOST_LINKS) if len(link.url) <= MAX_URL]
        with self.state.transaction() as db:
            left_out: Collection[str] = ()
            if role == "article":
                left_out = self.room.left_out([link.url for link in links], self._under_way, now)
            for link in links:
                if link.url in left_out:
                    continue
                hint = json.dumps(dict(link.hint), ensure_ascii=False)
                new += db.execute(
                    "insert into page (source, url, role, depth, discovered_at, hint, thread)"
                    " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                    (self.source, link.url, role, depth, timestamp(now), hint, link.hint.get("thread")),
                ).rowcount
                if link.hint:
                    db.execute(
                        "update page set hint = ?, thread = coalesce(thread, ?)"
                        " where source = ? and url = ? and json_remove(hint, '$.read_by') = '{}'",
                        (hint, link.hint.get("thread"), self.source, link.url),
                    )
        self.room.taken(new)
        return new

    def known(self, url: str) -> Known:
        """What is known of a page."""
        row = self.state.db.execute(
            "select fetched_at, etag, last_modified, sha256, hint from page where source = ? and url = ?",
            (self.source, url),
        ).fetchone()
        if row is None:
            return Known()
        fetched = row["fetched_at"] is not None
        return Known(fetched, row["etag"], row["last_modified"], row["sha256"], json.loads(row["hint"]))

    def to_fetch(self, limit: int, among: Iterable[str] | None = None) -> list[str]:
        """Articles never fetched and not given up; where `among` is given, only of those.

        Those never tried come first, then in order of discovery: what can't be had keeps nothing else waiting.
        """
        only, words = "", {"source": self.source, "tries": TRIES, "limit": limit}
        if among is not None:  # few: each is looked up, and not looked for among all
            only, words = " and url in (select value from json_each(:urls))", {**words, "urls": json.dumps(list(among))}
        rows = self.state.db.execute(
            "select url from page where source = :source and role = 'article' and fetched_at is null"
            f" and failures < :tries{only} order by failures, discovered_at, url limit :limit",
            words,
        )
        return self._given(rows)

    def to_follow(self, now: datetime, limit: int) -> list[str]:
        """Articles that changed lately and are due, the longest due first."""
        return self._due(now, limit, old=False)

    def to_look_after(self, now: datetime, limit: int) -> list[str]:
        """Articles that have rested for long and are due, the longest due first, at most OLD_AT_ONCE."""
        return self._due(now, min(limit, OLD_AT_ONCE), old=True)

    def _due(self, now: datetime, limit: int, *, old: bool) -> list[str]:
        rows = self.state.db.execute(
            "select url from page where source = ? and old = ? and due_at <= ? order by due_at, url limit ?",
            (self.source, old, timestamp(now), limit),
        )
        return self._given(rows)

    def _given(self, rows: Iterable[sqlite3.Row]) -> list[str]:
        pages = [row["url"] for row in rows]
        self._under_way.update(pages)
        return pages

    def fetched(
        self,
        url: str,
        answer: Answer,
        now: datetime,
        *,
        changed: bool = False,
        thread: str | None = None,
        hint: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a page that was fetched, is unchanged (304) or is gone.

        `changed` says that its Posts are others than before, `thread` which one it is of; `hint` replaces what was
        kept with it.
        """
        self._under_way.discard(url)
        with self.state.transaction() as db:
            changed_at = now if changed else self._changed_at(url) or now
            visit = next_visit(changed_at, now, self.follow_up)
            db.execute(
                "update page set fetched_at = ?3, status = ?4, failures = 0,"
                " etag = case ?4 when 304 then coalesce(?5, etag) else ?5 end,"
                " last_modified = case ?4 when 304 then coalesce(?6, last_modified) else ?6 end,"
                " sha256 = case ?4 when 304 then sha256 else ?7 end,"
                " hint = coalesce(?8, hint), changed_at = ?9, thread = coalesce(?10, thread), old = ?12,"
                " due_at = case when role = 'article' then ?11 end where source = ?1 and url = ?2",
                (
                    *(self.source, url, timestamp(now), answer.status, answer.etag, answer.last_modified),
                    *(answer.sha256, None if hint is None else json.dumps(dict(hint), ensure_ascii=False)),
                    *(timestamp(changed_at), thread, timestamp(visit.at) if visit.at else None, visit.old),
                ),
            )

    def mend_clock(self, now: datetime) -> None:
        """What is known from later than `now` is from a clock that was ahead; pages that would be due later than any is
        are due now."""
        at, latest = timestamp(now), timestamp(now + max(self.follow_up, default=timedelta()))
        with self.state.transaction() as db:
            db.execute(
                "update page set fetched_at = ?2, changed_at = min(changed_at, ?2), due_at = ?2"
                " where source = ?1 and fetched_at > ?2 and url in (select url from page indexed by page_due"
                "  where source = ?1 and old in (0, 1) and due_at > ?3)",
                (self.source, at, latest),
            )
            db.execute("update missing set at = ?2 where source = ?1 and at > ?2", (self.source, at))

    def put_off(self, url: str) -> None:
        """Record that a page was asked for at a bad time, which is not its own fault: it is never given up for that."""
        self._under_way.discard(url)
        with self.state.transaction() as db:
            db.execute("update page set failures = max(failures, 1) where source = ? and url = ?", (self.source, url))

    def failed(self, url: str, status: int | None, now: datetime, *, final: bool) -> None:
        """Record that a page could not be fetched; one that never was is not tried again where that is final."""
        self._under_way.discard(url)
        with self.state.transaction() as db:
            changed_at = self._changed_at(url)
            visit = next_visit(changed_at, now, self.follow_up) if changed_at else Visit(None)
            db.execute(
                "update page set failures = case when ?3 then ?4 else failures + 1 end, status = coalesce(?5, status),"
                " due_at = case when role = 'article' then ?6 end, old = ?7 where source = ?1 and url = ?2",
                (
                    *(self.source, url, final, TRIES, status),
                    *(timestamp(visit.at) if visit.at else None, visit.old),
                ),
            )

    def _changed_at(self, url: str) -> datetime | None:
        row = self.state.db.execute(
            "select changed_at from page where source = ? and url = ?", (self.source, url)
        ).fetchone()
        return datetime.fromisoformat(row["changed_at"]) if row and row["changed_at"] else None
