"""The durable queue between crawler and indexer, which is also the history of every Post's versions."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.post import Post
from indexer.state import State, timestamp

FORGOTTEN_AT_ONCE = 2_000
"""Versions deleted in one transaction."""


@dataclass(frozen=True)
class Spooled:
    """A Post that waits for analysis. `seq` orders the spool; `touched` counts how often its counters changed."""

    seq: int
    touched: int
    first_seen_at: datetime
    post: Post


class Spool:
    """What was put is there until it is done, whatever is killed in between."""

    def __init__(self, state: State) -> None:
        self.state = state

    def put(self, posts: Iterable[Post]) -> int:
        """Queue Posts that are new or changed; returns how many were. Joins an open transaction."""
        with self.state.transaction():
            return sum(self._put(post) for post in posts)

    def _put(self, post: Post) -> bool:
        db, content = self.state.db, post.content_hash()
        last = db.execute(
            "select seq, content_hash, first_seen_at, payload from post where id = ? order by seq desc limit 1",
            (post.id,),
        ).fetchone()
        payload = zlib.compress(post.model_dump_json().encode())
        if last and last["content_hash"] == content:
            if _unpack(last["payload"]).engagement == post.engagement:
                return False
            db.execute(
                "update post set payload = ?, touched = touched + 1, status = 'pending' where seq = ?",
                (payload, last["seq"]),
            )
            return True
        first_seen_at = last["first_seen_at"] if last else timestamp(post.fetched_at)
        db.execute("update post set status = 'superseded' where id = ? and status = 'pending'", (post.id,))
        db.execute(
            "insert into post (id, content_hash, source, first_seen_at, payload) values (?, ?, ?, ?, ?)",
            (post.id, content, post.source, first_seen_at, payload),
        )
        return True

    def take(self, limit: int) -> list[Spooled]:
        """The oldest that wait, at most `limit`; they stay until they are done."""
        rows = self.state.db.execute(
            "select seq, touched, first_seen_at, payload from post where status = 'pending' order by seq limit ?",
            (limit,),
        )
        return [_spooled(row) for row in rows]

    def done(self, taken: Sequence[Spooled], status: str = "indexed") -> None:
        """These are in the store (or, with status `rejected`, never will be), unless they changed meanwhile."""
        with self.state.transaction() as db:
            db.executemany(
                "update post set status = ? where seq = ? and touched = ? and status = 'pending'",
                [(status, spooled.seq, spooled.touched) for spooled in taken],
            )

    def depth(self) -> int:
        """How many wait."""
        (count,) = self.state.db.execute("select count(*) from post where status = 'pending'").fetchone()
        return int(count)

    def waiting_up_to(self, seq: int) -> int:
        """How many of those put no later than `seq` still wait."""
        (count,) = self.state.db.execute(
            "select count(*) from post where status = 'pending' and seq <= ?", (seq,)
        ).fetchone()
        return int(count)

    def rejected(self, *, after: int = 0) -> int:
        """How many of those put later than `after` could not be analysed."""
        (count,) = self.state.db.execute(
            "select count(*) from post where status = 'rejected' and seq > ?", (after,)
        ).fetchone()
        return int(count)

    def last_seq(self) -> int:
        (seq,) = self.state.db.execute("select coalesce(max(seq), 0) from post").fetchone()
        return int(seq)

    def requeue(self) -> int:
        """Queue the newest version of everything kept once more (after a change of the analysis).

        What is being analysed in this moment is touched, so that it isn't done yet.
        """
        with self.state.transaction() as db:
            return db.execute(
                "update post set status = 'pending', touched = touched + 1"
                " where status in ('pending', 'indexed', 'rejected')"
                " and seq = (select max(seq) from post p where p.id = post.id)"
            ).rowcount

    def months(self) -> dict[str, int]:
        """How many versions there are of Posts first fetched in each month (UTC, as 2026.11)."""
        counted = "select replace(substr(first_seen_at, 1, 7), '-', '.') as month, count(*) from post group by month"
        return dict(tuple(row) for row in self.state.db.execute(counted))

    def ids(self, months: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Ids of the Posts first fetched in these months, some at a time."""
        for month in months:
            pattern, last = month.replace(".", "-") + "-%", ""
            asked = "select distinct id from post where id > ? and first_seen_at like ? order by id limit ?"
            while rows := self.state.db.execute(asked, (last, pattern, FORGOTTEN_AT_ONCE)).fetchall():
                yield tuple(row["id"] for row in rows)
                last = rows[-1]["id"]

    def forget(self, months: Iterable[str]) -> None:
        """Every version of the Posts first fetched in these months, overwritten on the disk."""
        self.state.db.execute("pragma secure_delete = on")
        for month in months:
            some = f"select seq from post where first_seen_at like ? limit {FORGOTTEN_AT_ONCE}"
            while self._delete(f"delete from post where seq in ({some})", month.replace(".", "-") + "-%"):
                pass  # others may write in between
        self.state.db.execute("pragma wal_checkpoint(truncate)")

    def _delete(self, statement: str, pattern: str) -> int:
        with self.state.transaction() as db:
            return db.execute(statement, (pattern,)).rowcount

    def newest(self, document_id: str) -> Post | None:
        """The newest version of one Post."""
        row = self.state.db.execute(
            "select payload from post where id = ? order by seq desc limit 1", (document_id,)
        ).fetchone()
        return _unpack(row["payload"]) if row else None

    def count(self, document_id: str) -> int:
        """How many versions of one Post there are."""
        (count,) = self.state.db.execute("select count(*) from post where id = ?", (document_id,)).fetchone()
        return int(count)

    def versions(self, document_id: str) -> Iterator[Spooled]:
        """Every version of one Post, oldest first."""
        for row in self.state.db.execute(
            "select seq, touched, first_seen_at, payload from post where id = ? order by seq", (document_id,)
        ):
            yield _spooled(row)


def _unpack(payload: bytes) -> Post:
    return Post.model_validate_json(zlib.decompress(payload))


def _spooled(row: sqlite3.Row) -> Spooled:
    first_seen_at = datetime.fromisoformat(row["first_seen_at"])
    return Spooled(row["seq"], row["touched"], first_seen_at, _unpack(row["payload"]))
