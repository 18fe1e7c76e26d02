"""The durable queue of messages: at least once, and never again once accepted, whatever is killed in between.

An attempt is written down as a failed one, with its next time, before it is made: a process killed on the way leaves
a row that is tried again later, with the same Message-ID. One process at a time delivers; a lock of the operating
system, which ends with the process, sees to it.
"""

import hashlib
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from filelock import FileLock, Timeout

from indexer.alerts.messages.sender import Answer, Channel, Letter, Sender, Unreachable
from indexer.state import State, timestamp

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FARTHEST = timedelta(days=1, hours=1)
"""Neither a wait nor quiet hours are longer: what is due later has its time from a clock that was set back since."""
_DUE = "status = 'waiting' and (due_at <= ? or due_at > ?)"
GIVE_UP = timedelta(days=5)
"""A message that was not accepted for so long has failed."""
MOST_AT_ONCE = 500
"""Messages that one call delivers at most."""
KEEP_ANSWER = 300
"""Characters of a server's answer that are kept."""
INTERRUPTED = "interrupted: the process ended before the server had answered"


@dataclass(frozen=True)
class Delivered:
    """What one call of `deliver` did. `busy`: another process was at it."""

    accepted: int = 0
    later: int = 0
    failed: int = 0
    busy: bool = False


@dataclass(frozen=True)
class Failed:
    """A message that was refused or given up."""

    key: str
    recipient: str
    at: datetime
    answer: str


@dataclass(frozen=True)
class OutboxStatus:
    """What waits and since when, what was last said about it, and what failed (newest first, at most ten)."""

    waiting: int
    oldest: datetime | None
    last_answer: str
    sent: int
    failed: int
    failures: tuple[Failed, ...]


@dataclass(frozen=True)
class Progress:
    """How it stands with one message: waiting, sent or failed; how often it was tried; what the server said last."""

    status: Literal["waiting", "sent", "failed"]
    attempts: int
    answer: str


class Outbox:
    """The queue in the state file."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._lock = FileLock(state.path.with_name("outbox.lock"), mode=0o600)

    def enqueue(self, letters: Iterable[Letter], now: datetime) -> int:
        """Queue those that never were before; returns how many. Joins an open transaction."""
        with self.state.transaction() as db:
            return sum(
                db.execute(
                    "insert into outbox (key, channel, recipient, address, content, queued_at, due_at)"
                    " values (?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing",
                    (
                        letter.key,
                        letter.channel,
                        letter.recipient,
                        letter.address,
                        zlib.compress(letter.content),
                        timestamp(now),
                        timestamp(max(now, letter.not_before or now)),
                    ),
                ).rowcount
                for letter in letters
            )

    def deliver(self, senders: Mapping[Channel, Sender], now: datetime, *, only: Sequence[str] = ()) -> Delivered:
        """Try everything that is due (of the keys `only`, if given), as far as the rate limits allow.

        The senders are closed afterwards. Another process that is at it already is left to it.
        """
        try:
            with self._lock.acquire(timeout=0):
                return self._deliver(senders, now, only)
        except Timeout:
            return Delivered(busy=True)
        finally:
            for sender in senders.values():
                sender.close()

    def _deliver(self, senders: Mapping[Channel, Sender], now: datetime, only: Sequence[str]) -> Delivered:
        done: Counter[str] = Counter()
        for row in self._due(now, only):
            sender = senders.get(row["channel"])
            if sender and self._tried_lately(row, now) >= sender.per_minute:
                continue
            content = self._begin(row, now)
            if content is None:
                continue
            try:
                if sender is None:
                    raise Unreachable(f"config/alerts.yaml says no longer how to send by {row['channel']}")
                answer = sender.send(row["address"], content)
            except Unreachable as error:
                answer = Answer("later", str(error))
                for other in self._sharing(row, now):
                    self._begin(other, now)
                    done[self._record(other, answer, now)] += 1
            done[self._record(row, answer, now)] += 1
        return Delivered(done["sent"], done["waiting"], done["failed"])

    def status(self) -> OutboxStatus:
        db = self.state.db
        counts = dict(db.execute("select status, count(*) from outbox group by status").fetchall())
        oldest = db.execute(
            "select queued_at, answer from outbox where status = 'waiting' order by queued_at limit 1"
        ).fetchone()
        failures = db.execute(
            "select key, recipient, done_at, answer from outbox where status = 'failed' order by done_at desc limit 10"
        )
        return OutboxStatus(
            waiting=counts.get("waiting", 0),
            oldest=datetime.fromisoformat(oldest["queued_at"]) if oldest else None,
            last_answer=oldest["answer"] if oldest else "",
            sent=counts.get("sent", 0),
            failed=counts.get("failed", 0),
            failures=tuple(Failed(key, name, datetime.fromisoformat(at), said) for key, name, at, said in failures),
        )

    def progress(self, key: str) -> Progress | None:
        """How it stands with one message; None where there is none of that key."""
        row = self.state.db.execute("select status, attempts, answer from outbox where key = ?", (key,)).fetchone()
        return Progress(*row) if row else None

    def withdraw(self, key: str) -> None:
        """Forget a message that still waits."""
        with self.state.transaction() as db:
            db.execute("delete from outbox where key = ? and status = 'waiting'", (key,))

    def _due(self, now: datetime, only: Sequence[str]) -> list[sqlite3.Row]:
        named = f" and key in ({', '.join('?' * len(only))})" if only else ""
        return self.state.db.execute(
            f"select seq, key, channel, address from outbox where {_DUE}{named}"
            f" order by due_at, seq limit {MOST_AT_ONCE}",
            (*_around(now), *only),
        ).fetchall()

    def _sharing(self, row: sqlite3.Row, now: datetime) -> list[sqlite3.Row]:
        """The others that are due at the server of this one."""
        return self.state.db.execute(
            f"select seq, key, channel, address from outbox where {_DUE}"
            " and channel = ? and (channel = 'mail' or address = ?)",
            (*_around(now), row["channel"], row["address"]),
        ).fetchall()

    def _tried_lately(self, row: sqlite3.Row, now: datetime) -> int:
        (count,) = self.state.db.execute(
            "select count(*) from outbox where channel = ? and tried_at > ? and tried_at <= ?"
            " and (channel = 'mail' or address = ?)",
            (row["channel"], timestamp(now - timedelta(minutes=1)), timestamp(now), row["address"]),
        ).fetchone()
        return int(count)

    def _begin(self, row: sqlite3.Row, now: datetime) -> bytes | None:
        """Write the attempt down as one that was interrupted; the message, or None where it isn't due any more."""
        with self.state.transaction() as db:
            begun = db.execute(
                "update outbox set attempts = attempts + 1, tried_at = ?, answer = ?"
                f" where seq = ? and {_DUE} returning attempts, content",
                (timestamp(now), INTERRUPTED, row["seq"], *_around(now)),
            ).fetchone()
            if begun is None:
                return None
            due = now + wait_after(begun["attempts"], row["key"])
            db.execute("update outbox set due_at = ? where seq = ?", (timestamp(due), row["seq"]))
            return zlib.decompress(begun["content"])

    def _record(self, row: sqlite3.Row, answer: Answer, now: datetime) -> str:
        """Write down what came of the attempt; returns the status that the message has now."""
        words = " ".join(answer.words.split())[:KEEP_ANSWER]
        with self.state.transaction() as db:
            queued_at, recipient = db.execute(
                "select queued_at, recipient from outbox where seq = ?", (row["seq"],)
            ).fetchone()
            if answer.outcome == "accepted":
                db.execute(
                    "update outbox set status = 'sent', done_at = ?, answer = ?, content = x'' where seq = ?",
                    (timestamp(now), words, row["seq"]),
                )
                return "sent"
            if answer.outcome == "later" and now - datetime.fromisoformat(queued_at) < GIVE_UP:
                db.execute("update outbox set answer = ? where seq = ?", (words, row["seq"]))
                return "waiting"
            db.execute(
                "update outbox set status = 'failed', done_at = ?, answer = ? where seq = ?",
                (timestamp(now), words, row["seq"]),
            )
            why = "refused" if answer.outcome == "refused" else f"given up after {GIVE_UP.days} days"
            self.state.reject(stage="outbox", source=recipient, url=row["key"], reason=f"{why}: {words}")
            return "failed"


def _around(now: datetime) -> tuple[str, str]:
    """The two moments of _DUE."""
    return timestamp(now), timestamp(now + FARTHEST)


def wait_after(attempts: int, key: str) -> timedelta:
    """How long to wait after so many attempts: doubling from a minute to six hours, a fifth more or less by key."""
    plain = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    digest = hashlib.sha256(f"{key} {attempts}".encode()).digest()
    return plain * (0.8 + 0.4 * digest[0] / 255)
