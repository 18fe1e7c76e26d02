"""The keys that Lens panels have in dashboards exported by Kibana 8.9 to 9.2; others than these are refused.

Kibana has no schema for them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Tag


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
