"""The pages of stories: texts that are reprinted most, and one of them from its first print on."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.document import Document
from indexer.store.base import Search, Store
from indexer.web import span
from indexer.web.chart import chart
from indexer.web.listing import Listing
from indexer.web.pages import Pages

LISTED = 30
PRINTS = 100
"""Prints that are listed one by one, the newest."""
STORY = re.compile("[0-9a-z]{8,64}")


@dataclass(frozen=True)
class Story:
    """A text and how often it was reprinted in the span; `first` is its first print, None where that has gone."""

    id: str
    reprints: int
    first: Document | None


@dataclass(frozen=True)
class Print:
    """A document that prints the story, and how long after the first."""

    document: Document
    after: timedelta | None


class StoryPages:
    """Shows what spreads."""

    def __init__(self, store: Store, zone: tzinfo, pages: Pages) -> None:
        self._store, self._zone, self._pages = store, zone, pages

    def listed(self, request: Request) -> Response:
        """Those reprinted most in the span."""
        it = span.chosen(request.query_params, datetime.now(UTC), "30d")
        search = Search(filters={"reprint": ("true",)}, since=it.since, until=it.now)
        found = self._store.search(search, limit=0, facets=("story",)).facets["story"][:LISTED]
        stories = [Story(id, count, self._first(id)) for id, count in found]
        return self._pages.show("stories", span=it, spans=span.choices(it), stories=stories, listing=Listing())

    def one(self, request: Request) -> Response:
        """Who printed it first, how it spread over time and sites, whom it names, which contacts it carries."""
        id = request.path_params["id"]
        search = Search(filters={"story": (id,)}, sort="time")
        facets = ("site", "source", "lender", "contact", "voice", "campaign")
        found = self._store.search(search, limit=PRINTS, facets=facets) if STORY.fullmatch(id) else None
        if found is None or not found.total:
            raise HTTPException(404)
        documents = [hit.document for hit in found.hits][::-1]
        first = self._first_of(documents)
        listing = Listing(filters={"story": (id,)})
        return self._pages.show(
            "story",
            id=id,
            total=found.total,
            first=first,
            prints=prints(documents, first),
            last=documents[-1],
            chart=chart(self._store.trend(search, "day", str(self._zone)), listing),
            facets=found.facets,
            listing=listing,
        )

    def _first(self, id: str) -> Document | None:
        hits = self._store.search(Search(filters={"story": (id,)}, sort="time"), limit=1).hits
        return self._first_of([hit.document for hit in hits])

    def _first_of(self, documents: list[Document]) -> Document | None:
        """The first print: among these, or the one that a reprint names."""
        for it in documents:
            if it.reprint_of is None:
                return it
        named = documents[0].reprint_of if documents else None
        return self._store.get([named]).get(named) if named else None


def prints(documents: list[Document], first: Document | None) -> list[Print]:
    """The documents, oldest first, each with its distance to the first print."""
    return [Print(it, it.at - first.at if first and it.id != first.id else None) for it in documents]
