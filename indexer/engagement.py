"""How the counters of a Post went over time: replies, likes, views as its page showed them at each visit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from indexer.post import Post
from indexer.state import State, timestamp


@dataclass(frozen=True)
class Counted:
    """The counters as a page showed them at a moment."""

    at: datetime
    counts: Mapping[str, int]


def record(state: State, post: Post) -> None:
    """Keep the counters of a Post where they aren't those of the fetch before; joins an open transaction."""
    if not post.engagement:
        return
    with state.transaction() as db:
        at, counts = timestamp(post.fetched_at), json.dumps(dict(post.engagement), sort_keys=True)
        before = db.execute(
            "select counts from engagement where id = ? and at <= ? order by at desc limit 1", (post.id, at)
        ).fetchone()
        if before is None or before["counts"] != counts:
            db.execute("insert or replace into engagement (id, at, counts) values (?, ?, ?)", (post.id, at, counts))


def over_time(state: State, document_id: str) -> tuple[Counted, ...]:
    """Every change of the counters of one Post, oldest first."""
    rows = state.db.execute("select at, counts from engagement where id = ? order by at", (document_id,))
    return tuple(Counted(datetime.fromisoformat(row["at"]), json.loads(row["counts"])) for row in rows)
