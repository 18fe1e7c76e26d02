"""The page of one document: its text with marks, where it came from, what else is like it."""

from datetime import tzinfo
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.document import Document
from indexer.engagement import over_time
from indexer.spool import Spool
from indexer.store.base import Hit, Search, Store
from indexer.store.query import Node, QueryError, parse
from indexer.web.correct import Corrections
from indexer.web.find import find
from indexer.web.handled import Handled
from indexer.web.listing import MAX_QUERY, Listing
from indexer.web.pages import Pages
from indexer.web.thread import thread
from indexer.web.view import document_view

RELATED = 10
COUNTED = 12
"""Changes of a document's counters that its page lists."""
SHOWN = 40
"""Posts of a thread that its page lists."""


class DocumentPages:
    """Shows the Documents of a store."""

    def __init__(
        self, store: Store, data: DataDir, handled: Handled, corrections: Corrections, zone: tzinfo, pages: Pages
    ) -> None:
        self._store, self._data, self._zone, self._pages = store, data, zone, pages
        self._handled, self._corrections = handled, corrections

    def one(self, request: Request) -> Response:
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
            **self._history(it),
            handling=self._handled.shown(it.id),
            listing=Listing(),
            given=self._corrections.given(it.id),
        )

    def _history(self, it: Document) -> dict[str, Any]:
        """The thread around it, how many versions of it are kept, and the newest changes of its counters."""
        with self._data.state() as state:
            return {
                "thread": _near(thread(self._store, state, it), it),
                "versions": Spool(state).count(it.id),
                "counted": over_time(state, it.id)[-COUNTED:],
            }

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


def _near(posts: list[Document], it: Document) -> list[tuple[int, Document]]:
    """Place in the thread and post: the first, and those around this one; all where they are few."""
    here = next((place for place, post in enumerate(posts) if post.id == it.id), 0)
    numbered = list(enumerate(posts, 1))
    if len(posts) <= SHOWN:
        return numbered if len(posts) > 1 else []
    start = max(1, min(here - SHOWN // 2, len(posts) - SHOWN + 1))
    return [*numbered[:1], *numbered[start : start + SHOWN - 1]]
