"""Charts: what a panel counts and how it shows it. Their data view is that of the dashboard that they are on.

A chart has buckets and metrics. Its columns are called b0, b1 … and m0, m1 …, its one layer `data`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

LAYER = "data"
RECORDS = "___records___"
"""What Lens calls the field of a count of documents."""
Series = Literal["bar_stacked", "bar_horizontal", "bar_horizontal_percentage_stacked", "line", "area_stacked"]
Operation = Literal["count", "unique_count", "sum", "average", "max", "last_value"]


@dataclass(frozen=True)
class Metric:
    """A figure of the documents of a bucket. `where` narrows them, in Kibana's query language."""

    label: str
    operation: Operation = "count"
    field: str = RECORDS
    where: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Top:
    """The values of a field that have most of the chart's first metric, a bucket each."""

    field: str
    size: int = 10


@dataclass(frozen=True)
class Every:
    """A bucket for each interval of the view's time: 1d, 1w."""

    interval: str = "1d"


Bucket = Top | Every


@dataclass(frozen=True)
class Chart:
    """One Lens panel. `kind` is its visualization, `look` how that shows the columns."""

    title: str
    buckets: tuple[Bucket, ...]
    metrics: tuple[Metric, ...]
    kind: str
    look: Mapping[str, Any]
    where: str = ""

    @property
    def says_its_title(self) -> bool:
        return self.kind == "lnsMetric"


def count(label: str = "数量", where: str = "") -> Metric:
    return Metric(label, where=where)


def unique(field: str, label: str = "") -> Metric:
    """How many different values."""
    return Metric(label, "unique_count", field)


def total(field: str, label: str = "") -> Metric:
    return Metric(label, "sum", field)


def mean(field: str, label: str = "", decimals: int = 2) -> Metric:
    return Metric(label, "average", field, decimals=decimals)


def highest(field: str, label: str = "") -> Metric:
    """The largest number or the latest moment."""
    return Metric(label, "max", field)


def last(field: str, label: str) -> Metric:
    """The value of the newest document that has one."""
    return Metric(label, "last_value", field, f"{field} : *")


def number(title: str, metric: Metric) -> Chart:
    look = {"layerId": LAYER, "layerType": "data", "metricAccessor": "m0", "showBar": False}
    return Chart(title, (), (replace(metric, label=title),), "lnsMetric", look)


def over_time(
    title: str, *metrics: Metric, by: Top | None = None, every: str = "1d", series: Series = "bar_stacked"
) -> Chart:
    """Metrics over the view's time, split by the values of a field."""
    buckets: tuple[Bucket, ...] = (by, Every(every)) if by else (Every(every),)
    return _xy(title, buckets, metrics, series, x=len(buckets) - 1)


def ranking(title: str, top: Top, *, by: Top | None = None, where: str = "") -> Chart:
    """The most frequent values as bars; with `by`, the shares of another field's values in them."""
    series: Series = "bar_horizontal_percentage_stacked" if by else "bar_horizontal"
    return replace(_xy(title, (top, by) if by else (top,), (count(),), series, x=0), where=where)


def table(title: str, top: Top, *metrics: Metric) -> Chart:
    look = {
        "layerId": LAYER,
        "layerType": "data",
        "columns": [{"columnId": id, "isTransposed": False} for id in ("b0", *ids("m", metrics))],
        "sorting": {"columnId": "m0", "direction": "desc"},
        "paging": {"enabled": True, "size": 10},
    }
    return Chart(title, (top,), metrics, "lnsDatatable", look)


def cloud(title: str, top: Top) -> Chart:
    look = {
        "layerId": LAYER,
        "layerType": "data",
        "tagAccessor": "b0",
        "valueAccessor": "m0",
        "maxFontSize": 48,
        "minFontSize": 14,
        "orientation": "single",
        "showLabel": False,
    }
    return Chart(title, (top,), (count(),), "lnsTagcloud", look)


def ids(letter: str, columns: Sequence[object]) -> list[str]:
    """What the columns are called."""
    return [f"{letter}{number}" for number in range(len(columns))]


def _xy(title: str, buckets: tuple[Bucket, ...], metrics: tuple[Metric, ...], series: Series, *, x: int) -> Chart:
    """Bucket `x` along the axis, the other one, if there is, as colours."""
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "xAccessor": f"b{x}",
        "accessors": ids("m", metrics),
        "position": "top",
        "showGridlines": False,
    }
    if len(buckets) > 1:
        layer["splitAccessor"] = f"b{1 - x}"
    shown = {"x": True, "yLeft": True, "yRight": True}
    look = {
        "preferredSeriesType": series,
        "layers": [layer],
        "legend": {"isVisible": len(buckets) + len(metrics) > 2, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "tickLabelsVisibilitySettings": shown,
        "gridlinesVisibilitySettings": shown,
        "labelsOrientation": {"x": 0, "yLeft": 0, "yRight": 0},
    }
    return Chart(title, buckets, metrics, "lnsXY", look)
