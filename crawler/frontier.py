"""The frontier: every page that a source is known to have, what was fetched, and what comes next."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from indexer.state import State, timestamp

Role = Literal["list", "article"]

TRIES = 3
"""Crawls that may fail on a page before it is given up."""
RECHECKS = 50
"""Articles already fetched that one crawl looks at again, at most."""
MAX_URL = 2048


@dataclass(frozen=True)
class Link:
    """An address that a page links to, and what that page said of it: title, at; thread, before, number of a thread."""

    url: str
    hint: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What the frontier knows of a page that was fetched before; all None where it wasn't."""

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    hint: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a site answered: status, validators, and the SHA-256 of the page's bytes (None for a 304)."""

    status: int
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None


class Frontier:
    """The pages of one source, by canonical URL. Writes join an open transaction."""

    def __init__(self, state: State, source: str) -> None:
        self.state = state
        self.source = source

    def discover(self, links: Iterable[Link], role: Role, now: datetime, *, depth: int = 0) -> int:
        """Add pages that are not known yet, in order; returns how many were not. A later hint fills an empty one."""
        new = 0
        with self.state.transaction() as db:
            for link in links:
                if len(link.url) > MAX_URL:
                    continue
                hint = json.dumps(dict(link.hint), ensure_ascii=False)
                new += db.execute(
                    "insert into page (source, url, role, depth, discovered_at, hint) values (?, ?, ?, ?, ?, ?)"
                    " on conflict do nothing",
                    (self.source, link.url, role, depth, timestamp(now), hint),
                ).rowcount
                if link.hint:
                    db.execute(
                        "update page set hint = ? where source = ? and url = ? and hint = '{}'",
                        (hint, self.source, link.url),
                    )
        return new

    def known(self, url: str) -> Known:
        """What is known of a page."""
        row = self.state.db.execute(
            "select etag, last_modified, sha256, hint from page where source = ? and url = ?", (self.source, url)
        ).fetchone()
        return Known(row["etag"], row["last_modified"], row["sha256"], json.loads(row["hint"])) if row else Known()

    def to_fetch(self, limit: int, among: Iterable[str] | None = None) -> list[str]:
        """Articles never fetched and not given up; where `among` is given, only of those.

        Those never tried come first, then in order of discovery: what can't be had keeps nothing else waiting.
        """
        only = None if among is None else json.dumps(list(among))
        rows = self.state.db.execute(
            "select url from page where source = ?1 and role = 'article' and fetched_at is null and failures < ?2"
            " and (?3 is null or url in (select value from json_each(?3)))"
            " order by failures, discovered_at, url limit ?4",
            (self.source, TRIES, only, limit),
        )
        return [row["url"] for row in rows]

    def to_recheck(self, now: datetime) -> list[str]:
        """Articles to look at again, longest not looked at first, at most RECHECKS.

        One that stayed the same for less than a day is due after an hour, for less than a week after a day, for less
        than a month after a week, else after a month.
        """
        rows = self.state.db.execute(
            "select url from page where source = ?1 and role = 'article' and fetched_at is not null"
            " and status not in (404, 410) and julianday(?2) - julianday(fetched_at) >= case"
            " when julianday(fetched_at) - julianday(changed_at) < 1 then 1 / 24.0"
            " when julianday(fetched_at) - julianday(changed_at) < 7 then 1"
            " when julianday(fetched_at) - julianday(changed_at) < 30 then 7 else 30 end"
            " order by fetched_at limit ?3",
            (self.source, timestamp(now), RECHECKS),
        )
        return [row["url"] for row in rows]

    def fetched(self, url: str, answer: Answer, now: datetime, hint: Mapping[str, Any] | None = None) -> None:
        """Record a page that was fetched or is unchanged (304); `hint` replaces what was kept with it."""
        with self.state.transaction() as db:
            db.execute(
                "update page set fetched_at = ?3, status = ?4, failures = 0, etag = coalesce(?5, etag),"
                " last_modified = coalesce(?6, last_modified), hint = coalesce(?8, hint),"
                " changed_at = case when ?7 is null or ?7 is sha256 then changed_at else ?3 end,"
                " sha256 = coalesce(?7, sha256) where source = ?1 and url = ?2",
                (
                    *(self.source, url, timestamp(now), answer.status, answer.etag, answer.last_modified),
                    *(answer.sha256, None if hint is None else json.dumps(dict(hint), ensure_ascii=False)),
                ),
            )

    def put_off(self, url: str, now: datetime) -> None:
        """Record that a page was asked for at a bad time, which is not its own fault: it is never given up for that."""
        with self.state.transaction() as db:
            db.execute(
                "update page set failures = max(failures, 1),"
                " fetched_at = case when fetched_at is null then null else ?3 end where source = ?1 and url = ?2",
                (self.source, url, timestamp(now)),
            )

    def failed(self, url: str, status: int | None, now: datetime, *, final: bool) -> None:
        """Record that a page could not be fetched; where that is final, it is not tried again."""
        with self.state.transaction() as db:
            db.execute(
                "update page set failures = case when ?3 then ?4 else failures + 1 end, status = coalesce(?5, status),"
                " fetched_at = case when fetched_at is null then null else ?6 end where source = ?1 and url = ?2",
                (self.source, url, final, TRIES, status, timestamp(now)),
            )
