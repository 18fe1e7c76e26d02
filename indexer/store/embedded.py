"""The embedded store: a Tantivy index in a folder of the data directory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Order, Query

from indexer.document import Document
from indexer.store.base import MOST_VALUES, By, Hit, Results, Search, StoreError, Survey, Tally, Trend, Wait
from indexer.store.embedded_fields import decode, encode, month_key, order_key, query, schema, span
from indexer.store.trend import Counted, interval, put_together

VERSION = "posts-v5"
"""Name of the folder; another schema gets another name and is filled by `dunwatch reindex`."""
HEAP = 128_000_000
"""Bytes that the writer gathers before it writes a segment."""
COUNTERS = 4
"""Threads that count at once what searches find; they are made when they are needed."""
SCANNED_AT_ONCE = 500
TALLIED_AT_ONCE = 60_000
"""Counts asked for at once; Tantivy gives up on more than 65,000."""
NOTHING: Mapping[str, Any] = {"periods": {"buckets": []}}
"""What is counted over time where nothing was found."""
SORTED_BY = {"time": "time", "sentiment": "gloom"}


class EmbeddedStore:
    """A Store in a folder. With `writable` it holds the one writer; readers see each commit and never wait."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.folder = folder / VERSION
        self._schema = schema()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._pool = ThreadPoolExecutor(COUNTERS, "counting")
        if writable:
            with self._told():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._index = tantivy.Index(self._schema, str(self.folder))
                self._writer = self._index.writer(HEAP)

    def put(self, documents: Sequence[Document]) -> Mapping[str, str]:
        with self._writing() as writer:
            for document in {document.id: document for document in documents}.values():
                writer.delete_documents_by_term("id", document.id)
                writer.add_document(encode(document))
        return {}

    def delete(self, ids: Sequence[str]) -> None:
        with self._writing() as writer:
            for id in ids:
                writer.delete_documents_by_term("id", id)

    def months(self) -> Mapping[str, int]:
        asked = {"kept": {"terms": {"field": "month", "size": TALLIED_AT_ONCE}}}
        with self._searching() as searcher:
            found = searcher.aggregate(Query.all_query(), asked)["kept"]["buckets"] if searcher.num_docs else []
        return {f"{int(it['key']) // 100}.{int(it['key']) % 100:02}": it["doc_count"] for it in found}

    def drop(self, months: Collection[str]) -> None:
        with self._writing() as writer:
            for key in map(month_key, months):
                writer.delete_documents_by_query(span(self._schema, "month", key, key + 1))

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        if not ids:
            return {}
        with self._searching() as searcher:
            wanted = Query.term_set_query(self._schema, "id", list(ids))
            found = [decode(searcher.doc(place)) for _, place in searcher.search(wanted, limit=len(ids)).hits]
            return {document.id: document for document in found}

    def search(
        self, search: Search, *, offset: int = 0, limit: int = 20, facets: Sequence[str] = (), most: int = MOST_VALUES
    ) -> Results:
        wanted = query(self._schema, search)
        with self._searching() as searcher:
            total, hits = _hits(searcher, wanted, search, offset, limit)
            answer = searcher.aggregate(wanted, _facets(facets, most)) if facets else {}
            return Results(total, hits, _counts(answer, facets, most))

    def trend(self, search: Search, by: By = "day", timezone: str = "Asia/Shanghai") -> Trend:
        wanted = query(self._schema, search)
        with self._searching() as searcher:
            total = searcher.search(wanted, limit=1, count=True).count  # type: ignore[attr-defined]
            answer = searcher.aggregate(wanted, _histogram(by, timezone)) if total else NOTHING
        return _trend(answer, total, by, timezone)

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
        wanted = query(self._schema, search)
        with self._searching() as searcher:
            # Side by side: each walks through all that matches, outside of Python's lock.
            counting = self._pool.submit(
                searcher.aggregate, wanted, {**_facets(facets, most), **_histogram(by, timezone)}
            )
            total, hits = _hits(searcher, wanted, search, offset, limit)
            answer = counting.result() if total else NOTHING
        return Survey(Results(total, hits, _counts(answer, facets, most)), _trend(answer, total, by, timezone))

    def tally(self, search: Search, name: str) -> Iterator[Tally]:
        hour = {"date_histogram": {"field": "published", "fixed_interval": "60m"}}
        by = {"value": {"terms": {"field": name}}, "source": {"terms": {"field": "source"}}, "hour": hour}
        for key, count in self._composite(search, by):
            yield Tally(key["value"], key["source"], datetime.fromtimestamp(key["hour"] / 1000, UTC), count)

    def waits(self, search: Search) -> Iterator[Wait]:
        minutes = {"terms": {"field": "reply_minutes", "missing_bucket": True}}
        complaints = search.with_filter("kind", "complaint")
        for key, count in self._composite(complaints, {"lender": {"terms": {"field": "lender"}}, "minutes": minutes}):
            yield Wait(key["lender"], None if key["minutes"] is None else int(key["minutes"]), count)

    def _composite(self, search: Search, by: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
        """Counts by several keys at once, as many as there are."""
        wanted = query(self._schema, search)
        asked: dict[str, Any] = {"size": TALLIED_AT_ONCE, "sources": [{name: source} for name, source in by.items()]}
        with self._searching() as searcher:
            while True:
                answer = searcher.aggregate(wanted, {"tally": {"composite": asked}})["tally"]
                yield from ((it["key"], it["doc_count"]) for it in answer["buckets"])
                if len(answer["buckets"]) < TALLIED_AT_ONCE:
                    return
                asked["after"] = answer["after_key"]

    def scan(self, search: Search) -> Iterator[Document]:
        wanted, lowest = query(self._schema, search), 0
        while True:
            part = Query.boolean_query(
                [(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, span(self._schema, "order", lowest, None))]
            )
            with self._searching() as searcher:
                hits = searcher.search(
                    part, limit=SCANNED_AT_ONCE, count=False, order_by_field="order", order=Order.Asc
                ).hits
                documents = [decode(searcher.doc(place)) for _, place in hits]
            yield from documents
            if len(documents) < SCANNED_AT_ONCE:
                return
            lowest = order_key(documents[-1].id) + 1

    def count(self) -> int:
        with self._searching() as searcher:
            return searcher.num_docs

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._writer = self._index = None
        self._pool.shutdown(wait=False)

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """Everything done with the writer is committed together, or not at all."""
        if self._writer is None:
            raise StoreError(f"{self.folder}: opened for reading only")
        with self._told():
            try:
                yield self._writer
                self._writer.commit()
            except BaseException:
                self._writer.rollback()
                raise

    @contextmanager
    def _searching(self) -> Iterator[tantivy.Searcher]:
        """A searcher that sees the last commit; over nothing where no index was made yet."""
        with self._told():
            if self._index is None and self.folder.exists() and tantivy.Index.exists(str(self.folder)):
                self._index = tantivy.Index.open(str(self.folder))
            if self._index is not None:
                self._index.reload()
            yield (self._index or tantivy.Index(self._schema)).searcher()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tantivy's and the disk's errors as StoreError."""
        try:
            yield
        except (ValueError, OSError, RuntimeError) as error:
            if isinstance(error, StoreError):
                raise
            if "LockBusy" in str(error):
                raise StoreError(f"{self.folder}: another process writes this index") from error
            raise StoreError(f"{self.folder}: {error}") from error


def _hits(
    searcher: tantivy.Searcher, wanted: Query, search: Search, offset: int, limit: int
) -> tuple[int, tuple[Hit, ...]]:
    """The total and a page of hits."""
    sort = "time" if search.sort == "relevance" and search.text is None else search.sort
    found = searcher.search(wanted, limit=max(limit, 1), offset=offset, count=True, order_by_field=SORTED_BY.get(sort))
    hits = tuple(
        Hit(decode(searcher.doc(place)), score if sort == "relevance" else 0.0) for score, place in found.hits[:limit]
    )
    return found.count, hits  # type: ignore[attr-defined]


def _facets(names: Sequence[str], most: int) -> dict[str, Any]:
    """More values are asked for than told, so that equals at the end sort as well."""
    return {name: {"terms": {"field": name, "size": 4 * most}} for name in names}


def _counts(answer: Mapping[str, Any], names: Sequence[str], most: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """Most frequent first, equals by name."""
    counts = {
        name: [(it["key"], it["doc_count"]) for it in answer.get(name, {"buckets": []})["buckets"]] for name in names
    }
    return {name: tuple(sorted(found, key=lambda it: (-it[1], it[0]))[:most]) for name, found in counts.items()}


def _histogram(by: By, timezone: str) -> dict[str, Any]:
    minutes, shift = interval(by, timezone)
    histogram = {"field": "published", "fixed_interval": f"{minutes}m", "offset": f"{shift}s", "min_doc_count": 1}
    return {"periods": {"date_histogram": histogram, "aggs": {"mood": {"avg": {"field": "sentiment"}}}}}


def _trend(answer: Mapping[str, Any], total: int, by: By, timezone: str) -> Trend:
    counted = [
        Counted(datetime.fromtimestamp(it["key"] / 1000, UTC), it["doc_count"], it["mood"]["value"])
        for it in answer["periods"]["buckets"]
    ]
    return put_together(counted, by, timezone, total - sum(it.documents for it in counted))
