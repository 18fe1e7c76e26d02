"""What is running, what waits, what was refused: read from the state file, for `dunwatch status` and the web page."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.alerts.messages.outbox import Outbox, OutboxStatus
from indexer.sources.drifts import Drift, open_drifts
from indexer.spool import Spool
from indexer.state import State
from indexer.text.escapes import read_json

NO_MESSAGES = OutboxStatus(0, None, "", 0, 0, ())


@dataclass(frozen=True)
class Run:
    """One crawl of a source. `outcome` is finished, stopped or failed; None while it runs or when it was killed."""

    source: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    counts: Mapping[str, int]
    error: str = ""
    """What went wrong with it as a whole."""

    @classmethod
    def read(
        cls, source: str, started_at: str, finished_at: str | None, outcome: str | None, counts: str, error: str = ""
    ) -> "Run":
        """A crawl from its row."""
        finished = datetime.fromisoformat(finished_at) if finished_at else None
        return cls(source, datetime.fromisoformat(started_at), finished, outcome, json.loads(counts), error)


@dataclass(frozen=True)
class Plan:
    """When a source is crawled next, and `why` it is later than the source asks for, if it is.

    `failures` crawls in a row failed since `failing_since`, the last one because of `error`.
    """

    source: str
    due_at: datetime
    failures: int
    failing_since: datetime | None
    error: str
    why: str


@dataclass(frozen=True)
class Rejected:
    """Something that was refused: at which stage, from where, and why; `sample` is how it began."""

    at: datetime
    stage: str
    source: str
    url: str
    reason: str
    sample: str

    def masked(self, mask: Callable[[str], str]) -> "Rejected":
        """The same masked; what JSON has escaped is read first, as it would hide a name."""
        url, reason, sample = (mask(read_json(text)) for text in (self.url, self.reason, self.sample))
        return replace(self, url=url, reason=reason, sample=sample)


@dataclass(frozen=True)
class Health:
    """Posts that wait for the index, how many things were refused, and the last crawl and the next of each source.

    `alerts` are live; `outbox` holds the messages about them; `drifts` are sources that give less than they used to.
    """

    waiting: int
    rejected: int
    runs: tuple[Run, ...]
    alerts: int = 0
    outbox: OutboxStatus = NO_MESSAGES
    drifts: tuple[Drift, ...] = ()
    plans: tuple[Plan, ...] = ()


def health(state: State) -> Health:
    (rejected,) = state.db.execute("select count(*) from rejected").fetchone()
    runs = state.db.execute(
        "select source, started_at, finished_at, outcome, counts, error from run"
        " where seq in (select max(seq) from run group by source) order by source"
    )
    (live,) = state.db.execute("select count(*) from alert where state != 'closed'").fetchone()
    found, outbox = tuple(Run.read(*row) for row in runs), Outbox(state).status()
    return Health(Spool(state).depth(), rejected, found, live, outbox, open_drifts(state), tuple(plans(state)))


def plans(state: State) -> Iterator[Plan]:
    """When each source is crawled next, as the schedule last worked it out."""
    for row in state.db.execute("select * from schedule order by source"):
        since = datetime.fromisoformat(row["failing_since"]) if row["failing_since"] else None
        yield Plan(
            row["source"], datetime.fromisoformat(row["due_at"]), row["failures"], since, row["error"], row["why"]
        )


def rejections(state: State, limit: int) -> Iterator[Rejected]:
    """The newest `limit` rejections, newest first."""
    rows = state.db.execute(
        "select at, stage, source, url, reason, sample from rejected order by seq desc limit ?", (limit,)
    )
    for row in rows:
        yield Rejected(datetime.fromisoformat(row["at"]), *tuple(row)[1:])


def is_shown(name: str) -> bool:
    """Whether a count of a crawl says something to people; others are for finding drift."""
    return not name.startswith(("lists", "read"))
