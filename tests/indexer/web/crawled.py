"""What three weeks of crawls leave in the state file, for the page of the sources; the sites are invented."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from crawler.schedule import Schedule
from crawler.scheduling.register import ALONE
from crawler.sources import Source
from indexer.alerts.explain import Addresses
from indexer.datadir import DataDir
from indexer.sources.drifts import look
from indexer.state import State, timestamp

DAYS = 21
HOUR = timedelta(hours=1)
USUAL = {"pages": 40, "posts": 31, "unchanged": 55, "read": 31}
WELL = {
    "consumer-board": {**USUAL, "edited": 6, "deleted": 1, "errors": 1, "errors.timeout": 1},
    "finance-news": {**USUAL, "robots": 2, "rejected": 1},
    "loan-forum": {**USUAL, "posts": 64, "read": 64, "edited": 9, "errors": 2, "errors.http 503": 2, "rejected": 2},
    "local-paper": {"pages": 12, "posts": 8, "unchanged": 20, "read": 8},
}
"""Sources by what a usual crawl of each counts."""
REDRAWN = {"pages": 38, "posts": 1, "unchanged": 54, "rejected": 35, "read": 1}
"""What a crawl counts after the site was laid out anew."""
AWAY = {"errors": 3, "errors.unknown host": 2, "errors.timeout": 1}
REFUSED = {
    "loan-forum": {("extract", "no text on the page"): 9, ("fetch", "http 503"): 4},
    "consumer-board": {("fetch", "timeout"): 3},
    "finance-news": {
        ("extract", "no text on the page"): 35,
        ("extract", "not a page of text: application/pdf"): 4,
        ("fetch", "http 500"): 2,
    },
    "local-paper": {("fetch", "unknown host"): 4, ("fetch", "timeout"): 2},
}
"""Sources by how often what was refused, at which stage and why."""


def crawl(data: DataDir, now: datetime) -> None:
    """Crawls every six hours up to `now`: of four sources, one of which drifts and one of which is away."""
    with data.state() as state:
        for name, usual in WELL.items():
            for past in range(DAYS * 4, 0, -1):
                _crawled(state, name, now - past * 6 * HOUR + HOUR, usual)
        _crawled(state, "finance-news", now - HOUR, REDRAWN)
        for past in (3, 2):
            _crawled(state, "local-paper", now - past * HOUR, AWAY, "no page answered: 2 unknown host, 1 timeout")
        for source, reasons in REFUSED.items():
            for (stage, reason), times in reasons.items():
                for number in range(times):
                    state.reject(stage=stage, source=source, url=f"https://{source}.example/{number}", reason=reason)
        with state.transaction():
            list(look(state, now, Addresses()))
        Schedule(ALONE, data, state, ALONE.register(data, state)).tick([_source(name) for name in WELL], now)


def _crawled(state: State, source: str, at: datetime, counts: Mapping[str, int], error: str = "") -> None:
    asked = "insert into run (source, started_at, finished_at, outcome, counts, error) values (?, ?, ?, ?, ?, ?)"
    ended = timestamp(at + timedelta(minutes=7))
    with state.transaction() as db:
        outcome = "failed" if error else "finished"
        db.execute(asked, (source, timestamp(at), ended, outcome, json.dumps(counts), error))


def _source(name: str) -> Source:
    return Source.model_validate({"name": name, "kind": "feed", "start": [f"https://{name}.example/"]})
