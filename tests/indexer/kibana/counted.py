"""What a Lens panel counts: asked of Elasticsearch with the query that Kibana makes of it, and counted by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from elasticsearch import Elasticsearch

from tests.indexer.kibana import kuery
from tests.indexer.kibana.exported import Panel
from tests.indexer.kibana.kuery import Record, values

ZONE = "Asia/Shanghai"
Row = tuple[tuple[Any, ...], dict[str, Any]]
"""The keys of the buckets, outermost first, and the metrics."""
_AGGREGATIONS = {"unique_count": "cardinality", "sum": "sum", "average": "avg", "max": "max"}


def ask(client: Elasticsearch, index: str, panel: Panel, filters: Sequence[dict[str, Any]] = ()) -> list[Row]:
    """The rows that Elasticsearch gives; buckets without documents are left out."""
    where = kuery.elasticsearch(panel.lens["state"]["query"]["query"])
    query = {"bool": {"filter": [where, *filters]}}
    answer = client.search(index=index, query=query, size=0, aggs=_aggregations(panel, list(panel.buckets)))
    whole = {**answer.get("aggregations", {}), "doc_count": answer["hits"]["total"]["value"]}
    return list(_rows(panel, list(panel.buckets), whole))


def count(records: Sequence[Record], panel: Panel) -> list[Row]:
    """The same by hand."""
    within = kuery.predicate(panel.lens["state"]["query"]["query"])
    return _counted([record for record in records if within(record)], panel, list(panel.buckets))


def _aggregations(panel: Panel, left: list[str]) -> dict[str, Any]:
    metrics = {id: _metric(column) for id, column in panel.metrics.items()}
    aggs = {id: metric for id, metric in metrics.items() if metric}
    if not left:
        return aggs
    id, *inner = left
    column = panel.buckets[id]
    params = column["params"]
    if column["operationType"] == "date_histogram":
        histogram = {"field": column["sourceField"], "calendar_interval": params["interval"], "time_zone": ZONE}
        bucket: dict[str, Any] = {"date_histogram": {**histogram, "min_doc_count": 1}}
    else:
        order = _path(params["orderBy"]["columnId"], panel)
        order_by = [{order: params["orderDirection"]}, {"_key": "asc"}]
        bucket = {"terms": {"field": column["sourceField"], "size": params["size"], "order": order_by}}
    return {**aggs, id: {**bucket, "aggs": _aggregations(panel, inner)}}


def _metric(column: dict[str, Any]) -> dict[str, Any] | None:
    """None for a plain count, which every bucket has."""
    operation = column["operationType"]
    if operation == "count":
        inner = {}
    elif operation == "last_value":
        newest = {"sort": [{column["params"]["sortField"]: "desc"}], "size": 1, "fields": [column["sourceField"]]}
        inner = {"value": {"top_hits": newest}}
    else:
        inner = {"value": {_AGGREGATIONS[operation]: {"field": column["sourceField"]}}}
    if "filter" in column:
        return {"filter": kuery.elasticsearch(column["filter"]["query"]), **({"aggs": inner} if inner else {})}
    return inner["value"] if inner else None


def _path(id: str, panel: Panel) -> str:
    column = panel.metrics[id]
    if column["operationType"] != "count":
        return f"{id}>value" if "filter" in column else id
    return f"{id}.doc_count" if "filter" in column else "_count"


def _rows(panel: Panel, left: list[str], bucket: dict[str, Any], keys: tuple[Any, ...] = ()) -> list[Row]:
    if not left:
        return [(keys, {id: _answered(column, bucket, id) for id, column in panel.metrics.items()})]
    id, *inner = left
    date = panel.buckets[id]["operationType"] == "date_histogram"
    rows = []
    for it in bucket.get(id, {}).get("buckets", []):
        key = datetime.fromtimestamp(it["key"] / 1000, UTC) if date else it["key"]
        rows += _rows(panel, inner, it, (*keys, key))
    return rows


def _answered(column: dict[str, Any], bucket: dict[str, Any], id: str) -> Any:
    operation = column["operationType"]
    if operation == "count":
        return bucket[id]["doc_count"] if "filter" in column else bucket["doc_count"]
    if id not in bucket:  # no index yet
        return None
    value = bucket[id]["value"] if "filter" in column else bucket[id]
    if operation == "last_value":
        hits = value["hits"]["hits"]
        return hits[0]["fields"][column["sourceField"]] if hits else None
    if operation == "max" and column["dataType"] == "date" and value["value"] is not None:
        return datetime.fromtimestamp(value["value"] / 1000, UTC)
    return value["value"]


def _counted(records: list[Record], panel: Panel, left: list[str], keys: tuple[Any, ...] = ()) -> list[Row]:
    if not left:
        return [(keys, {id: _figure(records, column) for id, column in panel.metrics.items()})]
    id, *inner = left
    column = panel.buckets[id]
    buckets: dict[Any, list[Record]] = {}
    for record in records:
        for value in dict.fromkeys(values(record, column["sourceField"])):
            key = _period(value, column["params"]["interval"]) if isinstance(value, datetime) else value
            buckets.setdefault(key, []).append(record)
    order = sorted(buckets)
    if column["operationType"] == "terms":
        by = panel.metrics[column["params"]["orderBy"]["columnId"]]
        order = sorted(order, key=lambda key: -_figure(buckets[key], by))[: column["params"]["size"]]
    return [row for key in order for row in _counted(buckets[key], panel, inner, (*keys, key))]


def _period(moment: datetime, interval: str) -> datetime:
    day = moment.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day - timedelta(days=day.weekday()) if interval == "1w" else day).astimezone(UTC)


def _figure(records: list[Record], column: dict[str, Any]) -> Any:
    within = kuery.predicate(column.get("filter", {}).get("query", ""))
    records = [record for record in records if within(record)]
    found = [value for record in records for value in values(record, column["sourceField"])]
    match column["operationType"]:
        case "count":
            return len(records)
        case "unique_count":
            return len(set(found))
        case "sum":
            return sum(found)
        case "average":
            return sum(found) / len(found) if found else None
        case "max":
            return max(found, default=None)
        case _:
            newest = max(records, key=lambda record: record[column["params"]["sortField"]], default=None)
            return values(newest, column["sourceField"]) if newest else None
