"""`dunwatch doctor` on Elasticsearch: what is wrong, in words, for each way in which it can be."""

import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_fields as fields
from indexer.store.elastic import ElasticStore
from indexer.store.elastic_doctor import CLUSTER_PRIVILEGES, INDEX_PRIVILEGES, findings
from tests.cli import dunwatch
from tests.documents import document
from tests.elasticsearch.front import Answer, front
from tests.elasticsearch.server import own_nodes

ALL = ["cluster", "cluster: shards", "cluster: disk", "cluster: clock", "cluster: privileges",
       "index: alias", "index: template", "index: mapping", "index: replicas", "index: writable"]  # fmt: skip


def wrong(settings: ElasticsearchSettings) -> dict[str, str]:
    """What is bad, and how it is said."""
    return {it.what: it.seen for it in findings(settings) if it.bad}


@pytest.fixture
def store(es_url: str) -> Iterator[ElasticStore]:
    """One with a document, in which nothing is wrong."""
    settings = ElasticsearchSettings(hosts=(es_url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)
    opened = ElasticStore(settings, writable=True)
    opened.put([document(1)])
    yield opened
    for name in opened.cluster.indices():
        opened.client.indices.delete(index=name)
    opened.close()


def index(store: ElasticStore) -> str:
    return next(iter(store.cluster.indices()))


def test_nothing_is_wrong_where_nothing_is(store: ElasticStore) -> None:
    assert [(it.what, it.bad) for it in findings(store.cluster.settings)] == [(name, False) for name in ALL]
    fresh = store.cluster.settings.model_copy(update={"prefix": "test-nothing-yet"})
    assert wrong(fresh) == {}


def test_the_command_says_it(store: ElasticStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_STORE", "http://127.0.0.1:9")
    told = dunwatch(tmp_path, "doctor")
    assert told.code == 1
    assert "✗ cluster: Elasticsearch at http://127.0.0.1:9 can't be reached" in told.out
    assert "index: alias" not in told.out


def test_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (only,) = findings(ElasticsearchSettings(hosts=(f"http://127.0.0.1:{port}",), timeout=1))
    assert (only.what, only.bad) == ("cluster", True)
    assert "can't be reached" in only.seen


def test_wrong_key_and_untrusted_certificate(es_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("DUNWATCH_ES_API_KEY", "d3Jvbmc=")
    with front(es_url, authority=authority, authorization="ApiKey cmlnaHQ=") as url:
        (only,) = findings(ElasticsearchSettings(hosts=(url,), ca_file=tmp_path / "ca.pem"))
        assert "refuses us: check the API key or user" in only.seen
        (only,) = findings(ElasticsearchSettings(hosts=(url,)))
        assert "isn't trusted (name its authority in `elasticsearch: ca_file`)" in only.seen


def answering(store: ElasticStore, path: str, body: dict[str, Any]) -> dict[str, str]:
    """What is wrong where the cluster gives that answer."""

    def answer(method: str, asked: str) -> Answer | None:
        return (200, body) if asked.startswith(path) else None

    with front(store.cluster.settings.hosts[0], answer=answer) as url:
        return wrong(store.cluster.settings.model_copy(update={"hosts": (url,)}))


def test_too_old(store: ElasticStore) -> None:
    nodes = {"a": {"version": "9.1.0"}, "b": {"version": "8.19.4"}}
    assert "8.19.4 is too old" in answering(store, "/_nodes?", {"nodes": nodes})["cluster"]


def test_clocks_that_differ(store: ElasticStore) -> None:
    nodes = {name: {"name": name, "timestamp": (time.time() + skew) * 1000} for name, skew in (("a", 0), ("b", -90))}
    told = answering(store, "/_nodes/stats", {"nodes": nodes})["cluster: clock"]
    assert told.startswith(("b is 90 seconds off", "b is 91 seconds off"))


def test_a_key_that_may_not_write(store: ElasticStore) -> None:
    may = {name: name in ("read", "view_index_metadata") for name in INDEX_PRIVILEGES}
    body = {"username": "reader", "has_all_requested": False, "application": {},
            "cluster": dict.fromkeys(CLUSTER_PRIVILEGES, True), "index": {f"{store.alias}*": may}}  # fmt: skip
    told = answering(store, "/_security/user/_has_privileges", body)
    assert told == {"cluster: privileges": "reader may not: index, delete, create_index, maintenance"}


def test_copies_that_have_no_place(store: ElasticStore) -> None:
    settings = store.cluster.settings.model_copy(update={"replicas": 1})
    store.client.indices.put_settings(index=index(store), settings={"index.number_of_replicas": 1})
    told = wrong(settings)
    assert set(told) == {"cluster: shards", "index: replicas"}
    assert told["cluster: shards"].startswith("yellow: copies are missing, 1 shard unassigned")
    assert "a copy of this shard is already allocated to this node" in told["cluster: shards"]
    assert told["index: replicas"] == ("1 configured, but 1 data node: add nodes, or set `elasticsearch: replicas: 0`")


def test_a_shard_that_is_nowhere(store: ElasticStore) -> None:
    name = store.cluster.index(fields.VERSION, "2020.01")
    nowhere = {"index.routing.allocation.require._name": "nobody"}
    store.client.indices.create(index=name, settings=nowhere, wait_for_active_shards=0)
    told = wrong(store.cluster.settings)["cluster: shards"]
    assert told.startswith("red: documents can't be found, 1 shard unassigned")
    assert "nobody" in told


def test_a_full_disk(tmp_path: Path) -> None:
    disk = "cluster.routing.allocation.disk."
    marks = [f"{disk}watermark.{name}={size}gb" for name, size in (("low", 99999), ("high", 99998))]
    settings = [f"{disk}threshold_enabled=true", f"{disk}watermark.flood_stage=99997gb", *marks]
    with own_nodes(tmp_path, settings=settings) as (node,):
        settings, end = ElasticsearchSettings(hosts=(node.url,), replicas=0), time.monotonic() + 90
        while "cluster: disk" not in (told := wrong(settings)) and time.monotonic() < end:
            time.sleep(0.5)
    assert "out of disk or running low on disk space" in told["cluster: disk"]


@pytest.mark.parametrize(("block", "words"), [("read_only_allow_delete", "free some space"), ("write", "run it again")])
def test_indices_that_take_nothing(store: ElasticStore, block: str, words: str) -> None:
    store.client.indices.put_settings(index=index(store), settings={f"index.blocks.{block}": True})
    assert words in wrong(store.cluster.settings)["index: writable"]


def test_a_template_that_is_missing_or_another(store: ElasticStore) -> None:
    store.client.indices.delete_index_template(name=f"{store.alias}-v{fields.VERSION}")
    assert "is missing" in wrong(store.cluster.settings)["index: template"]
    body = fields.template(store.cluster.settings, fields.VERSION, alias=store.alias)
    body["template"]["mappings"]["properties"]["body"] = {"type": "keyword"}
    store.client.indices.put_index_template(name=f"{store.alias}-v{fields.VERSION}", **body)
    assert "differs from ours in body:" in wrong(store.cluster.settings)["index: template"]


def test_a_mapping_that_another_has_changed(store: ElasticStore) -> None:
    store.client.indices.put_mapping(index=index(store), properties={"mood": {"type": "keyword"}})
    assert "differs from ours in mood:" in wrong(store.cluster.settings)["index: mapping"]


def test_an_alias_to_two_versions_to_another_or_past_an_index(store: ElasticStore) -> None:
    settings, name = store.cluster.settings, index(store)
    other = store.cluster.index(0, "2026.12")
    store.client.indices.create(index=other, aliases={store.alias: {}})
    assert f"leads to mapping versions 0 and {fields.VERSION} at once" in wrong(settings)["index: alias"]
    store.client.indices.delete_alias(index=name, name=store.alias)
    told = f"leads to mapping version 0, we write {fields.VERSION}: run `dunwatch migrate`"
    assert told in wrong(settings)["index: alias"]
    store.client.indices.delete(index=other)
    assert f"leads nowhere, but there is {name}" in wrong(settings)["index: alias"]
    store.client.indices.create(index=store.cluster.index(fields.VERSION, "2027.01"))
    assert f"doesn't lead to {name}" in wrong(settings)["index: alias"]
