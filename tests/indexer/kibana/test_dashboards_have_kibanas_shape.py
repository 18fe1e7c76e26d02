"""The saved objects have the shape of those that Kibana 8.9 to 9 exports, and hold together."""

import itertools
import json
import re
from typing import Any

import pytest

from tests.indexer.kibana import lens_shapes, shapes
from tests.indexer.kibana.exported import WEB, Panel, objects, of_type, panels

CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
VERSIONS = {"index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.2.0"}
"""Of the types in Kibana 9.0: none may be newer than the oldest Kibana that shall take it."""


@pytest.mark.parametrize("it", objects(), ids=lambda it: it["id"])
def test_every_object_has_the_shape_of_its_type(it: dict[str, Any]) -> None:
    shapes.SavedObject.model_validate(it)
    shapes.ATTRIBUTES[it["type"]].model_validate(it["attributes"])
    assert it["typeMigrationVersion"] == VERSIONS[it["type"]]


@pytest.mark.parametrize("panel", panels("lens"), ids=str)
def test_every_chart_shows_its_columns(panel: Panel) -> None:
    look = panel.lens["state"]["visualization"]
    lens_shapes.LOOKS[panel.lens["visualizationType"]].model_validate(look)
    shown = set(re.findall(r'"([bm]\d)"', json.dumps(look)))
    assert shown == set(panel.columns)
    assert all(column["label"] for column in panel.columns.values())
    (layer,) = panel.lens["state"]["datasourceStates"]["formBased"]["layers"]
    assert set(re.findall(r'"layerId": "(\w+)"', json.dumps(look))) == {layer}
    for column in panel.buckets.values():
        order = column["params"].get("orderBy", {}).get("columnId")
        assert order is None or order in panel.metrics


def test_there_are_the_six_dashboards_and_no_id_twice() -> None:
    titles = [it["attributes"]["title"] for it in of_type("dashboard")]
    assert titles == ["本周概览", "机构对比", "催收行为", "舆情趋势", "预警", "来源健康"]
    ids = [(it["type"], it["id"]) for it in objects()]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_to_an_object_and_is_needed() -> None:
    there = {(it["type"], it["id"]) for it in objects()}
    for it in objects():
        names = [reference["name"] for reference in it["references"]]
        assert len(names) == len(set(names))
        assert {(reference["type"], reference["id"]) for reference in it["references"]} <= there
        assert set(names) == set(_needed(it)), it["id"]


def _needed(it: dict[str, Any]) -> list[str]:
    """The names of references that the attributes speak of."""
    if it["type"] == "index-pattern":
        return []
    if it["type"] == "search":
        return [json.loads(it["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["indexRefName"]]
    names = []
    for panel in json.loads(it["attributes"]["panelsJSON"]):
        inner = panel["embeddableConfig"].get("attributes", {}).get("references", [])
        within = [reference["name"] for reference in inner] or [panel["panelRefName"]]
        names += [f"{panel['panelIndex']}:{name}" for name in within]
    controls = json.loads(it["attributes"]["controlGroupInput"]["panelsJSON"])
    return names + [f"controlGroup_{id}:optionsListDataView" for id in controls]


@pytest.mark.parametrize("it", of_type("dashboard"), ids=lambda it: it["attributes"]["title"])
def test_panels_lie_side_by_side_in_the_grid_and_have_chinese_titles(it: dict[str, Any]) -> None:
    shown = json.loads(it["attributes"]["panelsJSON"])
    cells = set[tuple[int, int]]()
    for panel in shown:
        assert CHINESE.search(panel["title"])
        grid = panel["gridData"]
        assert grid["i"] == panel["panelIndex"]
        assert grid["w"] >= 8
        assert grid["h"] >= 6
        assert grid["x"] + grid["w"] <= 48
        own = set(itertools.product(range(grid["x"], grid["x"] + grid["w"]), range(grid["y"], grid["y"] + grid["h"])))
        assert not own & cells, panel["title"]
        cells |= own
    assert len(cells) == 48 * max(y + 1 for _, y in cells), "the grid has holes"
    assert len({panel["title"] for panel in shown}) == len(shown)


def test_documents_link_back_to_the_web_page() -> None:
    (view,) = (it for it in of_type("index-pattern") if it["id"] == "dunwatch-posts")
    formats = json.loads(view["attributes"]["fieldFormatMap"])
    assert formats["id"]["params"]["urlTemplate"] == WEB.rstrip("/") + "/documents/{{value}}"
    searches = [it for it in of_type("search") if it["references"][0]["id"] == "dunwatch-posts"]
    assert searches
    assert all("id" in it["attributes"]["columns"] for it in searches)


def test_another_prefix_gives_objects_of_its_own() -> None:
    ours, others = objects(), objects("team-b")
    assert not {it["id"] for it in ours} & {it["id"] for it in others}
    assert "dunwatch-posts" not in json.dumps(others)
