"""Every field that dashboards name is in the indices of a real Elasticsearch, and can do there what is asked of it."""

import json
from typing import Any

import pytest

from tests.indexer.kibana import kuery
from tests.indexer.kibana.conftest import Filled
from tests.indexer.kibana.exported import of_type, panels

NUMBERS = {"long", "integer", "float", "double"}
ABLE = {
    "terms": {"keyword", "boolean"},
    "date_histogram": {"date"},
    "unique_count": {"keyword", "boolean"},
    "sum": NUMBERS,
    "average": NUMBERS,
    "max": NUMBERS | {"date"},
    "last_value": {"keyword"},
}
LENS_TYPE = {"keyword": "string", "boolean": "boolean", "date": "date", **dict.fromkeys(NUMBERS, "number")}


@pytest.fixture(scope="session")
def fields(filled: Filled) -> dict[str, dict[str, Any]]:
    """Id of the data view → field → what the index says of it."""
    found = {}
    for view in of_type("index-pattern"):
        index = view["id"].replace("dunwatch", filled.cluster.prefix)
        said = filled.elastic.client.field_caps(index=index, fields="*")["fields"]
        found[view["id"]] = {name: next(iter(kinds.values())) for name, kinds in said.items()}
    return found


def test_fields_of_charts(fields: dict[str, dict[str, Any]]) -> None:
    for panel in panels("lens"):
        there = fields[panel.view]
        queries = [panel.lens["state"]["query"]["query"]]
        for column in panel.columns.values():
            queries.append(column.get("filter", {}).get("query", ""))
            if column["operationType"] == "count":
                assert column["sourceField"] == "___records___"
                continue
            field = there[column["sourceField"]]
            assert field["aggregatable"], f"{panel}: {column['sourceField']}"
            assert field["type"] in ABLE[column["operationType"]], f"{panel}: {column['sourceField']}"
            if column["isBucketed"] or column["operationType"] in ("max", "last_value"):
                assert column["dataType"] == LENS_TYPE[field["type"]], f"{panel}: {column['sourceField']}"
        for query in queries:
            assert all(there[name]["searchable"] for name in kuery.fields(query)), f"{panel}: {query}"


def test_fields_of_data_views(fields: dict[str, dict[str, Any]]) -> None:
    for view in of_type("index-pattern"):
        it = view["attributes"]
        named = {*json.loads(it["fieldAttrs"]), *json.loads(it["fieldFormatMap"])}
        assert named <= set(fields[view["id"]])
        assert fields[view["id"]][it["timeFieldName"]]["type"] == "date"


def test_fields_of_saved_searches(fields: dict[str, dict[str, Any]]) -> None:
    for it in of_type("search"):
        there = fields[it["references"][0]["id"]]
        query = json.loads(it["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
        ((sort, _),) = it["attributes"]["sort"]
        assert {*it["attributes"]["columns"], sort, *kuery.fields(query)} <= set(there)


def test_fields_of_controls(fields: dict[str, dict[str, Any]]) -> None:
    posts = 0
    for it in of_type("dashboard"):
        views = {ref["name"]: ref["id"] for ref in it["references"]}
        controls = json.loads(it["attributes"]["controlGroupInput"]["panelsJSON"])
        for id, control in controls.items():
            view = views[f"controlGroup_{id}:optionsListDataView"]
            assert fields[view][control["explicitInput"]["fieldName"]]["type"] == "keyword"
        names = [control["explicitInput"]["fieldName"] for control in controls.values()]
        posts += names == ["lenders", "practices.id", "source"]
    assert posts == 4, "lender, practice and source narrow every dashboard of posts"
