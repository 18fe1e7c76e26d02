"""`/metrics` and `/healthz`: a crawl and the indexing were other processes' work, and it is all there."""

import json
import re
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from indexer.datadir import DataDir
from indexer.indexing import Indexer
from indexer.settings import Settings
from indexer.state import State
from indexer.store import open_store
from indexer.web.security import HEADERS
from tests.cli import ROOT
from tests.crawler import crawling
from tests.crawler.crawling import farm
from tests.indexer.web.conftest import served
from tests.site.server import Site

BOARD = ROOT / "deploy" / "grafana.json"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web page over a farm that was crawled and indexed, with a crawl that was killed."""
    folder = tmp_path_factory.mktemp("monitored")
    with Site() as site:
        crawling.run(folder, farm(site.url))
    data = DataDir(folder / "data")
    with data.state() as state, Indexer(data, ROOT / "config", Settings(), state) as indexer:
        indexer.drain()
    with State(data.path) as state, state.transaction() as db:
        db.execute("insert into run (source, started_at, counts) values ('farm', '2026-11-02', '{\"pages\": 100}')")
    with closing(open_store("embedded", data.index, writable=False)) as store, served(store, data=data.path) as address:
        yield address


def samples(url: str) -> Samples:
    found = {}
    for family in text_string_to_metric_families(httpx.get(f"{url}metrics").text):
        assert family.documentation
        for it in family.samples:
            found[it.name, frozenset(it.labels.items())] = it.value
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_what_was_crawled_and_indexed_is_counted(url: str) -> None:
    found = samples(url)
    assert value(found, "dunwatch_fetches_total", source="farm", outcome="changed") == 17 + 100
    assert value(found, "dunwatch_posts_total", source="farm") == value(found, "dunwatch_documents") == 14
    assert value(found, "dunwatch_errors_total", source="farm", kind="http 500") == 1
    assert value(found, "dunwatch_robots_total", source="farm") == 1
    assert value(found, "dunwatch_received_bytes_total", source="farm") > 10_000
    assert value(found, "dunwatch_crawls_total", source="farm", outcome="finished") == 1
    assert value(found, "dunwatch_crawls_total", source="farm", outcome="running") == 1
    assert value(found, "dunwatch_spool_depth") == 0
    assert value(found, "dunwatch_store_up") == 1
    for step in ("repair", "furniture", "masking", "lenders", "practices", "voice", "sentiment", "placing", "storing"):
        assert value(found, "dunwatch_analysis_seconds_count", step=step) == 14
        assert value(found, "dunwatch_analysis_seconds_bucket", step=step, le="+Inf") == 14
    dated = value(found, "dunwatch_publish_to_index_seconds_count", source="farm")
    assert 0 < dated <= 14
    assert value(found, "dunwatch_publish_to_index_seconds_sum", source="farm") > 3600 * dated
    assert samples(url) == found, "and no scrape counts twice"


def test_every_query_of_the_dashboard_names_metrics_that_exist(url: str) -> None:
    names = {name for name, _ in samples(url)}
    board = json.loads(BOARD.read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    queries += [it["query"]["query"] for it in board["templating"]["list"] if it["type"] == "query"]
    assert len(queries) > 20
    for query in queries:
        named = re.findall(r"dunwatch_\w+", query)
        assert named, query
        assert set(named) <= names, query


def test_the_dashboard_shows_every_metric(url: str) -> None:
    shown = set(re.findall(r"dunwatch_\w+", BOARD.read_text(encoding="utf-8")))
    for name, _ in samples(url):
        assert re.sub("_(sum|count|bucket)$", "", name) in {re.sub("_(sum|count|bucket)$", "", it) for it in shown}, (
            name
        )


def test_health_says_that_store_and_state_answer(url: str) -> None:
    assert httpx.get(f"{url}healthz").json() == {"status": "ok", "documents": 14, "waiting": 0}


@pytest.mark.parametrize("path", ["metrics", "healthz", "sources"])
def test_monitors_are_answered_as_safely_as_people(url: str, path: str) -> None:
    answer = httpx.get(url + path)
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert httpx.get(url + path, headers={"Host": "evil.example"}).status_code == 400
