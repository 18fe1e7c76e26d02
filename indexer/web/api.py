"""The JSON API: the same as `dunwatch search --json` and `dunwatch trends --json` give."""

import re
from datetime import tzinfo
from typing import get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer import console
from indexer.document import Document
from indexer.store.base import FACETS, By, Store
from indexer.web.listing import MAX_REACH, PAGE, Listing, ListingError, whole

MAX_LIMIT = 200
"""Hits of one answer."""
PERIODS: tuple[By, ...] = get_args(By)
_ID = re.compile("[0-9a-f]{24}")


class Api:
    """The JSON API over a store."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        self._store, self._zone = store, zone

    def search(self, request: Request) -> Response:
        """Total, hits and facets; `limit` and `page` as well as all that the search page takes."""
        listing = Listing.read(request.query_params)
        limit = whole(request.query_params.get("limit") or str(PAGE), "limit ", MAX_LIMIT)
        offset = (listing.page - 1) * limit
        if offset + limit > MAX_REACH:
            raise ListingError(f"只能翻到第 {MAX_REACH} 条：请缩小范围")
        found = self._store.search(listing.search(self._zone), offset=offset, limit=limit, facets=FACETS)
        return _json(console.results_json(found))

    def document(self, request: Request) -> Response:
        return _json(find(self._store, request).model_dump_json())

    def trends(self, request: Request) -> Response:
        """Counts and mean sentiment by `by`: hour, day or week."""
        asked = request.query_params.get("by") or "day"
        by = next((period for period in PERIODS if period == asked), None)
        if by is None:
            raise ListingError(f"by 应为 {'、'.join(PERIODS)} 之一")
        search = Listing.read(request.query_params).search(self._zone)
        return _json(console.trend_json(self._store.trend(search, by, str(self._zone))))


def find(store: Store, request: Request) -> Document:
    """The Document that the address names. Raises HTTPException 404."""
    id = request.path_params["id"]
    found = store.get([id]).get(id) if _ID.fullmatch(id) else None
    if found is None:
        raise HTTPException(404)
    return found


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
