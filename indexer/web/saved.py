"""Saved searches: kept from the search page, listed with what is new in each, opened, deleted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from indexer.commands import Place
from indexer.saved import LONGEST, MOST, SavedSearch, SavedSearches
from indexer.store.base import Store
from indexer.store.query import QueryError
from indexer.web.handled import Handled
from indexer.web.listing import HANDLING, Listing, ListingError, whole
from indexer.web.pages import Pages
from indexer.web.visitor import visiting

HOURS = {24: "24 小时", 72: "3 天", 168: "7 天"}
"""Windows within which a number of stories is an alert."""
MOST_STORIES = 100_000


@dataclass(frozen=True)
class Shown:
    """A saved search with what it finds; `new` since this reader last looked, None where it was never opened.

    `total` is None where its words or its states can't be asked for any more.
    """

    saved: SavedSearch
    total: int | None
    new: int | None

    @property
    def url(self) -> str:
        return f"/searches/{self.saved.seq}"


def who() -> str:
    """The reader whose visits are told apart; where nobody logs in, everybody is one."""
    visitor = visiting.get()
    return visitor.name if visitor.by == "session" else ""


class SavedPages:
    """Keeps and shows saved searches."""

    def __init__(self, store: Store, place: Place, handled: Handled, pages: Pages) -> None:
        self._store, self._place, self._handled, self._pages = store, place, handled, pages

    def listed(self, request: Request) -> Response:
        return self._pages.show("searches", searches=self.shown(), hours=HOURS)

    def shown(self) -> list[Shown]:
        """All of them, those with most that is new first."""
        with self._place.data.state() as state:
            table = SavedSearches(state)
            saved, seen = table.all(), table.seen(who())
        found = []
        for it in saved:
            total = self._total(it)
            known = total is not None and it.seq in seen
            found.append(Shown(it, total, max(0, (total or 0) - seen[it.seq]) if known else None))
        return sorted(found, key=lambda it: (-(it.new or 0), it.saved.name))

    async def kept(self, request: Request) -> Response:
        async with request.form(max_files=0, max_fields=500, max_part_size=64_000) as form:
            saved = read(form, self._place)
        with self._place.data.state() as state:
            table = SavedSearches(state)
            if len(table.all()) >= MOST:
                raise ListingError(f"最多保存 {MOST} 个搜索：请先删除不用的")
            seq = table.keep(saved, datetime.now(UTC), who())
            table.looked(seq, self._total(saved) or 0, datetime.now(UTC), who())
        return RedirectResponse("/searches", HTTPStatus.SEE_OTHER)

    def opened(self, request: Request) -> Response:
        """Leads to what it finds, the newest first, and notes that it was looked at."""
        seq = int(request.path_params["seq"])
        with self._place.data.state() as state:
            saved = SavedSearches(state).get(seq)
            if saved is None:
                raise HTTPException(404)
            SavedSearches(state).looked(seq, self._total(saved) or 0, datetime.now(UTC), who())
        listing = Listing(q=saved.q, filters={name: tuple(it) for name, it in saved.filters.items()}, order="time")
        return RedirectResponse(listing.url(), HTTPStatus.SEE_OTHER)

    def deleted(self, request: Request) -> Response:
        with self._place.data.state() as state:
            SavedSearches(state).forget(int(request.path_params["seq"]))
        return RedirectResponse("/searches", HTTPStatus.SEE_OTHER)

    def _total(self, saved: SavedSearch) -> int | None:
        try:
            return self._store.search(self._handled.narrowed(saved.search(), saved.states), limit=0).total
        except (QueryError, ListingError):  # kept by an earlier version of the language, or too many are handled now
            return None


def read(form: FormData, place: Place) -> SavedSearch:
    """What was sent. Raises ListingError, QueryError."""
    words = QueryParams([(name, value) for name, value in form.multi_items() if isinstance(value, str)])
    listing = Listing.read(words)
    listing.search(place.settings.zone)
    name = words.get("name", "").strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ListingError(f"请给这个搜索起个名字，最多 {LONGEST} 个字")
    least = words.get("at_least", "").strip()
    if least and HANDLING in listing.filters:
        raise ListingError("预警不看处理状态：请去掉处理状态，或不填预警件数")
    hours = int(words.get("hours", "24")) if words.get("hours", "24") in map(str, HOURS) else 24
    return SavedSearch(
        name, listing.q, listing.filters, whole(least, "预警件数", MOST_STORIES) if least else None, hours
    )
