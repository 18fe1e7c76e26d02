"""How each source does: its last crawl, the next one, what the crawls of a week gave and met, and whether it drifts."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from indexer.health import Run, plans
from indexer.sources.drifts import Drift, open_drifts
from indexer.state import State, timestamp

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class SourceHealth:
    """A source. `counts` are those of the last seven days; `next_at` is when it is due again, after so many
    `failures` in a row."""

    name: str
    last: Run
    next_at: datetime | None
    failures: int
    crawls: int
    failed: int
    counts: Mapping[str, int]
    drift: Drift | None

    @property
    def errors(self) -> Mapping[str, int]:
        """Pages that could not be fetched in the last seven days, by kind, the most frequent first."""
        kinds = {name.partition(".")[2]: count for name, count in self.counts.items() if name.startswith("errors.")}
        return dict(sorted(kinds.items(), key=lambda it: -it[1]))


def overview(state: State, now: datetime) -> tuple[SourceHealth, ...]:
    """Every source that was ever crawled; those that drift first, then by name."""
    planned = {plan.source: plan for plan in plans(state)}
    drifts = {drift.source: drift for drift in open_drifts(state)}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    week = state.db.execute("select source, outcome, counts from run where finished_at >= ?", (timestamp(now - WEEK),))
    for source, outcome, counted in week:
        counts[source].update(json.loads(counted))
        outcomes[source][outcome] += 1
    rows = state.db.execute(
        "select source, started_at, finished_at, outcome, counts, error from run"
        " where seq in (select max(seq) from run group by source)"
    )
    found = [
        SourceHealth(
            name=row["source"],
            last=Run.read(*row),
            next_at=planned[row["source"]].due_at if row["source"] in planned else None,
            failures=planned[row["source"]].failures if row["source"] in planned else 0,
            crawls=outcomes[row["source"]].total(),
            failed=outcomes[row["source"]]["failed"],
            counts=counts[row["source"]],
            drift=drifts.get(row["source"]),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda it: (it.drift is None, it.name)))
