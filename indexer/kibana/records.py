"""What dashboards show that is no post: crawls and alerts, copied from the state into two small indices.

They are for looking at only: dunwatch never reads them, and where they can't be written that is a line in the log.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from indexer.settings import ElasticsearchSettings
from indexer.state import State
from indexer.store import elastic_bulk as bulk
from indexer.store.base import StoreError

log = logging.getLogger("dunwatch.kibana")

VERSION = 1
"""Of the mappings; it is part of the indices' names."""
AT_ONCE = 1_000
"""Crawls that are looked at and sent together."""
PATIENCE = 10
"""Seconds for one request: who waits for this has other work to do."""
COUNTS = ("pages", "posts", "unchanged", "rejected", "robots", "errors")
"""What a crawl counts; `errors.…` tell why pages could not be fetched."""

_KEYWORD = {"type": "keyword", "ignore_above": 1024}
_DATE = {"type": "date"}
_WHOLE = {"type": "long"}
_NUMBER = {"type": "double"}
RUNS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        **dict.fromkeys(("source", "outcome", "error_kinds"), _KEYWORD),
        **dict.fromkeys(("started_at", "finished_at"), _DATE),
        **dict.fromkeys(COUNTS, _WHOLE),
        "seconds": _NUMBER,
    },
}
ALERTS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        **dict.fromkeys(("id", "rule", "series", "lender", "practice", "state", "headline"), _KEYWORD),
        **dict.fromkeys(("opened_at", "updated_at", "closed_at"), _DATE),
        **dict.fromkeys(("observed", "expected", "ratio"), _NUMBER),
        "url": {"type": "keyword", "ignore_above": 2048},
    },
}
_MAPPINGS = {"runs": RUNS, "alerts": ALERTS}

Backend = Literal["embedded"] | ElasticsearchSettings


@dataclass(frozen=True)
class AlertRecord:
    """An alert as it stands. `series` says what was counted; `ratio` is observed to expected; times are aware."""

    id: str
    rule: str
    series: str
    lender: str | None
    practice: str | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    state: str
    observed: float
    expected: float
    ratio: float
    headline: str
    url: str


def keep_alerts(backend: Backend, alerts: Sequence[AlertRecord]) -> int:
    """Put alerts into the index, each by its id; returns how many. Does nothing with the embedded store."""
    return _kept(backend, lambda index: index.put("alerts", [(it.id, _source(asdict(it))) for it in alerts]))


def keep_runs(backend: Backend, state: State) -> int:
    """Put every crawl into the index that isn't there as it is in the state; returns how many.

    Called again it goes on where it is needed. Does nothing with the embedded store.
    """
    return _kept(backend, lambda index: _copy(index, _runs(state)))


class _Index:
    """The two indices of a cluster, made when they are first needed."""

    def __init__(self, settings: ElasticsearchSettings) -> None:
        words = {**settings.client(), "request_timeout": min(settings.timeout, PATIENCE), "max_retries": 0}
        self.client = Elasticsearch(**words)
        self._settings = settings

    def _name(self, kind: str) -> str:
        return f"{self._settings.prefix}-{kind}-v{VERSION}"

    def prepare(self) -> None:
        settings = {"number_of_shards": 1, "number_of_replicas": self._settings.replicas}
        for kind, mappings in _MAPPINGS.items():
            if not self.client.indices.exists(index=self._name(kind)):
                aliases: dict[str, Any] = {f"{self._settings.prefix}-{kind}": {}}
                create = self.client.options(ignore_status=400).indices.create  # 400: another process was first
                create(index=self._name(kind), mappings=mappings, settings=settings, aliases=aliases)

    def put(self, kind: str, records: Sequence[tuple[str, dict[str, Any]]]) -> int:
        refused = bulk.send(self.client, [bulk.index(self._name(kind), *record) for record in records])
        for id, reason in refused.items():
            log.warning("%s: %s", id, reason)
        return len(records) - len(refused)

    def finished(self, ids: Sequence[str]) -> dict[str, bool]:
        """Those of the crawls that are there, and whether their end is."""
        query = {"ids": {"values": list(ids)}}
        found = self.client.search(
            index=self._name("runs"), query=query, size=len(ids), source_includes=["finished_at"]
        )
        return {hit["_id"]: hit["_source"].get("finished_at") is not None for hit in found["hits"]["hits"]}


def _kept(backend: Backend, work: Callable[[_Index], int]) -> int:
    if backend == "embedded":
        return 0
    index = _Index(backend)
    try:
        index.prepare()
        return work(index)
    except (ApiError, TransportError, StoreError) as error:
        log.warning("Kibana's view of crawls and alerts is not up to date: %s", error)
        return 0
    finally:
        index.client.close()


def _copy(index: _Index, runs: Iterator[tuple[str, dict[str, Any]]]) -> int:
    """From the latest change back, until all of a thousand are there."""
    copied = 0
    while chunk := list(islice(runs, AT_ONCE)):
        there = index.finished([id for id, _ in chunk])
        missing = [(id, run) for id, run in chunk if there.get(id) != (run["finished_at"] is not None)]
        copied += index.put("runs", missing)
        if not missing:
            break
    return copied


def _runs(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    """The crawls, the latest change first. The ids are the same in every data directory that writes into a cluster."""
    rows = state.db.execute(
        "select source, started_at, finished_at, outcome, counts from run"
        " order by coalesce(finished_at, started_at) desc"
    )
    for source, started_at, finished_at, outcome, counts in rows:
        counted: dict[str, int] = json.loads(counts)
        started = datetime.fromisoformat(started_at)
        ended = datetime.fromisoformat(finished_at) if finished_at else None
        run = {
            "source": source,
            "started_at": started,
            "finished_at": ended,
            "outcome": outcome,
            "seconds": (ended - started).total_seconds() if ended else None,
            "error_kinds": sorted(name.partition(".")[2] for name in counted if name.startswith("errors.")),
            **{name: counted.get(name, 0) for name in COUNTS},
        }
        yield f"{source}@{started_at}", _source(run)


def _source(fields: dict[str, Any]) -> dict[str, Any]:
    """As the index takes it: moments in whole milliseconds."""
    return {
        name: value.astimezone(UTC).isoformat(timespec="milliseconds") if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
