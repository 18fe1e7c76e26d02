"""The shapes that Kibana gives its saved objects, as its own schemas have them: dashboard version 2, search version 5.

Other keys than these are refused.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Json

from tests.indexer.kibana.lens_shapes import Kuery, Lens, Reference, Shape


class LensConfig(Shape):
    attributes: Lens
    enhancements: dict[str, None]
    hidePanelTitles: bool


class SearchConfig(Shape):
    enhancements: dict[str, None]


class Grid(Shape):
    x: int
    y: int
    w: int
    h: int
    i: str


class LensPanel(Shape):
    type: Literal["lens"]
    title: str
    panelIndex: str
    gridData: Grid
    embeddableConfig: LensConfig


class SearchPanel(Shape):
    type: Literal["search"]
    title: str
    panelIndex: str
    panelRefName: str
    gridData: Grid
    embeddableConfig: SearchConfig


class Sort(Shape):
    by: Literal["_count", "_key"]
    direction: Literal["asc", "desc"]


class OptionsList(Shape):
    id: str
    fieldName: str
    title: str
    selectedOptions: list[str]
    searchTechnique: Literal["prefix", "wildcard", "exact"]
    sort: Sort


class Control(Shape):
    type: Literal["optionsListControl"]
    order: int
    grow: bool
    width: Literal["small", "medium", "large"]
    explicitInput: OptionsList


class ControlGroup(Shape):
    chainingSystem: Literal["HIERARCHICAL", "NONE"]
    controlStyle: Literal["oneLine", "twoLine"]
    ignoreParentSettingsJSON: Json[dict[str, bool]]
    panelsJSON: Json[dict[str, Control]]
    showApplySelections: bool


class SearchSource(Shape):
    query: Kuery
    filter: list[None]
    highlightAll: bool | None = None
    indexRefName: str | None = None


class Meta(Shape):
    searchSourceJSON: Json[SearchSource]


class RefreshInterval(Shape):
    pause: bool
    value: int


class Options(Shape):
    useMargins: bool
    syncColors: bool
    syncCursor: bool
    syncTooltips: bool
    hidePanelTitles: bool


class Dashboard(Shape):
    title: str
    description: str
    timeRestore: bool
    timeFrom: str
    timeTo: str
    refreshInterval: RefreshInterval
    controlGroupInput: ControlGroup
    optionsJSON: Json[Options]
    panelsJSON: Json[list[Annotated[LensPanel | SearchPanel, Discriminator("type")]]]
    kibanaSavedObjectMeta: Meta


class Search(Shape):
    title: str
    description: str
    columns: list[str]
    sort: list[list[str]]
    grid: dict[str, Any]
    hideChart: bool
    isTextBasedQuery: bool
    timeRestore: bool
    kibanaSavedObjectMeta: Meta


class Url(Shape):
    type: Literal["a"]
    urlTemplate: str
    labelTemplate: str | None = None


class UrlFormat(Shape):
    id: Literal["url"]
    params: Url


class Entry(Shape):
    key: str
    value: str


class Lookup(Shape):
    lookupEntries: list[Entry]


class LookupFormat(Shape):
    id: Literal["static_lookup"]
    params: Lookup


class DataView(Shape):
    title: str
    name: str
    timeFieldName: str
    fields: Json[list[None]]
    fieldAttrs: Json[dict[str, dict[Literal["customLabel"], str]]]
    fieldFormatMap: Json[dict[str, Annotated[UrlFormat | LookupFormat, Discriminator("id")]]]
    sourceFilters: Json[list[None]]
    runtimeFieldMap: Json[dict[str, None]]
    allowNoIndex: bool


ATTRIBUTES: dict[str, type[Shape]] = {"index-pattern": DataView, "search": Search, "dashboard": Dashboard}


class SavedObject(Shape):
    id: str
    type: Literal["index-pattern", "search", "dashboard"]
    attributes: dict[str, Any]
    references: list[Reference]
    coreMigrationVersion: Literal["8.8.0"]
    typeMigrationVersion: Literal["8.0.0", "10.5.0", "10.2.0"]
    managed: Literal[False]
