"""A report on one lender in one period, made to be printed: figures, chart, practices, worst posts, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from starlette.requests import Request
from starlette.responses import Response

from indexer.document import Document
from indexer.store.base import FACETS, Hit, Results, Search, Sort, Store, Trend
from indexer.store.lags import reply_lag
from indexer.web import usual
from indexer.web.chart import chart
from indexer.web.counted import COUNTED
from indexer.web.handled import Handled
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


@dataclass(frozen=True)
class Figures:
    """What is said in a period: documents, those that are negative, those that accuse of something unlawful; `mood` is
    the mean sentiment."""

    total: int
    negative: int
    unlawful: int
    mood: float | None

    @property
    def negative_share(self) -> float | None:
        return self.negative / self.total if self.total else None


class ReportPage:
    """Reports from a store."""

    def __init__(self, store: Store, handled: Handled, known: Known, zone: tzinfo, pages: Pages) -> None:
        self._store, self._handled, self._known, self._zone, self._pages = store, handled, known, zone, pages

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
        now = datetime.now(UTC)
        found = self._store.search(search, limit=0, facets=(*FACETS, "lender_practice"), most=self._known.most_values)
        trend = self._store.trend(search, "day", str(self._zone))
        worst = self._hits(search, "sentiment", EVIDENCE)
        return {
            "declared": self._known.lender(lender),
            "figures": self._figures(search, found, trend),
            "before": self._figures(_before(search, now)),
            "handling": self._handled.counts(listing),
            "chart": chart(trend, listing),
            "practices": practices(lender, found.facets["lender_practice"], found.facets["stance"], self._known),
            "sources": found.facets["source"],
            "sites": found.facets["site"],
            "lag": reply_lag(self._store, lender, replace(search, filters={})),
            "worst": [hit_view(hit, None) for hit in worst[:WORST]],
            "proofs": _proofs(worst),
            "handled": self._handled.of([hit.document.id for hit in worst]),
            "looked_at": len(worst),
            "made_at": now,
            "by": visiting.get().name,
        }

    def _figures(self, search: Search, found: Results | None = None, trend: Trend | None = None) -> Figures:
        """Of what the search finds; `found` and `trend` are given where they are known already."""
        found = found or self._store.search(search, limit=0, facets=("sentiment_label",))
        trend = trend or self._store.trend(search, "week", str(self._zone))
        unlawful = search.with_filter("stance", *self._known.unlawful)
        return Figures(
            found.total,
            dict(found.facets["sentiment_label"]).get("negative", 0),
            self._store.search(unlawful, limit=0).total if self._known.unlawful else 0,
            usual.mean(trend.buckets),
        )

    def _hits(self, search: Search, sort: Sort, limit: int) -> tuple[Hit, ...]:
        return self._store.search(replace(search, sort=sort), limit=limit).hits


def _before(search: Search, now: datetime) -> Search:
    """The same in a period of the same length that ends where this one begins."""
    assert search.since, "a report has a beginning"
    length = (search.until or now) - search.since
    return replace(search, since=search.since - length, until=search.since)


def _proofs(hits: Sequence[Hit]) -> list[Proof]:
    """Those that have evidence, as they come."""
    return [
        Proof(it, tuple(dict.fromkeys(practice.id for practice in it.practices if practice.stance == "asserted")))
        for it in (hit.document for hit in hits)
        if it.evidence
    ]
