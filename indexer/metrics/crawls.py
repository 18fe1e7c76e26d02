"""Totals of all crawls that there ever were, added up once."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Lock

from indexer.state import State


@dataclass
class Totals:
    """`counts` by source and name (crawler.run.COUNTS), `outcomes` by source and outcome."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, source: str, outcome: str | None, counts: str) -> None:
        self.counts[source].update(json.loads(counts))
        self.outcomes[source][outcome or "running"] += 1

    def copy(self) -> "Totals":
        return Totals(
            defaultdict(Counter, {source: Counter(it) for source, it in self.counts.items()}),
            defaultdict(Counter, {source: Counter(it) for source, it in self.outcomes.items()}),
        )


class Crawls:
    """Remembers what the crawls that can't change any more add up to, as the table of crawls grows for ever."""

    def __init__(self) -> None:
        self._seq, self._done, self._lock = 0, Totals(), Lock()

    def totals(self, state: State) -> Totals:
        """The totals as they are now, running crawls included. Called by any thread."""
        with self._lock:
            rows = state.db.execute(
                "select seq, source, outcome, counts, finished_at is not null or exists"
                " (select 1 from run later where later.source = run.source and later.seq > run.seq) as done"
                " from run where seq > ? order by seq",
                (self._seq,),
            ).fetchall()
            running = next((place for place, row in enumerate(rows) if not row["done"]), len(rows))
            for row in rows[:running]:
                self._done.add(row["source"], row["outcome"] or "killed", row["counts"])
                self._seq = row["seq"]
            now = self._done.copy()
            for row in rows[running:]:
                killed = "killed" if row["done"] else None
                now.add(row["source"], row["outcome"] or killed, row["counts"])
            return now
