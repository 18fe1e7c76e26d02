"""A report on one lender in one period, made to be printed: figures, chart, practices, worst posts, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from starlette.requests import Request
from starlette.responses import Response

from indexer.document import Document
from indexer.store.base import FACETS, Hit, Search, Sort, Store
from indexer.store.lags import reply_lags
from indexer.web import usual
from indexer.web.chart import chart
from indexer.web.counted import COUNTED
from indexer.web.known import Known
from indexer.web.listing import MAX_VALUE, Listing
from indexer.web.pages import Pages
from indexer.web.portrait import practices
from indexer.web.view import hit_view
from indexer.web.visitor import visiting

USUAL = "30d"
WORST = 10
EVIDENCE = 300
"""Posts of the list of evidence: some twenty pages of paper."""


@dataclass(frozen=True)
class Proof:
    """A post with evidence, and what it asserts."""

    document: Document
    asserted: tuple[str, ...]


class ReportPage:
    """Reports from a store."""

    def __init__(self, store: Store, known: Known, zone: tzinfo, pages: Pages) -> None:
        self._store, self._known, self._zone, self._pages = store, known, zone, pages

    def show(self, request: Request) -> Response:
        """The report; without a lender the form that asks for one. Raises ListingError."""
        asked = request.query_params
        lender = asked.get("lender", "").strip()[:MAX_VALUE]
        since, until = asked.get("since", "").strip() or USUAL, asked.get("until", "").strip()
        listing = Listing(filters={**COUNTED, "lender": (lender,)}, since=since, until=until)
        search = listing.search(self._zone)
        form = {
            "lender": lender,
            "since": listing.day(since, self._zone),
            "until": listing.day(until, self._zone),
            "names": [it.id for it in self._known.lenders],
            "listing": listing,
        }
        return self._pages.show("report", **form, **(self._found(lender, listing, search) if lender else {}))

    def _found(self, lender: str, listing: Listing, search: Search) -> dict[str, object]:
        found = self._store.search(search, limit=0, facets=(*FACETS, "lender_practice"))
        trend = self._store.trend(search, "day", str(self._zone))
        complaints = replace(search, filters={"lender": (lender,), "kind": ("complaint",)})
        unlawful = search.with_filter("stance", *self._known.unlawful)
        worst = self._hits(search, "sentiment", EVIDENCE)
        return {
            "declared": self._known.lender(lender),
            "total": found.total,
            "negative": dict(found.facets["sentiment_label"]).get("negative", 0),
            "unlawful": self._store.search(unlawful, limit=0).total if self._known.unlawful else 0,
            "mood": usual.mean(trend.buckets),
            "chart": chart(trend, listing),
            "practices": practices(lender, found.facets["lender_practice"], found.facets["stance"], self._known),
            "sources": found.facets["source"],
            "sites": found.facets["site"],
            "lag": next((it for it in reply_lags(self._store, complaints) if it.lender == lender), None),
            "worst": [hit_view(hit, None) for hit in worst[:WORST]],
            "proofs": _proofs(worst),
            "looked_at": len(worst),
            "made_at": datetime.now(UTC),
            "by": visiting.get().name,
        }

    def _hits(self, search: Search, sort: Sort, limit: int) -> tuple[Hit, ...]:
        return self._store.search(replace(search, sort=sort), limit=limit).hits


def _proofs(hits: Sequence[Hit]) -> list[Proof]:
    """Those that have evidence, as they come."""
    return [
        Proof(it, tuple(dict.fromkeys(practice.id for practice in it.practices if practice.stance == "asserted")))
        for it in (hit.document for hit in hits)
        if it.evidence
    ]
