"""The durable queue between crawler and indexer, which is also the history of every Post's versions."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from indexer import engagement
from indexer.post import Post
from indexer.state import State, timestamp

FORGOTTEN_AT_ONCE = 2_000
"""Versions deleted in one transaction."""
Change = Literal["new", "edited", "counted", "older", "same"]
"""What a fetch brought: a Post, another version, other counters, a version from before the newest, or nothing."""
_NEWEST = "order by fetched_at desc, seq desc limit 1"
_COLUMNS = (
    "seq, touched, first_seen_at, deleted_at, payload, (select count(*) from post v where v.id = post.id) as versions"
)


@dataclass(frozen=True)
class Spooled:
    """A Post that waits for analysis. `seq` orders the spool; `touched` counts how often its counters changed.

    `versions` are how many there are of it; `deleted_at` is when its page was found to have it no more.
    """

    seq: int
    touched: int
    first_seen_at: datetime
    post: Post
    versions: int = 1
    deleted_at: datetime | None = None


class Spool:
    """What was put is there until it is done, whatever is killed in between."""

    def __init__(self, state: State) -> None:
        self.state = state

    def put(self, posts: Iterable[Post]) -> int:
        """Queue Posts that are new or changed; returns how many were. Joins an open transaction."""
        with self.state.transaction():
            return sum(self.keep(post) != "same" for post in posts)

    def keep(self, post: Post, now: datetime | None = None) -> Change:
        """Queue a Post where it is new or changed, and say which; the one fetched last is the newest version.

        What is there from later than `now` was fetched while the clock was ahead, and counts as fetched now. Joins an
        open transaction.
        """
        with self.state.transaction() as db:
            engagement.record(self.state, post)
            ahead = "update post set fetched_at = ?2 where id = ?1 and fetched_at > ?2"
            db.execute(ahead, (post.id, timestamp(now or datetime.now(UTC))))
            last = db.execute(
                "select seq, content_hash, first_seen_at, fetched_at, deleted_at, payload from post"
                f" where id = ? {_NEWEST}",
                (post.id,),
            ).fetchone()
            if last is None:
                self._insert(post, timestamp(post.fetched_at))
                return "new"
            if timestamp(post.fetched_at) < last["fetched_at"]:
                return self._from_before(post, last)
            post = post.dated_as(_unpack(last["payload"])) if post.counts_back else post
            if last["content_hash"] == post.content_hash():
                return self._seen_again(post, last)
            db.execute("update post set status = 'superseded' where id = ? and status = 'pending'", (post.id,))
            self._insert(post, last["first_seen_at"])
            return "edited"

    def _insert(self, post: Post, first_seen_at: str, status: str = "pending") -> None:
        self.state.db.execute(
            "insert into post (id, content_hash, source, first_seen_at, fetched_at, payload, status)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (post.id, post.content_hash(), post.source, first_seen_at, timestamp(post.fetched_at), _pack(post), status),
        )

    def _seen_again(self, post: Post, last: sqlite3.Row) -> Change:
        at = timestamp(post.fetched_at)
        if last["deleted_at"] is None and _unpack(last["payload"]).engagement == post.engagement:
            self.state.db.execute("update post set fetched_at = ? where seq = ?", (at, last["seq"]))
            return "same"
        self.state.db.execute(
            "update post set payload = ?, fetched_at = ?, deleted_at = null, touched = touched + 1, status = 'pending'"
            " where seq = ?",
            (_pack(post), at, last["seq"]),
        )
        return "counted"

    def _from_before(self, post: Post, last: sqlite3.Row) -> Change:
        """What was fetched before the newest version, such as an old archive read late, is history and no news."""
        known = "select 1 from post where id = ? and content_hash = ?"
        if self.state.db.execute(known, (post.id, post.content_hash())).fetchone():
            return "same"
        self._insert(post, last["first_seen_at"], "superseded")
        self._queue_again([last["seq"]])
        return "older"

    def delete(self, ids: Iterable[str], at: datetime) -> int:
        """Mark Posts as there no more, and queue them so that the store knows; returns how many were still there.

        Joins an open transaction.
        """
        marked = 0
        with self.state.transaction() as db:
            for id in ids:
                row = db.execute(f"select seq, deleted_at from post where id = ? {_NEWEST}", (id,)).fetchone()
                if row and row["deleted_at"] is None:
                    db.execute("update post set deleted_at = ? where seq = ?", (timestamp(at), row["seq"]))
                    self._queue_again([row["seq"]])
                    marked += 1
        return marked

    def _queue_again(self, seqs: Iterable[int]) -> None:
        self.state.db.executemany(
            "update post set status = 'pending', touched = touched + 1 where seq = ?", [(seq,) for seq in seqs]
        )

    def take(self, limit: int) -> list[Spooled]:
        """The oldest that wait, at most `limit`; they stay until they are done."""
        rows = self.state.db.execute(
            f"select {_COLUMNS} from post where status = 'pending' order by seq limit ?", (limit,)
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
                f" and seq = (select seq from post p where p.id = post.id {_NEWEST})"
            ).rowcount

    def requeue_one(self, document_id: str) -> bool:
        """Queue the newest version of one Post once more; whether there is any."""
        with self.state.transaction():
            return bool(
                self.state.db.execute(
                    "update post set status = 'pending', touched = touched + 1"
                    " where seq = (select max(seq) from post where id = ?)",
                    (document_id,),
                ).rowcount
            )

    def months(self) -> dict[str, int]:
        """How many versions there are of Posts first fetched in each month (UTC, as 2026.11)."""
        counted = "select replace(substr(first_seen_at, 1, 7), '-', '.') as month, count(*) from post group by month"
        return dict(tuple(row) for row in self.state.db.execute(counted))

    def ids(self, months: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Ids of the Posts first fetched in these months, some at a time."""
        for month in months:
            pattern, last = _in(month), ""
            asked = "select distinct id from post where id > ? and first_seen_at like ? order by id limit ?"
            while rows := self.state.db.execute(asked, (last, pattern, FORGOTTEN_AT_ONCE)).fetchall():
                yield tuple(row["id"] for row in rows)
                last = rows[-1]["id"]

    def forget(self, months: Iterable[str]) -> None:
        """Every version of the Posts first fetched in these months, overwritten on the disk."""
        self.state.db.execute("pragma secure_delete = on")
        for month in months:
            for table in ("engagement", "seen_on", "missing"):
                some = f"select id from {table} where id in (select id from post where first_seen_at like ?)"
                while self._delete(f"delete from {table} where id in ({some} limit {FORGOTTEN_AT_ONCE})", _in(month)):
                    pass
            some = f"select seq from post where first_seen_at like ? limit {FORGOTTEN_AT_ONCE}"
            while self._delete(f"delete from post where seq in ({some})", _in(month)):
                pass  # others may write in between
        self.state.db.execute("pragma wal_checkpoint(truncate)")

    def _delete(self, statement: str, pattern: str) -> int:
        with self.state.transaction() as db:
            return db.execute(statement, (pattern,)).rowcount

    def newest(self, document_id: str) -> Post | None:
        """The newest version of one Post."""
        row = self.state.db.execute(f"select payload from post where id = ? {_NEWEST}", (document_id,)).fetchone()
        return _unpack(row["payload"]) if row else None

    def count(self, document_id: str) -> int:
        """How many versions of one Post there are."""
        (count,) = self.state.db.execute("select count(*) from post where id = ?", (document_id,)).fetchone()
        return int(count)

    def versions(self, document_id: str) -> Iterator[Spooled]:
        """Every version of one Post, oldest first."""
        for row in self.state.db.execute(
            f"select {_COLUMNS} from post where id = ? order by fetched_at, seq", (document_id,)
        ):
            yield _spooled(row)


def _in(month: str) -> str:
    """What the times of a month (2026.11) are like."""
    return month.replace(".", "-") + "-%"


def _pack(post: Post) -> bytes:
    return zlib.compress(post.model_dump_json().encode())


def _unpack(payload: bytes) -> Post:
    return Post.model_validate_json(zlib.decompress(payload))


def _spooled(row: sqlite3.Row) -> Spooled:
    first_seen_at = datetime.fromisoformat(row["first_seen_at"])
    deleted_at = datetime.fromisoformat(row["deleted_at"]) if row["deleted_at"] else None
    return Spooled(row["seq"], row["touched"], first_seen_at, _unpack(row["payload"]), row["versions"], deleted_at)
