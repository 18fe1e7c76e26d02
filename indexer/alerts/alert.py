"""An alert as it is kept: one row of the state file, its members, and what happened to it."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from indexer.alerts.messages.notice import Notice, Severity
from indexer.state import State, timestamp

Step = Literal["open", "eased", "closed"]


@dataclass(frozen=True)
class Member:
    """A series that an alert is about, by rule and subject (`lender:招联消费金融`)."""

    rule: str
    subject: str


@dataclass(frozen=True)
class Alert:
    """Something unusual from its first window to its end. Counts are of stories."""

    rule: str
    subject: str
    severity: Severity
    opened_at: datetime
    updated_at: datetime
    unusual_at: datetime
    """End of the last unusual window."""
    observed: int
    facts: Notice
    seq: int = 0
    state: Step = "open"
    closed_at: datetime | None = None
    told: int = 0
    """Stories when a message last went out."""
    messages: Mapping[str, int] = field(default_factory=dict)
    """How many messages of each kind went out."""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    note: str = ""
    owner: str = ""
    silenced: str = ""
    stories: frozenset[str] = frozenset()

    @property
    def peak(self) -> int:
        """Stories in its fullest hour when a message last went out."""
        return self.facts.measure.peak if self.facts.measure else 0


@dataclass(frozen=True)
class Event:
    """Something that happened to an alert."""

    at: datetime
    kind: str
    who: str
    said: str


class Alerts:
    """The table of alerts. Every method that writes joins an open transaction."""

    def __init__(self, state: State) -> None:
        self.state = state

    def live(self) -> list[Alert]:
        """All that are not closed, the oldest first."""
        return [
            _alert(row) for row in self.state.db.execute("select * from alert where state != 'closed' order by seq")
        ]

    def get(self, seq: int) -> Alert | None:
        row = self.state.db.execute("select * from alert where seq = ?", (seq,)).fetchone()
        return _alert(row) if row else None

    def newest(self, limit: int, *, since: datetime | None = None) -> list[Alert]:
        """The newest first; with `since`, only those that were open at some time since then."""
        rows = self.state.db.execute(
            "select * from alert where coalesce(closed_at, '9') >= ? order by seq desc limit ?",
            (timestamp(since) if since else "", limit),
        )
        return [_alert(row) for row in rows]

    def members(self, seq: int) -> list[Member]:
        rows = self.state.db.execute(
            "select rule, subject from alert_member where alert = ? order by subject, rule", (seq,)
        )
        return [Member(*row) for row in rows]

    def events(self, seq: int) -> list[Event]:
        rows = self.state.db.execute("select at, kind, who, said from alert_event where alert = ? order by seq", (seq,))
        return [Event(datetime.fromisoformat(row["at"]), row["kind"], row["who"], row["said"]) for row in rows]

    def add(self, alert: Alert) -> int:
        """Keep a new alert; returns its number."""
        with self.state.transaction() as db:
            columns = _columns(alert)
            row = db.execute(
                f"insert into alert ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
                tuple(columns.values()),
            )
            return row.lastrowid or 0

    def save(self, alert: Alert) -> None:
        with self.state.transaction() as db:
            columns = _columns(alert)
            assigned = ", ".join(f"{name} = ?" for name in columns)
            db.execute(f"update alert set {assigned} where seq = ?", (*columns.values(), alert.seq))

    def join(self, seq: int, members: Iterable[tuple[Member, datetime]]) -> None:
        """These series belong to the alert; the moment is the end of each one's last unusual window."""
        with self.state.transaction() as db:
            db.executemany(
                "insert into alert_member (alert, rule, subject, unusual_at) values (?, ?, ?, ?)"
                " on conflict do update set unusual_at = max(unusual_at, excluded.unusual_at)",
                [(seq, member.rule, member.subject, timestamp(at)) for member, at in members],
            )

    def happened(self, seq: int, at: datetime, kind: str, *, who: str = "", said: str = "") -> None:
        with self.state.transaction() as db:
            db.execute(
                "insert into alert_event (alert, at, kind, who, said) values (?, ?, ?, ?, ?)",
                (seq, timestamp(at), kind, who[:60], said[:2000]),
            )

    def done_at(self, what: str) -> datetime | None:
        """When something was last done: check, daily, weekly."""
        row = self.state.db.execute("select at from alert_done where what = ?", (what,)).fetchone()
        return datetime.fromisoformat(row["at"]) if row else None

    def mark_done(self, what: str, at: datetime) -> None:
        with self.state.transaction() as db:
            db.execute(
                "insert into alert_done (what, at) values (?, ?) on conflict do update set at = excluded.at",
                (what, timestamp(at)),
            )


def _columns(it: Alert) -> dict[str, object]:
    return {
        "rule": it.rule,
        "subject": it.subject,
        "state": it.state,
        "severity": it.severity,
        "opened_at": timestamp(it.opened_at),
        "updated_at": timestamp(it.updated_at),
        "unusual_at": timestamp(it.unusual_at),
        "closed_at": timestamp(it.closed_at) if it.closed_at else None,
        "observed": it.observed,
        "told": it.told,
        "messages": json.dumps(dict(it.messages)),
        "acknowledged_at": timestamp(it.acknowledged_at) if it.acknowledged_at else None,
        "acknowledged_by": it.acknowledged_by,
        "note": it.note,
        "owner": it.owner,
        "silenced": it.silenced,
        "stories": json.dumps(sorted(it.stories)),
        "facts": it.facts.model_dump_json(),
    }


def _alert(row: sqlite3.Row) -> Alert:
    times = ("opened_at", "updated_at", "unusual_at", "closed_at", "acknowledged_at")
    words: dict[str, Any] = dict(row)
    words |= {name: datetime.fromisoformat(row[name]) if row[name] else None for name in times}
    words["messages"] = json.loads(row["messages"])
    words["stories"] = frozenset(json.loads(row["stories"]))
    words["facts"] = Notice.model_validate_json(row["facts"])
    return Alert(**words)
