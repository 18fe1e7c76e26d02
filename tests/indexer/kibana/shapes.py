"""The shapes that Kibana gives its saved objects: its own schemas (dashboard version 2, search version 5), and for
Lens, which has none, the keys that exported dashboards of 8.9 to 9.2 have. Other keys than these are refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Json, Tag


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Kuery(Shape):
    query: str
    language: Literal["kuery"]


class Reference(Shape):
    type: Literal["index-pattern", "search"]
    id: str
    name: str


class Format(Shape):
    id: Literal["number"]
    params: dict[Literal["decimals"], int]


class MetricParams(Shape):
    emptyAsNull: bool | None = None
    format: Format | None = None
    sortField: str | None = None
    showArrayValues: bool | None = None


class Metric(Shape):
    label: str
    customLabel: Literal[True]
    dataType: Literal["number", "date", "string"]
    operationType: Literal["count", "unique_count", "sum", "average", "max", "last_value"]
    sourceField: str
    isBucketed: Literal[False]
    scale: Literal["ratio", "ordinal"]
    filter: Kuery | None = None
    params: MetricParams


class OrderBy(Shape):
    type: Literal["column"]
    columnId: str


class TermsParams(Shape):
    size: int
    orderBy: OrderBy
    orderDirection: Literal["desc"]
    otherBucket: bool
    missingBucket: bool
    parentFormat: dict[Literal["id"], Literal["terms"]]
    include: list[str]
    exclude: list[str]
    includeIsRegex: bool
    excludeIsRegex: bool


class Terms(Shape):
    label: str
    customLabel: Literal[True]
    dataType: Literal["string"]
    operationType: Literal["terms"]
    sourceField: str
    isBucketed: Literal[True]
    scale: Literal["ordinal"]
    params: TermsParams


class DateHistogramParams(Shape):
    interval: Literal["1d", "1w"]
    includeEmptyRows: bool
    dropPartials: bool


class DateHistogram(Shape):
    label: str
    customLabel: Literal[True]
    dataType: Literal["date"]
    operationType: Literal["date_histogram"]
    sourceField: str
    isBucketed: Literal[True]
    scale: Literal["interval"]
    params: DateHistogramParams


def _operation(column: dict[str, Any]) -> str:
    name = column["operationType"]
    return str(name) if name in ("terms", "date_histogram") else "metric"


Column = Annotated[
    Annotated[Terms, Tag("terms")] | Annotated[DateHistogram, Tag("date_histogram")] | Annotated[Metric, Tag("metric")],
    Discriminator(_operation),
]


class Layer(Shape):
    columns: dict[str, Column]
    columnOrder: list[str]
    incompleteColumns: dict[str, Any]
    sampling: int


class Layers(Shape):
    layers: dict[str, Layer]


class NoLayers(Shape):
    layers: dict[str, None]


class DatasourceStates(Shape):
    formBased: Layers
    textBased: NoLayers


class MetricLook(Shape):
    layerId: str
    layerType: Literal["data"]
    metricAccessor: str
    showBar: bool


class TableColumn(Shape):
    columnId: str
    isTransposed: bool


class Paging(Shape):
    enabled: bool
    size: int


class TableLook(Shape):
    layerId: str
    layerType: Literal["data"]
    columns: list[TableColumn]
    sorting: dict[Literal["columnId", "direction"], str]
    paging: Paging


class CloudLook(Shape):
    layerId: str
    layerType: Literal["data"]
    tagAccessor: str
    valueAccessor: str
    maxFontSize: int
    minFontSize: int
    orientation: Literal["single"]
    showLabel: bool


class XYLayer(Shape):
    layerId: str
    layerType: Literal["data"]
    seriesType: Literal["bar_stacked", "bar_horizontal", "bar_horizontal_percentage_stacked", "line", "area_stacked"]
    xAccessor: str
    splitAccessor: str | None = None
    accessors: list[str]
    position: Literal["top"]
    showGridlines: bool


class Axes(Shape):
    x: bool
    yLeft: bool
    yRight: bool


class Angles(Shape):
    x: int
    yLeft: int
    yRight: int


class Legend(Shape):
    isVisible: bool
    position: Literal["right"]


class XYLook(Shape):
    preferredSeriesType: str
    layers: list[XYLayer]
    legend: Legend
    valueLabels: Literal["hide"]
    fittingFunction: Literal["None"]
    axisTitlesVisibilitySettings: Axes
    tickLabelsVisibilitySettings: Axes
    gridlinesVisibilitySettings: Axes
    labelsOrientation: Angles


LOOKS: dict[str, type[Shape]] = {
    "lnsMetric": MetricLook,
    "lnsDatatable": TableLook,
    "lnsTagcloud": CloudLook,
    "lnsXY": XYLook,
}


class LensState(Shape):
    datasourceStates: DatasourceStates
    visualization: dict[str, Any]
    query: Kuery
    filters: list[None]
    internalReferences: list[None]
    adHocDataViews: dict[str, None]


class Lens(Shape):
    title: str
    description: str
    type: Literal["lens"]
    visualizationType: Literal["lnsMetric", "lnsDatatable", "lnsTagcloud", "lnsXY"]
    references: list[Reference]
    state: LensState


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
