"""What in the store must be written again because something came that it is like: a list in the state file."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "evidence"]

_MEMBERS = {
    "text": "select id, id as place from print where text = cast(:key as integer) and id > :after"
    " order by id limit :most",
    "evidence": "select id, seen || ' ' || id as place from carrier where key = :key and (seen, id) > (:seen, :id)"
    " order by seen, id limit :most",
}


@dataclass(frozen=True)
class Portion:
    """Ids of documents to look at, and how far each group on the list has come with them; None: to its end."""

    ids: tuple[str, ...]
    reached: tuple[tuple[str, str, str | None], ...]


class Stale:
    """Groups whose documents are to be written again: a text's prints, or what carries a piece of evidence."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add(self, kind: Kind, keys: Iterable[object]) -> None:
        """All documents of these, from the first."""
        self.db.executemany(
            "insert into stale (kind, key) values (?, ?) on conflict do update set after = ''",
            [(kind, str(key)) for key in keys],
        )

    def next(self, most: int) -> Portion:
        """The next documents, at most `most`; nothing is reached where the list is empty."""
        ids: dict[str, None] = {}
        reached: list[tuple[str, str, str | None]] = []
        for kind, key, after in self.db.execute("select kind, key, after from stale limit ?", (most,)).fetchall():
            left = most - len(ids)
            if not left:
                break
            seen, _, id = after.partition(" ")
            words = {"key": key, "after": after, "seen": seen, "id": id, "most": left}
            rows = self.db.execute(_MEMBERS[kind], words).fetchall()
            ids |= dict.fromkeys(row["id"] for row in rows)
            reached.append((kind, key, rows[-1]["place"] if len(rows) == left else None))
        return Portion(tuple(ids), tuple(reached))

    def done(self, portion: Portion) -> None:
        """These are written. Joins an open transaction."""
        for kind, key, place in portion.reached:
            if place is None:
                self.db.execute("delete from stale where kind = ? and key = ?", (kind, key))
            else:
                self.db.execute("update stale set after = ? where kind = ? and key = ?", (place, kind, key))
