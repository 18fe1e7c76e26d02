"""The Elasticsearch store: strict mapping, one bad document costs itself only, a server that is away costs nothing."""

import json
import secrets
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from elasticsearch import BadRequestError

from indexer.settings import ElasticsearchSettings
from indexer.store.base import Search, StoreUnavailable
from indexer.store.elastic import ElasticStore
from indexer.store.elastic_fields import VERSION
from tests.cli import dunwatch
from tests.documents import FIRST, complaint, document

TOO_LARGE = 10**30
"""More than the mapping's long holds."""


@pytest.fixture
def store(es_url: str) -> Iterator[ElasticStore]:
    cluster = ElasticsearchSettings(hosts=(es_url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)
    opened = ElasticStore(cluster, writable=True)
    yield opened
    opened.client.indices.delete(index=",".join(opened.client.indices.get_alias(name=opened.alias).body))
    opened.close()


def test_a_poisoned_document_costs_itself_only(store: ElasticStore) -> None:
    batch = [document(number) for number in range(500)]
    batch[250] = document(250, engagement={"views": TOO_LARGE})
    refused = store.put(batch)
    assert list(refused) == [batch[250].id]
    assert "views" in refused[batch[250].id]
    assert store.count() == 499


def test_a_document_stays_in_its_month_whatever_its_date_becomes(store: ElasticStore) -> None:
    store.put([document(1), document(2, first_seen_at=FIRST + timedelta(days=70))])
    store.put([document(1, published_at=FIRST - timedelta(days=400))])
    assert store.count() == 2
    indices = store.client.indices.get_alias(name=store.alias).body
    assert sorted(name.removeprefix(store.alias) for name in indices) == [
        f"-v{VERSION}-2026.12",
        f"-v{VERSION}-2027.01",
    ]


def test_the_mapping_is_strict(store: ElasticStore) -> None:
    store.put([document(1)])
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        store.client.index(index=f"{store.alias}-v{VERSION}-2026.12", document={"unheard": "of"})


def test_kibana_can_search_the_text(store: ElasticStore) -> None:
    it = complaint()
    store.put([it])
    for query in ({"match_phrase": {"body": "张口就骂"}}, {"term": {"practices.id": "爆通讯录"}}):
        (hit,) = store.client.search(index=store.alias, query=query)["hits"]["hits"]
        assert hit["_id"] == it.id
        assert "grams" not in hit["_source"]


def test_a_server_that_is_away_is_told_as_that() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = ElasticStore(ElasticsearchSettings(hosts=(f"http://127.0.0.1:{port}",), timeout=1))
    with pytest.raises(StoreUnavailable, match="can't be reached"):
        away.search(Search())


def test_the_command_line_works_on_it(es_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.mkdir()
    for name in ("lenders.yaml", "practices.yaml"):
        (config / name).symlink_to(Path("config").absolute() / name)
    prefix = f"test-{secrets.token_hex(4)}"
    (config / "dunwatch.yaml").write_text(f"elasticsearch: {{ prefix: {prefix}, replicas: 0 }}\n", encoding="utf-8")
    monkeypatch.setenv("DUNWATCH_STORE", es_url)
    post = {"source": "s", "text": "招联消费金融暴力催收，骂我妈", "fetched_at": "2026-11-02T00:00:00Z"}
    lines = [{**post, "url": f"https://example.com/{number}"} for number in range(20)]
    lines[7]["engagement"] = {"views": TOO_LARGE}
    (tmp_path / "posts.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    data = tmp_path / "data"
    told = dunwatch(data, "ingest", tmp_path / "posts.jsonl", "--json", config=config).json()
    assert (told["indexed"], told["rejected"]) == (19, 1)
    assert dunwatch(data, "search", "暴力催收", "--json", config=config).json()["total"] == 19
    (kept,) = dunwatch(data, "rejected", "--json", config=config).lines()
    assert (kept["stage"], kept["url"]) == ("store", "https://example.com/7")
    monkeypatch.setenv("DUNWATCH_STORE", "http://127.0.0.1:9")
    status = dunwatch(data, "status", "--json", config=config).json()
    assert (status["documents"], status["rejected"]) == (None, 1)
