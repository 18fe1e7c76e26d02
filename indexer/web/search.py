"""The page of searches: hits with chart and facets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from indexer.store.base import FACETS, Search, Store
from indexer.store.query import QueryError
from indexer.web.chart import chart, recent
from indexer.web.handled import Handled
from indexer.web.known import Known
from indexer.web.listing import HANDLING, MAX_PAGE, MAX_QUERY, PAGE, SORTS, Listing, ListingError
from indexer.web.pages import Pages
from indexer.web.saved import HOURS
from indexer.web.view import hit_view

ORDER = ("lender", "practice", "stance", "voice", "status", "sentiment_label", "source", "site", "kind", "deleted")
"""Facets as the page lists them."""
SHOWN = 8
"""Values of a facet that are shown before 「更多」."""


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many hits have it (None: not counted), and the address that adds it or takes it away."""

    value: str
    count: int | None
    on: bool
    url: str


class SearchPage:
    """Searches a store."""

    def __init__(self, store: Store, handled: Handled, known: Known, zone: tzinfo, pages: Pages) -> None:
        self._store, self._handled, self._zone, self._pages = store, handled, zone, pages
        self._most = known.most_values

    def show(self, request: Request) -> Response:
        """The list of hits with chart and facets; a wrong query is told above the form that still holds it."""
        listing = Listing.read(request.query_params)
        form: dict[str, Any] = {
            "listing": listing,
            "since": listing.day(listing.since, self._zone),
            "until": listing.day(listing.until, self._zone),
            "recent": recent(listing),
            "max_query": MAX_QUERY,
            "sorts": SORTS,
            "hours": HOURS,
        }
        try:
            search, page = self._handled.search(listing), listing.page
        except (QueryError, ListingError) as error:
            return self._pages.show("search", HTTPStatus.BAD_REQUEST, **form, error=str(error))
        surveyed = self._store.survey(
            search,
            offset=(page - 1) * PAGE,
            limit=PAGE,
            facets=FACETS,
            most=self._most,
            timezone=str(self._zone),
        )
        found = surveyed.results
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
            chart=chart(surveyed.trend, listing),
            facets=[*self._handling(listing), *self._facets(listing, search, found.facets)],
            handled=self._handled.of([hit.document.id for hit in found.hits]),
            changed=_changed(request.query_params.get("changed", "")),
            empty=not found.total and not self._store.count(),
        )

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
            if name == "deleted" and not any(choice.value == "true" for choice in choices):
                continue  # most collections have nothing that was deleted
            if choices:
                facets.append((name, choices[:SHOWN], choices[SHOWN:]))
        return facets

    def _handling(self, listing: Listing) -> list[tuple[str, list[Choice], list[Choice]]]:
        """The facet of what is done about the hits."""
        chosen = listing.filters.get(HANDLING, ())
        counts = self._handled.counts(listing)
        choices = [Choice(it, count, it in chosen, listing.toggled(HANDLING, it)) for it, count in counts]
        return [(HANDLING, choices, [])] if choices else []

    def _without(self, search: Search, name: str) -> tuple[tuple[str, int], ...]:
        """Counts of a facet as if nothing were chosen in it, so that a second value can be."""
        others = {key: values for key, values in search.filters.items() if key != name}
        found = self._store.search(replace(search, filters=others), limit=0, facets=(name,), most=self._most)
        return found.facets.get(name, ())


def _changed(written: str) -> int | None:
    """How many documents were changed in bulk just now."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _numbers(page: int, pages: int) -> list[int]:
    """Pages to link to: the first, the last and those around this one; 0 stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)} - {0})
    numbers: list[int] = []
    for number in near:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
