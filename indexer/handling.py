"""What a team does about documents: each is new, in hand, answered or not ours, with an owner, a note and a history.

It lives in the state file and not in the index, so that a click counts at once and `reindex` loses nothing. A search
by state names the ids to the store, in either direction, up to MOST_IDS of them.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from indexer.state import State, timestamp
from indexer.store.base import MOST_IDS, Search

HandlingState = Literal["new", "in-hand", "answered", "not-ours"]
STATES: tuple[HandlingState, ...] = get_args(HandlingState)
MOST_OWNER, MOST_NOTE = 60, 2_000
"""Characters."""


class HandlingError(ValueError):
    """What was asked can't be; the message is for people."""


@dataclass(frozen=True)
class Handling:
    """How a document is handled. Of one that is new `at` is None as long as nobody changed it."""

    document: str
    state: HandlingState = "new"
    owner: str = ""
    note: str = ""
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True)
class Change:
    """What is to become of documents; None leaves that as it is. `note` must be masked."""

    state: HandlingState | None = None
    owner: str | None = None
    note: str | None = None


class Handlings:
    """The handling of documents, in the state file."""

    def __init__(self, state: State) -> None:
        self._state, self._db = state, state.db

    def get(self, documents: Sequence[str]) -> dict[str, Handling]:
        """Of each of the documents, those too that nobody touched yet."""
        found = {id: Handling(id) for id in documents}
        sql = "select * from handling where last and document in (select value from json_each(?))"
        rows = self._db.execute(sql, (json.dumps(list(found)),))
        return found | {it.document: it for it in map(_handling, rows)}

    def change(self, documents: Iterable[str], change: Change, who: str, now: datetime) -> int:
        """Change all of them or none; returns how many differ from before."""
        changed = 0
        with self._state.transaction() as db:
            for before in self.get(list(documents)).values():
                after = _changed(before, change)
                if after == before:
                    continue
                changed += 1
                db.execute("update handling set last = 0 where document = ? and last", (before.document,))
                db.execute(
                    "insert into handling (document, state, owner, note, at, who, last) values (?, ?, ?, ?, ?, ?, 1)",
                    (after.document, after.state, after.owner, after.note, timestamp(now), who),
                )
        return changed

    def history(self, document: str) -> list[Handling]:
        """Every change, newest first."""
        rows = self._db.execute("select * from handling where document = ? order by seq desc", (document,))
        return [_handling(row) for row in rows]

    def forget(self, documents: Iterable[str]) -> None:
        """Leave nothing of these documents, which are to be kept no more. Joins an open transaction."""
        with self._state.transaction() as db:
            db.executemany("delete from handling where document = ?", [(id,) for id in documents])

    def listed(self, states: Collection[HandlingState], limit: int, offset: int = 0) -> Iterator[Handling]:
        """Documents in one of the states that somebody touched, the last change first."""
        marks = ",".join("?" * len(states))
        rows = self._db.execute(
            f"select * from handling where last and state in ({marks}) order by seq desc limit ? offset ?",
            (*states, limit, offset),
        )
        return map(_handling, rows)

    def counts(self) -> Mapping[HandlingState, int]:
        """How many documents are in each state but `new`."""
        rows = self._db.execute("select state, count(*) from handling where last and state != 'new' group by state")
        counted = dict(tuple(row) for row in rows)
        return {state: counted.get(state, 0) for state in STATES if state != "new"}

    def narrowed(self, search: Search, states: Collection[HandlingState]) -> Search:
        """The search, of documents in one of the states only; of all where none is named. Raises HandlingError."""
        if not states or set(states) == set(STATES):
            return search
        if "new" in states:  # all but those in another state: most documents were never touched
            return replace(search, without=self._ids(set(STATES) - set(states)))
        return replace(search, only=self._ids(states))

    def _ids(self, states: Collection[HandlingState]) -> frozenset[str]:
        marks = ",".join("?" * len(states))
        sql = f"select document from handling where last and state in ({marks}) limit ?"
        found = frozenset(row[0] for row in self._db.execute(sql, (*states, MOST_IDS + 1)))
        if len(found) > MOST_IDS:
            raise HandlingError(f"按处理状态筛选最多涉及 {MOST_IDS:,} 篇已处理的文档，现在更多：请改用其他条件")
        return found


def _changed(before: Handling, change: Change) -> Handling:
    wanted = {"state": change.state, "owner": change.owner, "note": change.note}
    return replace(before, **{name: value for name, value in wanted.items() if value is not None})  # type: ignore[arg-type]


def _handling(row: sqlite3.Row) -> Handling:
    at = datetime.fromisoformat(row["at"])
    return Handling(row["document"], row["state"], row["owner"], row["note"], at, row["who"])
