"""The pages of campaigns: the largest, and one of them."""

import re
from datetime import tzinfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.store.base import Store
from indexer.web.chart import chart
from indexer.web.hands import first_of, hand, hands
from indexer.web.listing import Listing
from indexer.web.pages import Pages
from indexer.web.view import hit_view

CAMPAIGN = re.compile("[0-9a-f]{16}")


class CampaignPages:
    """Shows who writes in whose name: documents that share contacts or a template."""

    def __init__(self, store: Store, zone: tzinfo, pages: Pages) -> None:
        self._store, self._zone, self._pages = store, zone, pages

    def listed(self, request: Request) -> Response:
        return self._pages.show("campaigns", hands=hands(self._store, self._zone), listing=Listing())

    def one(self, request: Request) -> Response:
        """One campaign: whom it writes about, where, since when and how it spread, with which text and contacts."""
        id = request.path_params["id"]
        found = hand(self._store, id, self._zone) if CAMPAIGN.fullmatch(id) else None
        if found is None:
            raise HTTPException(404)
        listing = Listing(filters={"campaign": (id,)})
        return self._pages.show(
            "campaign",
            hand=found,
            first=first_of(self._store, found),
            newest=[hit_view(hit, None) for hit in found.newest],
            chart=chart(found.trend, listing),
            listing=listing,
        )
