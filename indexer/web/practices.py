"""The pages of practices: all of them, and one across the lenders with what people write of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.document import Document, Practice
from indexer.store.base import Search, Store
from indexer.web import counted, span, usual
from indexer.web.chart import chart
from indexer.web.known import Known
from indexer.web.listing import Listing
from indexer.web.pages import Pages
from indexer.web.spark import Part, Spark, parts, spark
from indexer.web.usual import Change

QUOTES = 12
LENDERS = 20


@dataclass(frozen=True)
class Row:
    """A practice among the others: how often it is asserted beside the usual, supposed, denied."""

    id: str
    severity: str
    description: str
    change: Change
    possible: int
    denied: int
    weeks: Spark | None
    bar: tuple[Part, ...]


@dataclass(frozen=True)
class Accused:
    """A lender of which the practice is asserted, and the part of its documents that do."""

    id: str
    count: int
    share: float


@dataclass(frozen=True)
class Quoted:
    """A document and the sentence in which it asserts the practice."""

    document: Document
    practice: Practice


class PracticePages:
    """Shows how practices are spoken of."""

    def __init__(self, store: Store, known: Known, zone: tzinfo, pages: Pages) -> None:
        self._store, self._known, self._zone, self._pages = store, known, zone, pages

    def listed(self, request: Request) -> Response:
        it = span.chosen(request.query_params, datetime.now(UTC), "30d")
        now, was = (self._stances(search) for search in (counted.counted(it), counted.before(it)))
        weeks = counted.weekly(self._store, "stance", it.now, self._known.most_values)
        windows = it.known(counted.first(self._store, it, self._zone))
        most = max((sum(now.get(f"{practice.id}:{stance}", 0) for stance in ("asserted", "possible", "denied"))
                    for practice in self._known.practices), default=0)  # fmt: skip
        rows = []
        for practice in self._known.practices:
            asserted, possible, denied = (
                now.get(f"{practice.id}:{it}", 0) for it in ("asserted", "possible", "denied")
            )
            key = f"{practice.id}:asserted"
            rows.append(
                Row(
                    practice.id,
                    practice.severity,
                    practice.description,
                    usual.change(practice.id, asserted, was.get(key, 0), windows),
                    possible,
                    denied,
                    spark(weeks.get(key, []), "近 12 周每周断言件数"),
                    parts([("asserted", asserted), ("possible", possible), ("denied", denied)], most),
                )
            )
        rows.sort(key=lambda row: (-row.change.now, row.id))
        listing = Listing(filters=counted.COUNTED, since=it.written)
        return self._pages.show("practices", span=it, spans=span.choices(it), rows=rows, listing=listing)

    def one(self, request: Request) -> Response:
        """Definition and crosswalk, trend, lenders, who says so and where, posts with the sentence that says it."""
        practice = self._known.practice(request.path_params["id"])
        if practice is None:
            raise HTTPException(404)
        it = span.chosen(request.query_params, datetime.now(UTC), "30d")
        stance = f"{practice.id}:asserted"
        here = counted.counted(it, stance=(stance,))
        found = self._store.search(
            here, limit=0, facets=("lender_practice", "lender", "source", "site", "sentiment_label")
        )
        was = self._store.search(counted.before(it, stance=(stance,)), limit=0).total
        everyone = Search(filters={"practice": (practice.id,)}, since=it.since, until=it.now)
        stances = self._stances(everyone)
        trend = self._store.trend(here, "day", str(self._zone))
        listing = Listing(filters={**counted.COUNTED, "stance": (stance,)}, since=it.written)
        return self._pages.show(
            "practice",
            practice=practice,
            span=it,
            spans=span.choices(it),
            listing=listing,
            total=usual.change(practice.id, found.total, was, it.known(counted.first(self._store, it, self._zone))),
            mood=usual.mean(trend.buckets),
            negative=dict(found.facets["sentiment_label"]).get("negative", 0),
            chart=chart(trend, listing),
            lenders=self._lenders(practice.id, it, found.facets["lender_practice"]),
            stances=[(name, stances.get(f"{practice.id}:{name}", 0)) for name in ("asserted", "possible", "denied")],
            everyone=Listing(filters={"practice": (practice.id,)}, since=it.written),
            voices=self._store.search(everyone, limit=0, facets=("voice",)).facets["voice"],
            sources=found.facets["source"],
            sites=found.facets["site"],
            quotes=self._quotes(here, practice.id),
        )

    def _stances(self, search: Search) -> dict[str, int]:
        """How many documents speak of each practice with each stance."""
        found = self._store.search(search, limit=0, facets=("stance",), most=self._known.most_values)
        return dict(found.facets["stance"])

    def _lenders(self, id: str, it: span.Span, pairs: counted.Facet) -> list[Accused]:
        accused = [(pair.partition("|")[0], count) for pair, count in pairs if pair.partition("|")[2] == id][:LENDERS]
        names = tuple(name for name, _ in accused)
        search = counted.counted(it, lender=names)
        whole = dict(self._store.search(search, limit=0, facets=("lender",)).facets["lender"]) if names else {}
        return [Accused(name, count, min(1.0, count / max(whole.get(name, count), 1))) for name, count in accused]

    def _quotes(self, here: Search, id: str) -> list[Quoted]:
        """The newest."""
        hits = self._store.search(replace(here, sort="time"), limit=QUOTES).hits
        documents = [hit.document for hit in hits]
        return [Quoted(it, _telling(it, id)) for it in documents]


def _telling(it: Document, id: str) -> Practice:
    """The place that asserts it; one in the body says more than the title."""
    said = [practice for practice in it.practices if practice.id == id and practice.stance == "asserted"]
    return min(said, key=lambda practice: practice.where != "body")
