"""The pages: search, document, campaigns, status."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.document import Document
from indexer.health import Health
from indexer.store.base import FACETS, Hit, Search, Store
from indexer.store.query import Node, QueryError, parse
from indexer.web.api import find
from indexer.web.chart import chart, recent
from indexer.web.hands import hand, hands
from indexer.web.listing import MAX_PAGE, MAX_QUERY, PAGE, SORTS, Listing, ListingError
from indexer.web.pages import Pages
from indexer.web.view import document_view, hit_view

ORDER = ("lender", "practice", "stance", "voice", "sentiment_label", "source", "site", "kind")
"""Facets as the page lists them."""
SHOWN = 8
"""Values of a facet that are shown before 「更多」."""
RELATED = 10
CAMPAIGN = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many hits have it, and the address that adds it or takes it away."""

    value: str
    count: int
    on: bool
    url: str


class Site:
    """The pages over a store."""

    def __init__(self, store: Store, status: Callable[[], Health], zone: tzinfo, pages: Pages) -> None:
        self._store, self._status, self._zone, self._pages = store, status, zone, pages

    def search(self, request: Request) -> Response:
        """The list of hits with chart and facets; a wrong query is told above the form that still holds it."""
        listing = Listing.read(request.query_params)
        form: dict[str, Any] = {
            "listing": listing,
            "since": listing.day(listing.since, self._zone),
            "until": listing.day(listing.until, self._zone),
            "recent": recent(listing),
            "max_query": MAX_QUERY,
            "sorts": SORTS,
        }
        try:
            search, page = listing.search(self._zone), listing.page
        except (QueryError, ListingError) as error:
            return self._pages.show("search", HTTPStatus.BAD_REQUEST, **form, error=str(error))
        found = self._store.search(search, offset=(page - 1) * PAGE, limit=PAGE, facets=FACETS)
        trend = self._store.trend(search, "day", str(self._zone))
        pages = min(-(-found.total // PAGE), MAX_PAGE)
        return self._pages.show(
            "search",
            **form,
            error="",
            total=found.total,
            hits=[hit_view(hit, search.text) for hit in found.hits],
            first=(page - 1) * PAGE + 1,
            page=page,
            pages=pages,
            numbers=_numbers(page, pages),
            chart=chart(trend, listing),
            facets=self._facets(listing, search, found.facets),
            empty=not found.total and not self._store.count(),
        )

    def document(self, request: Request) -> Response:
        """One Document with its marks, its evidence and what is related to it."""
        it = find(self._store, request)
        q = request.query_params.get("q", "").strip()
        prints = self._others(it, story=(it.story,))
        known = {it.id, *(hit.document.id for hit in prints)}
        campaign = self._others(it, campaign=(it.campaign,)) if it.campaign else []
        known |= {hit.document.id for hit in campaign}
        contacts = [hit for hit in self._others(it, contact=it.contacts) if hit.document.id not in known]
        return self._pages.show(
            "document",
            it=document_view(it, _node(q)),
            q=q,
            prints=prints,
            campaign=campaign,
            contacts=contacts,
            listing=Listing(),
        )

    def campaigns(self, request: Request) -> Response:
        """The largest campaigns."""
        return self._pages.show("campaigns", hands=hands(self._store, self._zone), listing=Listing())

    def campaign(self, request: Request) -> Response:
        """One campaign: whom it writes about, where, since when, with which text and contacts."""
        id = request.path_params["id"]
        found = hand(self._store, id, self._zone) if CAMPAIGN.fullmatch(id) else None
        if found is None:
            raise HTTPException(404)
        return self._pages.show("campaign", hand=found, listing=Listing())

    def status(self, request: Request) -> Response:
        """What waits, what was refused, the last crawl of each source."""
        return self._pages.show("status", health=self._status(), documents=self._store.count())

    def _facets(
        self, listing: Listing, search: Search, found: Mapping[str, tuple[tuple[str, int], ...]]
    ) -> list[tuple[str, list[Choice], list[Choice]]]:
        """Name, values shown at once and the rest, for each facet that has any."""
        facets = []
        for name in ORDER:
            chosen = search.filters.get(name, ())
            counted = self._without(search, name) if chosen else found.get(name, ())
            missing = [(value, 0) for value in chosen if value not in dict(counted)]
            choices = [
                Choice(value, count, value in chosen, listing.toggled(name, value))
                for value, count in (*counted, *missing)
            ]
            choices.sort(key=lambda choice: not choice.on)
            if choices:
                facets.append((name, choices[:SHOWN], choices[SHOWN:]))
        return facets

    def _without(self, search: Search, name: str) -> tuple[tuple[str, int], ...]:
        """Counts of a facet as if nothing were chosen in it, so that a second value can be."""
        others = {key: values for key, values in search.filters.items() if key != name}
        return self._store.search(replace(search, filters=others), limit=0, facets=(name,)).facets.get(name, ())

    def _others(self, it: Document, **filters: tuple[str, ...]) -> list[Hit]:
        if not all(filters.values()):
            return []
        hits = self._store.search(Search(filters=filters, sort="time"), limit=RELATED + 1).hits
        return [hit for hit in hits if hit.document.id != it.id][:RELATED]


def _node(q: str) -> Node | None:
    """What to mark; a query that is wrong marks nothing."""
    try:
        return parse(q[:MAX_QUERY]) if q else None
    except QueryError:
        return None


def _numbers(page: int, pages: int) -> list[int]:
    """Pages to link to: the first, the last and those around this one; 0 stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)} - {0})
    numbers: list[int] = []
    for number in near:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
