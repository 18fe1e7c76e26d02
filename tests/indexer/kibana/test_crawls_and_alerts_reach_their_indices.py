"""Crawls and alerts are copied into indices of their own, each once, and whatever fails there disturbs nothing."""

import json
import logging
import secrets
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from indexer.health import health
from indexer.kibana import records
from indexer.kibana.records import keep_alerts, keep_runs
from indexer.settings import ElasticsearchSettings
from indexer.state import State
from tests.cli import ROOT, dunwatch
from tests.indexer.kibana.conftest import NOW, alerts, crawls
from tests.site.server import Site


@pytest.fixture
def cluster(es_url: str) -> ElasticsearchSettings:
    return ElasticsearchSettings(hosts=(es_url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path) as opened:
        crawls(opened)
        yield opened


def found(cluster: ElasticsearchSettings, kind: str) -> dict[str, dict[str, object]]:
    with Elasticsearch(**cluster.client()) as client:
        client.indices.refresh(index=f"{cluster.prefix}-{kind}")
        hits = client.search(index=f"{cluster.prefix}-{kind}", size=1000)["hits"]["hits"]
        return {hit["_id"]: hit["_source"] for hit in hits}


def test_each_crawl_is_there_once_however_often_it_is_copied(cluster: ElasticsearchSettings, state: State) -> None:
    assert keep_runs(cluster, state) == 30
    before = found(cluster, "runs")
    assert len(before) == 30
    assert keep_runs(cluster, state) == 0
    assert found(cluster, "runs") == before


def test_the_end_of_a_crawl_follows_however_many_began_since(
    cluster: ElasticsearchSettings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 5)
    assert keep_runs(cluster, state) == 30
    found(cluster, "runs")
    oldest = state.db.execute("select seq, started_at from run where outcome is null order by started_at").fetchone()
    with state.transaction() as db:
        end = "2026-11-21T00:00:00.000000+00:00"
        db.execute("update run set finished_at = ?, outcome = 'stopped' where seq = ?", (end, oldest["seq"]))
    assert keep_runs(cluster, state) == 1
    (it,) = (run for run in found(cluster, "runs").values() if run["finished_at"] == "2026-11-21T00:00:00.000+00:00")
    assert it["outcome"] == "stopped"


def test_an_alert_is_replaced_by_its_later_state(cluster: ElasticsearchSettings) -> None:
    first, *others = alerts()
    assert keep_alerts(cluster, [first, *others]) == len(others) + 1
    assert keep_alerts(cluster, [replace(first, state="closed", closed_at=NOW)]) == 1
    there = found(cluster, "alerts")
    assert len(there) == len(others) + 1
    assert (there[first.id]["state"], there[first.id]["lender"]) == ("closed", first.lender)


def test_the_mappings_are_strict(cluster: ElasticsearchSettings, state: State) -> None:
    keep_runs(cluster, state)
    with Elasticsearch(**cluster.client()) as client:
        for kind in ("runs", "alerts"):
            with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
                client.index(index=f"{cluster.prefix}-{kind}-v1", document={"unheard": "of"})


def test_a_cluster_that_is_away_is_a_line_in_the_log(state: State, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = ElasticsearchSettings(hosts=(f"http://127.0.0.1:{port}",))
    with caplog.at_level(logging.WARNING):
        assert (keep_runs(away, state), keep_alerts(away, alerts())) == (0, 0)
    assert [it.name for it in caplog.records if it.name.startswith("dunwatch")] == ["dunwatch.kibana"] * 2


def test_what_the_index_refuses_costs_itself_only(
    cluster: ElasticsearchSettings, caplog: pytest.LogCaptureFixture
) -> None:
    bad, *good = alerts()
    assert keep_alerts(cluster, [replace(bad, ratio=float("inf")), *good]) == len(good)
    assert set(found(cluster, "alerts")) == {it.id for it in good}
    assert bad.id in caplog.text


def test_the_embedded_store_needs_none_of_it(state: State) -> None:
    assert (keep_runs("embedded", state), keep_alerts("embedded", alerts())) == (0, 0)


def test_the_main_job_copies_its_crawls(
    cluster: ElasticsearchSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    for name in ("lenders.yaml", "practices.yaml"):
        (config / name).symlink_to(ROOT / "config" / name)
    words = f"elasticsearch: {{ prefix: {cluster.prefix}, replicas: 0 }}\n"
    (config / "dunwatch.yaml").write_text(words, encoding="utf-8")
    monkeypatch.setenv("DUNWATCH_STORE", cluster.hosts[0])
    data = tmp_path / "data"
    with Site() as site:
        board = {"name": "board", "kind": "feed", "start": [f"{site.url}/board/rss.xml"], "loopback": True}
        board["limits"] = {"delay": 0}
        (config / "sources.yaml").write_text(json.dumps({"sources": [board]}), encoding="utf-8")
        assert dunwatch(data, "run", "--once", config=config).code == 0
    with State(data) as state:
        (run,) = health(state).runs
    (there,) = found(cluster, "runs").values()
    assert (there["source"], there["outcome"]) == (run.source, run.outcome) == ("board", "finished")
    assert there["posts"] == run.counts["posts"] > 0
