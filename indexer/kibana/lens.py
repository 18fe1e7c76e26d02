"""The state that Kibana's Lens keeps of a chart, in the shape that 8.9 and later write and every 9 reads."""

from typing import Any

from indexer.kibana.charts import LAYER, Bucket, Chart, Every, Metric, ids
from indexer.kibana.views import View


def attributes(chart: Chart, view: View, prefix: str) -> dict[str, Any]:
    """The chart as Lens keeps it within a dashboard. Raises KeyError where the view lacks a field."""
    columns = {id: _bucket(it, view) for id, it in zip(ids("b", chart.buckets), chart.buckets, strict=True)}
    columns |= {id: _metric(it, view) for id, it in zip(ids("m", chart.metrics), chart.metrics, strict=True)}
    layer = {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}, "sampling": 1}
    return {
        "title": chart.title,
        "description": "",
        "type": "lens",
        "visualizationType": chart.kind,
        "references": [reference(view, prefix)],
        "state": {
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}, "textBased": {"layers": {}}},
            "visualization": chart.look,
            "query": kuery(chart.where),
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def reference(view: View, prefix: str) -> dict[str, str]:
    """From a chart's layer to its data view."""
    return {"type": "index-pattern", "id": view.id(prefix), "name": f"indexpattern-datasource-layer-{LAYER}"}


def kuery(query: str) -> dict[str, str]:
    return {"query": query, "language": "kuery"}


def _bucket(bucket: Bucket, view: View) -> dict[str, Any]:
    if isinstance(bucket, Every):
        return {
            "label": view.labels[view.time],
            "customLabel": True,
            "dataType": "date",
            "operationType": "date_histogram",
            "sourceField": view.time,
            "isBucketed": True,
            "scale": "interval",
            "params": {"interval": bucket.interval, "includeEmptyRows": True, "dropPartials": False},
        }
    return {
        "label": view.labels[bucket.field],
        "customLabel": True,
        "dataType": view.lens_type(bucket.field),
        "operationType": "terms",
        "sourceField": bucket.field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": bucket.size,
            "orderBy": {"type": "column", "columnId": "m0"},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        },
    }


def _metric(metric: Metric, view: View) -> dict[str, Any]:
    kind = view.lens_type(metric.field) if metric.operation in ("max", "last_value") else "number"
    column = {
        "label": metric.label or view.labels[metric.field],
        "customLabel": True,
        "dataType": kind,
        "operationType": metric.operation,
        "sourceField": metric.field,
        "isBucketed": False,
        "scale": "ordinal" if kind == "string" else "ratio",
        "params": _params(metric, view),
    }
    return {**column, "filter": kuery(metric.where)} if metric.where else column


def _params(metric: Metric, view: View) -> dict[str, Any]:
    if metric.operation in ("count", "unique_count", "sum"):
        return {"emptyAsNull": False}
    if metric.operation == "last_value":
        return {"sortField": view.time, "showArrayValues": True}
    if metric.decimals is not None:
        return {"format": {"id": "number", "params": {"decimals": metric.decimals}}}
    return {}
