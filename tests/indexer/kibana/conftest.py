"""An Elasticsearch and an embedded store with the same documents, and the crawls and alerts of a data directory."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.kibana.records import AlertRecord, keep_alerts, keep_runs
from indexer.settings import ElasticsearchSettings
from indexer.state import State, timestamp
from indexer.store import open_store
from indexer.store.base import Store
from indexer.store.elastic import ElasticStore
from tests.documents import FIRST, document, practice
from tests.indexer.store.corpus import corpus

NOW = datetime(2026, 11, 20, 3, 0, 0, 250_000, tzinfo=UTC)


@dataclass(frozen=True)
class Filled:
    """Where everything is."""

    cluster: ElasticsearchSettings
    elastic: ElasticStore
    embedded: Store
    state: State
    alerts: list[AlertRecord]


def _documents() -> list[Document]:
    """The corpus, and what it lacks: reprints, campaigns, several sites and kinds, practices of all grades."""
    body = "他们打电话给我同事，还说要起诉，从不骂人。"
    made = corpus()
    for number in range(200, 224):
        calls = practice(body, "打电话给我同事", "打电话给我同事", "爆通讯录", "asserted", "unlawful", lender="借呗")
        court = practice(body, "还说要起诉", "起诉", "律师函诉讼", "asserted", "lawful")
        abuse = practice(body, "从不骂人", "骂人", "侮辱辱骂", "denied", "unlawful", lender="借呗")
        visit = practice(body, "他们", "他们", "上门催收", "asserted", "aggressive", lender="苏宁金融")
        chosen = [(calls, abuse), (court,), (court, visit), (abuse,)][number % 4]
        first = None if number % 3 == 0 else made[-1].id
        made.append(
            document(
                number,
                body=body,
                site=f"s{number % 5}.example.com",
                kind=("article", "post", "reply", "complaint")[number % 4],
                lenders=("借呗", "苏宁金融")[: number % 3],
                practices=chosen,
                sentiment=number % 10 / 10,
                sentiment_label="negative" if number % 10 < 4 else "positive",
                voice="promotion" if number % 2 else "statement",
                published_at=FIRST + timedelta(hours=7 * (number - 200)),
                reprint_of=first,
                campaign=f"campaign-{number % 3}" if number % 4 else None,
            )
        )
    return made


def crawls(state: State) -> None:
    """Thirty crawls of four sources: finished, failed, stopped, one killed and one under way."""
    with state.transaction() as db:
        for number in range(30):
            begin = NOW - timedelta(hours=9 * number)
            outcome = (None, "finished", "finished", "failed", "stopped")[number % 5] if number else None
            counts = {"pages": 10 + number, "posts": number % 7, "errors": number % 3, "robots": number % 2}
            counts |= {"rejected": number // 9, "errors.timeout": number % 3} if number % 3 else {}
            db.execute(
                "insert into run (source, started_at, finished_at, outcome, counts) values (?, ?, ?, ?, ?)",
                (
                    f"source-{number % 4}",
                    timestamp(begin),
                    timestamp(begin + timedelta(seconds=40 + number)) if outcome else None,
                    outcome,
                    json.dumps(counts),
                ),
            )


def alerts() -> list[AlertRecord]:
    return [
        AlertRecord(
            id=f"alert-{number}",
            rule=("lender", "practice")[number % 2],
            series="lender_practice",
            lender=("借呗", "苏宁金融", None)[number % 3],
            practice=(None, "爆通讯录")[number % 2],
            opened_at=NOW - timedelta(hours=11 * number),
            updated_at=NOW,
            closed_at=NOW if number % 4 else None,
            state=("open", "acknowledged", "closed")[number % 3],
            observed=10.0 + number,
            expected=2.5,
            ratio=4.0 + number / 4,
            headline=f"借呗：爆通讯录 {10 + number} 条",
            url=f"https://watch.example.com/alerts/{number}",
        )
        for number in range(12)
    ]


@pytest.fixture(scope="session")
def filled(es_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Don't write to it."""
    cluster = ElasticsearchSettings(hosts=(es_url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)
    folder: Path = tmp_path_factory.mktemp("kibana")
    elastic = ElasticStore(cluster, writable=True)
    embedded = open_store("embedded", folder / "index", writable=True)
    documents, opened = _documents(), alerts()
    with State(folder) as state:
        crawls(state)
        try:
            assert elastic.put(documents) == embedded.put(documents) == {}
            assert keep_runs(cluster, state) == 30
            assert keep_alerts(cluster, opened) == 12
            elastic.client.indices.refresh(index=f"{cluster.prefix}-*")
            yield Filled(cluster, elastic, embedded, state, opened)
        finally:
            embedded.close()
            elastic.close()
