"""Searches that a team keeps, in the state file: for the web page, which tells what is new in each, and for alerts."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indexer.handling import STATES, HandlingState
from indexer.state import State, timestamp
from indexer.store.base import FILTERS, Search
from indexer.store.query import parse

MOST = 200
"""Searches that are kept."""
LONGEST = 60
"""Characters of a name."""


@dataclass(frozen=True)
class SavedSearch:
    """Words and filters under a name. So many stories (`at_least`) within `hours` are an alert; None: it never is.

    A filter `handling` names states in which its documents are, see indexer.handling; an alert has none.
    """

    name: str
    q: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    at_least: int | None = None
    hours: int = 24
    seq: int = 0

    def search(self, since: datetime | None = None, until: datetime | None = None) -> Search:
        """What finds its documents, in whatever state they are. Raises QueryError."""
        filters = {name: values for name, values in self.filters.items() if name in FILTERS}
        return Search(parse(self.q) if self.q else None, filters, since, until)

    @property
    def states(self) -> list[HandlingState]:
        return [it for it in STATES if it in self.filters.get("handling", ())]


class SavedSearches:
    """The table of them."""

    def __init__(self, state: State) -> None:
        self.state = state

    def all(self) -> list[SavedSearch]:
        """By name."""
        return [_saved(row) for row in self.state.db.execute("select * from saved_search order by name")]

    def get(self, seq: int) -> SavedSearch | None:
        row = self.state.db.execute("select * from saved_search where seq = ?", (seq,)).fetchone()
        return _saved(row) if row else None

    def keep(self, it: SavedSearch, now: datetime, who: str = "") -> int:
        """Keep it; one of the same name is replaced. Returns its number."""
        filters = json.dumps(dict(it.filters), ensure_ascii=False)
        with self.state.transaction() as db:
            row = db.execute(
                "insert into saved_search (name, q, filters, created_at, created_by, at_least, hours)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (name) do update set q = excluded.q,"
                " filters = excluded.filters, at_least = excluded.at_least, hours = excluded.hours returning seq",
                (
                    it.name,
                    it.q,
                    filters,
                    timestamp(now),
                    who,
                    it.at_least,
                    it.hours,
                ),
            ).fetchone()
            db.execute("delete from saved_search_seen where search = ?", (row["seq"],))
            return int(row["seq"])

    def forget(self, seq: int) -> None:
        with self.state.transaction() as db:
            db.execute("delete from saved_search_seen where search = ?", (seq,))
            db.execute("delete from saved_search where seq = ?", (seq,))

    def seen(self, who: str = "") -> dict[int, int]:
        """How many each search found when this reader last looked; those never looked at are left out."""
        rows = self.state.db.execute("select search, total from saved_search_seen where who = ?", (who,))
        return {row["search"]: row["total"] for row in rows}

    def looked(self, seq: int, total: int, now: datetime, who: str = "") -> None:
        """This reader has seen all that it finds now."""
        with self.state.transaction() as db:
            db.execute(
                "insert into saved_search_seen (search, who, at, total) values (?, ?, ?, ?)"
                " on conflict do update set at = excluded.at, total = excluded.total",
                (seq, who, timestamp(now), total),
            )


def _saved(row: sqlite3.Row) -> SavedSearch:
    filters = {name: tuple(values) for name, values in json.loads(row["filters"]).items()}
    return SavedSearch(row["name"], row["q"], filters, row["at_least"], row["hours"], row["seq"])
