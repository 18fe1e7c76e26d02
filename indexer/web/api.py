"""The JSON API: the same as `dunwatch search --json` and `dunwatch trends --json` give."""

import json
from datetime import tzinfo
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from indexer import console
from indexer.store.base import FACETS, By, Store
from indexer.web.find import find
from indexer.web.handled import Handled
from indexer.web.listing import MAX_REACH, PAGE, Listing, ListingError, whole

MAX_LIMIT = 200
"""Hits of one answer."""
PERIODS: tuple[By, ...] = get_args(By)


class Api:
    """The JSON API over a store."""

    def __init__(self, store: Store, zone: tzinfo, handled: Handled) -> None:
        self._store, self._zone, self._handled = store, zone, handled

    def search(self, request: Request) -> Response:
        """Total, hits and facets; `limit` and `page` as well as all that the search page takes."""
        listing = Listing.read(request.query_params)
        limit = whole(request.query_params.get("limit") or str(PAGE), "limit ", MAX_LIMIT)
        offset = (listing.page - 1) * limit
        if offset + limit > MAX_REACH:
            raise ListingError(f"只能翻到第 {MAX_REACH} 条：请缩小范围")
        found = self._store.search(self._handled.search(listing), offset=offset, limit=limit, facets=FACETS)
        return _json(console.results_json(found))

    def document(self, request: Request) -> Response:
        return _json(find(self._store, request).model_dump_json())

    def trends(self, request: Request) -> Response:
        """Counts and mean sentiment by `by`: hour, day or week."""
        asked = request.query_params.get("by") or "day"
        by = next((period for period in PERIODS if period == asked), None)
        if by is None:
            raise ListingError(f"by 应为 {'、'.join(PERIODS)} 之一")
        search = self._handled.search(Listing.read(request.query_params))
        return _json(console.trend_json(self._store.trend(search, by, str(self._zone))))

    def healthz(self, request: Request) -> Response:
        return _json(json.dumps({"documents": self._store.count()}))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
