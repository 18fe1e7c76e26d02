"""Saved objects: what Kibana imports, one JSON object a line.

Each type has the oldest version that has all that is used here: Kibana brings older objects up to its own version and
refuses newer ones. So every Kibana 9 takes them. Ids are fixed: importing again replaces.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.kibana.charts import Chart
from indexer.kibana.lens import attributes, kuery, reference
from indexer.kibana.views import VIEWS, View

CORE = "8.8.0"
VERSIONS = {"index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.2.0"}
COLUMNS = 48
"""Of the grid that panels lie in."""
_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


@dataclass(frozen=True)
class SavedSearch:
    """A list of documents: those that `where` (Kibana's query language) matches, by the view's time, newest first."""

    name: str
    title: str
    columns: tuple[str, ...]
    where: str = ""

    def id(self, prefix: str) -> str:
        return f"{prefix}-search-{self.name}"


Shown = Chart | SavedSearch
Row = tuple[int, tuple[Shown, ...]]


def row(height: int, *panels: Shown) -> Row:
    """Panels of one height side by side, all of the same width."""
    return height, panels


@dataclass(frozen=True)
class Dashboard:
    """Rows of panels below the controls, each of which narrows all of them by a field of the view.

    since: where the time filter begins when the dashboard is opened, as Kibana writes it.
    """

    name: str
    title: str
    description: str
    view: View
    since: str
    controls: tuple[str, ...]
    rows: tuple[Row, ...]

    def searches(self) -> Iterator[SavedSearch]:
        for _, panels in self.rows:
            yield from (panel for panel in panels if isinstance(panel, SavedSearch))


def ndjson(dashboards: Sequence[Dashboard], prefix: str, web: str) -> bytes:
    """All that the dashboards need, ready to import. `web` is the base address of dunwatch's web page."""
    objects = [
        *(_data_view(view, prefix, web.rstrip("/")) for view in VIEWS),
        *(_search(search, it.view, prefix) for it in dashboards for search in it.searches()),
        *(_dashboard(it, prefix) for it in dashboards),
    ]
    return "".join(_json(it) + "\n" for it in objects).encode()


def _object(type: str, id: str, attributes: dict[str, Any], references: Sequence[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": id,
        "type": type,
        "attributes": attributes,
        "references": list(references),
        "coreMigrationVersion": CORE,
        "typeMigrationVersion": VERSIONS[type],
        "managed": False,
    }


def _data_view(view: View, prefix: str, web: str) -> dict[str, Any]:
    formats: dict[str, Any] = {
        name: {"id": "static_lookup", "params": {"lookupEntries": [{"key": k, "value": v} for k, v in words.items()]}}
        for name, words in view.words.items()
    }
    for name, (address, label) in view.links.items():
        shown = {"labelTemplate": label} if label else {}
        formats[name] = {"id": "url", "params": {"type": "a", "urlTemplate": address.replace("{web}", web), **shown}}
    attributes = {
        "title": view.id(prefix),
        "name": view.title,
        "timeFieldName": view.time,
        "fields": "[]",
        "fieldAttrs": _json({name: {"customLabel": label} for name, label in view.labels.items()}),
        "fieldFormatMap": _json(formats),
        "sourceFilters": "[]",
        "runtimeFieldMap": "{}",
        "allowNoIndex": True,
    }
    return _object("index-pattern", view.id(prefix), attributes, ())


def _search(search: SavedSearch, view: View, prefix: str) -> dict[str, Any]:
    source = {"query": kuery(search.where), "filter": [], "highlightAll": True, "indexRefName": _INDEX}
    attributes = {
        "title": search.title,
        "description": "",
        "columns": list(search.columns),
        "sort": [[view.time, "desc"]],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _json(source)},
    }
    index = {"type": "index-pattern", "id": view.id(prefix), "name": _INDEX}
    return _object("search", search.id(prefix), attributes, [index])


def _dashboard(it: Dashboard, prefix: str) -> dict[str, Any]:
    panels, references = list[dict[str, Any]](), list[dict[str, str]]()
    top = 0
    for height, row in it.rows:
        width = COLUMNS // len(row)
        for number, shown in enumerate(row):
            index = f"p{len(panels)}"
            grid = {"x": width * number, "y": top, "w": width, "h": height, "i": index}
            panel, needs = _panel(shown, it.view, index, prefix)
            panels.append({**panel, "title": shown.title, "panelIndex": index, "gridData": grid})
            references.append({**needs, "name": f"{index}:{needs['name']}"})
        top += height
    controls = {f"c{number}": _control(it.view, name, number) for number, name in enumerate(it.controls)}
    references += [
        {"type": "index-pattern", "id": it.view.id(prefix), "name": f"controlGroup_{id}:optionsListDataView"}
        for id in controls
    ]
    ignored = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    options = {"useMargins": True, "syncColors": True, "syncCursor": True, "syncTooltips": False}
    attributes = {
        "title": it.title,
        "description": it.description,
        "timeRestore": True,
        "timeFrom": it.since,
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60_000},
        "controlGroupInput": {
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": _json(ignored),
            "panelsJSON": _json(controls),
            "showApplySelections": False,
        },
        "optionsJSON": _json({**options, "hidePanelTitles": False}),
        "panelsJSON": _json(panels),
        "kibanaSavedObjectMeta": {"searchSourceJSON": _json({"query": kuery(""), "filter": []})},
    }
    return _object("dashboard", f"{prefix}-dashboard-{it.name}", attributes, references)


def _panel(shown: Shown, view: View, index: str, prefix: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The panel, and what it refers to, by the name that it has within the panel."""
    if isinstance(shown, SavedSearch):
        name = f"panel_{index}"
        panel = {"type": "search", "panelRefName": name, "embeddableConfig": {"enhancements": {}}}
        return panel, {"type": "search", "id": shown.id(prefix), "name": name}
    look = {"attributes": attributes(shown, view, prefix), "enhancements": {}, "hidePanelTitles": shown.says_its_title}
    return {"type": "lens", "embeddableConfig": look}, reference(view, prefix)


def _control(view: View, name: str, order: int) -> dict[str, Any]:
    explicit = {
        "id": f"c{order}",
        "fieldName": name,
        "title": view.labels[name],
        "selectedOptions": [],
        "searchTechnique": "wildcard",
        "sort": {"by": "_count", "direction": "desc"},
    }
    return {"type": "optionsListControl", "order": order, "grow": True, "width": "medium", "explicitInput": explicit}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
