"""How documents are handled: shown and changed on their pages, in bulk on a page of hits, and searched by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.commands import Place
from indexer.handling import MOST_NOTE, MOST_OWNER, STATES, Change, Handling, HandlingError, Handlings, HandlingState
from indexer.people.users import Users
from indexer.store.base import Search, Store
from indexer.web.addresses import document_url
from indexer.web.find import find
from indexer.web.guard import detail
from indexer.web.listing import HANDLING, Listing, ListingError
from indexer.web.visitor import visiting

MOST_AT_ONCE = 10_000
"""Documents that one click changes."""

COUNTED = 2_000
"""Documents of a state up to which its hits are counted on every page."""


@dataclass(frozen=True)
class Shown:
    """A document's handling with its history, and the names that may be put in as owner."""

    now: Handling
    history: Sequence[Handling]
    owners: Sequence[str]


class Handled:
    """Reads and changes the handling of a store's documents."""

    def __init__(self, store: Store, place: Place) -> None:
        self._store, self._data, self._zone = store, place.data, place.settings.zone
        self._masker = place.masker

    def search(self, listing: Listing) -> Search:
        """What the listing asks for, its handling included. Raises ListingError, QueryError."""
        states = [it for it in STATES if it in listing.filters.get(HANDLING, ())]
        return self.narrowed(listing.search(self._zone), states)

    def narrowed(self, search: Search, states: Sequence[HandlingState]) -> Search:
        """Raises ListingError where too many documents are handled to be named."""
        if not states:
            return search
        with self._data.state() as state:
            try:
                return Handlings(state).narrowed(search, states)
            except HandlingError as error:
                raise ListingError(str(error)) from None

    def of(self, documents: Sequence[str]) -> dict[str, Handling]:
        with self._data.state() as state:
            return Handlings(state).get(documents)

    def shown(self, document: str) -> Shown:
        with self._data.state() as state:
            table = Handlings(state)
            owners = [user.name for user in Users(state).listed()] if visiting.get().may("analyst") else []
            return Shown(table.get([document])[document], table.history(document), owners)

    def counts(self, listing: Listing) -> list[tuple[HandlingState, int | None]]:
        """How many of the hits are in each state, whichever is chosen; nothing as long as all documents are new.

        None where that would take long: a state is searched for by the ids of all its documents.
        """
        with self._data.state() as state:
            handled = Handlings(state).counts()
        if not any(handled.values()):
            return []
        base = listing.without(HANDLING).search(self._zone)
        counts: dict[HandlingState, int | None] = {"new": None}
        for it, number in handled.items():
            few = number <= COUNTED
            counts[it] = self._store.search(self.narrowed(base, [it]), limit=0).total if few else None
        others = [counts[it] for it in handled]
        if None not in others:
            counts["new"] = self._store.search(base, limit=0).total - sum(filter(None, others))
        return list(counts.items())

    def change(self, documents: Sequence[str], change: Change) -> int:
        """Change them in the visitor's name; personal data in the note is masked. Returns how many differ."""
        note = None if change.note is None else self._masker().mask(change.note).text
        with self._data.state() as state:
            return Handlings(state).change(
                documents, replace(change, note=note), visiting.get().name, datetime.now(UTC)
            )

    async def one(self, request: Request) -> Response:
        """The form on a document's page: what it says is how it is."""
        async with request.form(max_files=0, max_fields=10, max_part_size=64_000) as form:
            change = Change(_state(form), _text(form, "owner", MOST_OWNER), _text(form, "note", MOST_NOTE))
            q = str(form.get("q", ""))[:500]
        document = await run_in_threadpool(find, self._store, request)
        await run_in_threadpool(self.change, [document.id], change)
        detail(request, f"{change.state} {change.owner}")
        return _to(document_url(document.id, q) + "#handling")

    async def many(self, request: Request) -> Response:
        """The form on a page of hits: what was left empty stays as it is with each document."""
        async with request.form(max_files=0, max_fields=200, max_part_size=64_000) as form:
            owner, note = _text(form, "owner", MOST_OWNER), _text(form, "note", MOST_NOTE)
            change = Change(_state(form) if form.get("state") else None, owner or None, note or None)
            scope, query = form.get("scope"), str(form.get("query", ""))
            ids = [str(id) for id in form.getlist("shown" if scope == "page" else "id")]
        listing = Listing.read(QueryParams(query.removeprefix("?")))
        changed = await run_in_threadpool(self._change_many, listing, ids, scope == "all", change)
        detail(request, f"{changed}: {change.state or '='} {change.owner or '='}")
        address = listing.url()
        return _to(f"{address}{'&' if '?' in address else '?'}changed={changed}")

    def _change_many(self, listing: Listing, ids: Sequence[str], everything: bool, change: Change) -> int:
        if change == Change():
            raise ListingError("请选择状态，或填写负责人、备注")
        if everything:
            search = self.search(listing)
            if self._store.search(search, limit=0).total > MOST_AT_ONCE:
                raise ListingError(f"一次最多处理 {MOST_AT_ONCE:,} 篇：请缩小范围")
            ids = [it.id for it in self._store.scan(search)][:MOST_AT_ONCE]
        else:
            ids = list(self._store.get(ids))
        if not ids:
            raise ListingError("没有选中任何文档")
        return self.change(ids, change)


def _state(form: FormData) -> HandlingState:
    """Raises HTTPException 400."""
    found = next((state for state in STATES if state == form.get("state")), None)
    if found is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return found


def _text(form: FormData, name: str, most: int) -> str:
    return " ".join(str(form.get(name, "")).split())[:most]


def _to(path: str) -> Response:
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": path})
