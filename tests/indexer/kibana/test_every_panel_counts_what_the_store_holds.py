"""Every panel's aggregations, asked of a real Elasticsearch, give the numbers that the embedded store gives."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from indexer.document import Document
from indexer.state import State
from indexer.store.base import Search
from tests.documents import FIRST
from tests.indexer.kibana import counted, kuery
from tests.indexer.kibana.conftest import Filled
from tests.indexer.kibana.counted import Row
from tests.indexer.kibana.exported import Panel, of_type, panels
from tests.indexer.kibana.kuery import Record

POSTS, RUNS, ALERTS = (
    [it for it in panels("lens") if it.view == f"dunwatch-{name}"] for name in ("posts", "runs", "alerts")
)
SINCE, UNTIL = FIRST + timedelta(days=2), FIRST + timedelta(days=9)
#: What may be narrowed by the time filter and the controls: the embedded store's search, and Kibana's filters.
NARROWED: dict[str, tuple[Search, list[dict[str, Any]]]] = {
    "everything": (Search(), []),
    "a week": (
        Search(since=SINCE, until=UNTIL),
        [{"range": {"at": {"gte": SINCE.isoformat(), "lt": UNTIL.isoformat()}}}],
    ),
    "a lender": (Search().with_filter("lender", "借呗"), [{"match_phrase": {"lenders": "借呗"}}]),
    "two practices": (
        Search().with_filter("practice", "爆通讯录", "暴力催收"),
        [{"terms": {"practices.id": ["爆通讯录", "暴力催收"]}}],
    ),
    "a source": (Search().with_filter("source", "a-site"), [{"match_phrase": {"source": "a-site"}}]),
}
FACET_OF = {
    "lenders": "lender",
    "sentiment_label": "sentiment_label",
    "voice": "voice",
    "source": "source",
    "kind": "kind",
    "site": "site",
    "stance": "stance",
}


@pytest.mark.parametrize("panel", POSTS, ids=str)
def test_panels_of_posts(panel: Panel, filled: Filled) -> None:
    for name, (search, filters) in NARROWED.items():
        asked = counted.ask(filled.elastic.client, filled.elastic.alias, panel, filters)
        records = [_post(it) for it in filled.embedded.scan(search)]
        _same(asked, counted.count(records, panel), f"{panel}, {name}")
        assert asked or name != "everything", "the panel shows nothing, so this says nothing"


@pytest.mark.parametrize("panel", RUNS, ids=str)
def test_panels_of_crawls(panel: Panel, filled: Filled) -> None:
    asked = counted.ask(filled.elastic.client, f"{filled.cluster.prefix}-runs", panel)
    assert asked
    _same(asked, counted.count(_runs(filled.state), panel), str(panel))


@pytest.mark.parametrize("panel", ALERTS, ids=str)
def test_panels_of_alerts(panel: Panel, filled: Filled) -> None:
    asked = counted.ask(filled.elastic.client, f"{filled.cluster.prefix}-alerts", panel)
    assert asked
    _same(asked, counted.count([asdict(it) for it in filled.alerts], panel), str(panel))


@pytest.mark.parametrize("name", FACET_OF)
def test_rankings_are_the_embedded_stores_facets(name: str, filled: Filled) -> None:
    """So that the counting by hand above is held to the store's own, too."""
    alike = [it for it in POSTS if [column["sourceField"] for column in it.buckets.values()] == [name]]
    plain = [it for it in alike if not it.lens["state"]["query"]["query"]]
    for panel in plain or [_plain(name)]:
        found = filled.embedded.search(Search(), facets=(FACET_OF[name],)).facets[FACET_OF[name]]
        asked = counted.ask(filled.elastic.client, filled.elastic.alias, panel)
        (size,) = (column["params"]["size"] for column in panel.buckets.values())
        assert [(keys[0], metrics["m0"]) for keys, metrics in asked] == list(found[:size])


@pytest.mark.parametrize("search", of_type("search"), ids=lambda it: it["attributes"]["title"])
def test_saved_searches_list_what_they_say(search: dict[str, Any], filled: Filled) -> None:
    source = json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    kind = search["references"][0]["id"].removeprefix("dunwatch-")
    (sort,) = search["attributes"]["sort"]
    found = filled.elastic.client.search(
        index=f"{filled.cluster.prefix}-{kind}",
        query=kuery.elasticsearch(source["query"]["query"]),
        sort=[{sort[0]: sort[1]}],
        size=1_000,
        fields=search["attributes"]["columns"],
    )["hits"]["hits"]
    records: dict[str, Callable[[], list[Record]]] = {
        "posts": lambda: [_post(it) for it in filled.embedded.scan(Search())],
        "runs": lambda: _runs(filled.state),
        "alerts": lambda: [asdict(it) for it in filled.alerts],
    }
    wanted = [it for it in records[kind]() if kuery.predicate(source["query"]["query"])(it)]
    assert len(found) == len(wanted) > 0
    shown = set().union(*(hit["fields"] for hit in found))
    assert shown == set(search["attributes"]["columns"])


def _same(asked: list[Row], wanted: list[Row], what: str) -> None:
    assert [keys for keys, _ in asked] == [keys for keys, _ in wanted], what
    for (keys, metrics), (_, expected) in zip(asked, wanted, strict=True):
        assert metrics == {
            id: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value for id, value in expected.items()
        }, f"{what}, {keys}"


def _plain(name: str) -> Panel:
    """A ranking by that field, where no dashboard has one."""
    (like,) = (it for it in POSTS if it.title == "内容最多的来源")
    return Panel("", json.loads(json.dumps(like.json).replace('"source"', f'"{name}"')))


def _post(it: Document) -> Record:
    """A Document by the names of the index's fields, worked out anew."""
    asserted = [practice for practice in it.practices if practice.stance == "asserted"]
    grades = {practice.severity for practice in asserted}
    only = it.lenders[0] if len(it.lenders) == 1 else None
    return {
        **it.model_dump(exclude={"practices"}),
        "at": it.published_at or it.first_seen_at,
        "practices.id": [practice.id for practice in it.practices],
        "practices.phrase": [practice.phrase for practice in it.practices],
        "practices.lender": [practice.lender for practice in it.practices if practice.lender],
        "stance": [f"{practice.id}:{practice.stance}" for practice in it.practices],
        "asserted": [practice.id for practice in asserted],
        "severity": next((grade for grade in ("unlawful", "aggressive", "lawful") if grade in grades), None),
        "lender_practice": [f"{p.lender or only}|{p.id}" for p in asserted if p.lender or only],
        "reprint": bool(it.reprint_of),
    }


def _runs(state: State) -> list[Record]:
    """The crawls as the state has them, with moments in whole milliseconds."""
    made = []
    for row in state.db.execute("select * from run"):
        counts = json.loads(row["counts"])
        started, finished = (
            datetime.fromisoformat(row[name]) if row[name] else None for name in ("started_at", "finished_at")
        )
        made.append(
            {
                "source": row["source"],
                "started_at": started,
                "finished_at": finished,
                "outcome": row["outcome"],
                "seconds": (finished - started).total_seconds() if started and finished else None,
                "error_kinds": [name.removeprefix("errors.") for name in counts if name.startswith("errors.")],
                **{
                    name: counts.get(name, 0)
                    for name in ("pages", "posts", "errors", "robots", "rejected", "unchanged")
                },
            }
        )
    return made
