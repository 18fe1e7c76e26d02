"""The Elasticsearch store: monthly indices behind one alias, by the official client."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_bulk as bulk
from indexer.store import elastic_fields as fields
from indexer.store.base import (
    MOST_VALUES,
    By,
    Hit,
    Results,
    Search,
    StoreError,
    StoreUnavailable,
    Survey,
    Tally,
    Trend,
    Wait,
    month,
)
from indexer.store.elastic_cluster import Cluster
from indexer.store.trend import Counted, put_together

log = logging.getLogger("dunwatch.store")

WINDOW = 10_000
"""Hits that Elasticsearch pages through by offset; further on it goes by search_after."""
SCANNED_AT_ONCE = 1_000
TALLIED_AT_ONCE = 10_000
KEEP_ALIVE = "2m"
"""How long a point in time lives between two pages."""


class ElasticStore:
    """A Store on an Elasticsearch 9 cluster. With `writable` it puts the index template in place.

    `version` is that of the mapping it writes; readers see whatever the alias points to.
    """

    def __init__(
        self, settings: ElasticsearchSettings, *, writable: bool = False, version: int = fields.VERSION
    ) -> None:
        self.cluster, self.version = Cluster(settings), version
        self.client, self.alias, self._told = self.cluster.client, self.cluster.alias, self.cluster.told
        self._writable, self._ready, self._known = writable, False, set[str]()

    def put(self, documents: Sequence[Document]) -> Mapping[str, str]:
        each = {it.id: it for it in documents}.values()
        return self._send(bulk.index(self._index(month(it)), it.id, fields.encode(it)) for it in each)

    def delete(self, ids: Sequence[str]) -> None:
        with self._told():
            found = self._search({"ids": {"values": list(ids)}}, size=len(ids), source=False)
        self._send([bulk.delete(hit["_index"], hit["_id"]) for hit in found["hits"]["hits"]])

    def months(self) -> Mapping[str, int]:
        asked = {"kept": {"terms": {"field": "_index", "size": WINDOW}}}
        with self._told():
            found = self._search({"match_all": {}}, size=0, aggs=asked).get("aggregations", {"kept": {"buckets": []}})
            counts = {it["key"]: it["doc_count"] for it in found["kept"]["buckets"]}
            named = {name: self.cluster.parts(name) for name in self.cluster.indices(led=True)}
        return {parts[1]: counts.get(name, 0) for name, parts in named.items() if parts}

    def drop(self, months: Collection[str]) -> None:
        """Those of earlier mappings, which nothing leads to any more, as well."""
        if not self._writable:
            raise StoreError("opened for reading only")
        with self._told():
            for name in self.cluster.indices():
                if (parts := self.cluster.parts(name)) and parts[1] in months:
                    self.client.options(ignore_status=404).indices.delete(index=name)
        self._known.clear()

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        if not ids:
            return {}
        with self._told():
            found = self._search({"ids": {"values": list(ids)}}, size=len(ids))
        return {hit["_id"]: fields.decode(hit["_source"]) for hit in found["hits"]["hits"]}

    def search(
        self, search: Search, *, offset: int = 0, limit: int = 20, facets: Sequence[str] = (), most: int = MOST_VALUES
    ) -> Results:
        with self._told():
            return self._results(search, offset, limit, fields.facets(facets, most))[0]

    def trend(self, search: Search, by: By = "day", timezone: str = "Asia/Shanghai") -> Trend:
        with self._told():
            found = self._search(fields.query(search), size=0, aggs=_histogram(by, timezone)).get("aggregations")
        return _trend(found, by, timezone)

    def survey(
        self,
        search: Search,
        *,
        offset: int = 0,
        limit: int = 20,
        facets: Sequence[str] = (),
        most: int = MOST_VALUES,
        by: By = "day",
        timezone: str = "Asia/Shanghai",
    ) -> Survey:
        with self._told():
            results, found = self._results(search, offset, limit, fields.facets(facets, most), _histogram(by, timezone))
        return Survey(results, _trend(found, by, timezone))

    def _results(
        self, search: Search, offset: int, limit: int, facets: dict[str, Any], more: dict[str, Any] | None = None
    ) -> tuple[Results, dict[str, Any] | None]:
        """A page of hits with facets, and what was answered to these and `more` aggregations."""
        deep = offset + limit > WINDOW
        page: dict[str, Any] = {"size": 0} if deep else {"from_": offset, "size": limit}
        order = fields.sort(search)
        found = self._search(
            fields.query(search), sort=order, aggs={**facets, **(more or {})}, track_total_hits=True, **page
        )
        hits = list(self._deep(search, offset, limit)) if deep else found["hits"]["hits"]
        scored = order is fields.SORTS["relevance"]
        results = Results(
            found["hits"]["total"]["value"],
            tuple(Hit(fields.decode(hit["_source"]), float(hit["_score"]) if scored else 0.0) for hit in hits),
            {name: _values(found, name) for name in facets},
        )
        return results, found.get("aggregations")

    def tally(self, search: Search, name: str) -> Iterator[Tally]:
        value = {"terms": {"field": fields.FIELD_OF.get(name, name)}}
        hour = {"date_histogram": {"field": "published_at", "fixed_interval": "1h"}}
        for key, count in self._composite(search, value=value, source={"terms": {"field": "source"}}, hour=hour):
            yield Tally(str(key["value"]), key["source"], datetime.fromtimestamp(key["hour"] / 1000, UTC), count)

    def waits(self, search: Search) -> Iterator[Wait]:
        minutes = {"terms": {"field": "reply_minutes", "missing_bucket": True}}
        complaints = search.with_filter("kind", "complaint")
        for key, count in self._composite(complaints, lender={"terms": {"field": "lenders"}}, minutes=minutes):
            yield Wait(key["lender"], key["minutes"], count)

    def _composite(self, search: Search, **by: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
        """Counts by several keys at once, as many as there are."""
        asked: dict[str, Any] = {"size": TALLIED_AT_ONCE, "sources": [{name: source} for name, source in by.items()]}
        with self._told():
            while found := self._search(fields.query(search), size=0, aggs={"tally": {"composite": asked}}):
                answer = found.get("aggregations", {}).get("tally", {"buckets": []})
                yield from ((it["key"], it["doc_count"]) for it in answer["buckets"])
                if "after_key" not in answer:
                    return
                asked["after"] = answer["after_key"]

    def scan(self, search: Search) -> Iterator[Document]:
        with self._told(), self._snapshot() as page:
            while hits := page(search, [{"id": "asc"}], SCANNED_AT_ONCE):
                yield from (fields.decode(hit["_source"]) for hit in hits)

    def count(self) -> int:
        with self._told():
            found = self._search({"match_all": {}}, size=0, track_total_hits=True)
        return int(found["hits"]["total"]["value"])

    def close(self) -> None:
        self.cluster.close()

    def prepare(self) -> None:
        """Put the template of this version in place, where the alias leads to no other. Raises StoreUnavailable."""
        if not self._writable:
            raise StoreError("opened for reading only")
        if others := self.cluster.versions() - {self.version}:
            there = ", ".join(map(str, sorted(others)))
            todo = "run `dunwatch migrate`" if max(others) < self.version else "update dunwatch"
            raise StoreUnavailable(f"{self.alias} has mapping version {there}, we write {self.version}: {todo}")
        if not self._ready:
            self.cluster.put_template(self.version)
            self._ready = True

    def _index(self, month: str) -> str:
        """The index of a month, made when it is new; the template puts it behind the alias."""
        name = self.cluster.index(self.version, month)
        if name not in self._known:
            with self._told():
                self.prepare()
                self.cluster.make(name)
            self._known.add(name)
        return name

    def _send(self, actions: Iterable[bulk.Action]) -> dict[str, str]:
        try:
            with self._told():
                refused = bulk.send(self.client, actions)
                shown = self.client.indices.refresh(index=self.cluster.index(self.version), ignore_unavailable=True)
            if shown["_shards"]["failed"]:
                raise StoreUnavailable("Elasticsearch has what was written, but doesn't show it on every shard yet")
        except StoreUnavailable:
            self._known.clear()  # whatever became of the indices meanwhile
            raise
        return refused

    def _search(self, query: Mapping[str, Any], *, source: bool = True, **words: Any) -> dict[str, Any]:
        if not words.get("aggs"):
            words.pop("aggs", None)
        return self.cluster.search(index=self.alias, ignore_unavailable=True, query=query, source=source, **words)

    def _deep(self, search: Search, offset: int, limit: int) -> Iterator[dict[str, Any]]:
        """Hits behind the window: walked to without their text, as Elasticsearch has no other way."""
        pages = [WINDOW] * (offset // WINDOW) + [offset % WINDOW] * (offset % WINDOW > 0)
        with self._snapshot() as page:
            for size in pages:
                if len(page(search, fields.sort(search), size, source=False)) < size:
                    return
            for start in range(0, limit, SCANNED_AT_ONCE):
                yield from page(search, fields.sort(search), min(SCANNED_AT_ONCE, limit - start))

    @contextmanager
    def _snapshot(self) -> Iterator[Callable[..., list[dict[str, Any]]]]:
        """A function that gives the next page of a search, all from one point in time; [] where no index is yet."""
        if not self.client.indices.exists_alias(name=self.alias):
            yield lambda *_, **__: []
            return
        pit = self.client.open_point_in_time(index=self.alias, keep_alive=KEEP_ALIVE)["id"]
        after: list[Any] | None = None

        def page(search: Search, sort: list[dict[str, str]], size: int, *, source: bool = True) -> list[dict[str, Any]]:
            nonlocal pit, after
            found = self.cluster.search(
                pit={"id": pit, "keep_alive": KEEP_ALIVE},
                query=fields.query(search),
                sort=sort,
                size=size,
                search_after=after,
                source=source,
                track_total_hits=False,
            )
            hits: list[dict[str, Any]] = found["hits"]["hits"]
            pit, after = found.get("pit_id", pit), hits[-1]["sort"] if hits else after
            return hits

        try:
            yield page
        finally:
            self.client.options(ignore_status=404).close_point_in_time(id=pit)


def _values(found: Mapping[str, Any], name: str) -> tuple[tuple[str, int], ...]:
    """Most frequent first, equals by name."""
    buckets = found.get("aggregations", {}).get(name, {}).get("buckets", [])
    return tuple(sorted(((it["key"], it["doc_count"]) for it in buckets), key=lambda it: (-it[1], it[0])))


def _histogram(by: By, timezone: str) -> dict[str, Any]:
    histogram = {"field": "published_at", "calendar_interval": by, "time_zone": timezone, "min_doc_count": 1}
    return {
        "periods": {"date_histogram": histogram, "aggs": {"mood": {"avg": {"field": "sentiment"}}}},
        "undated": {"missing": {"field": "published_at"}},
    }


def _trend(found: Mapping[str, Any] | None, by: By, timezone: str) -> Trend:
    if not found:
        return Trend((), 0)
    counted = [
        Counted(datetime.fromtimestamp(it["key"] / 1000, UTC), it["doc_count"], it["mood"]["value"])
        for it in found["periods"]["buckets"]
    ]
    return put_together(counted, by, timezone, found["undated"]["doc_count"])
