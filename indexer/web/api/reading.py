"""What the API tells: documents, searches, trends, alerts, campaigns, lenders, sources."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer import console
from indexer.alerts.alert import Alerts
from indexer.alerts.told import told as told_alert
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.health import Health
from indexer.sources.overview import overview
from indexer.store.base import FACETS, Search, Store
from indexer.web.api import told
from indexer.web.api.asked import AskedSearch, AskedTrend
from indexer.web.find import named
from indexer.web.guard import detail
from indexer.web.handled import Handled
from indexer.web.hands import hand, hands
from indexer.web.known import Known
from indexer.web.listing import MAX_REACH, Listing, ListingError

NEWEST_ALERTS = 200
DocumentId = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{24}$"}, description="24 hex digits")]
CampaignId = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{16}$"}, description="16 hex digits")]


class Reading:
    """Answers from a store and the state of a data directory."""

    def __init__(
        self,
        store: Store,
        data: DataDir,
        handled: Handled,
        known: Known,
        status: Callable[[], Health],
        zone: tzinfo,
    ) -> None:
        self._store, self._data, self._handled, self._known = store, data, handled, known
        self._status, self._zone = status, zone

    def router(self) -> APIRouter:
        made = APIRouter(tags=["reading"])
        made.add_api_route("/search", self.search, response_model=told.Found, name="search")
        made.add_api_route("/documents/{id}", self.document, response_model=Document, name="document")
        made.add_api_route("/trends", self.trends, response_model=told.Trend, name="trends")
        made.add_api_route("/alerts", self.alerts, response_model=told.Alerts, name="alerts")
        made.add_api_route("/campaigns", self.campaigns, response_model=told.Campaigns, name="campaigns")
        made.add_api_route("/campaigns/{id}", self.campaign, response_model=told.Campaign, name="campaign")
        made.add_api_route("/lenders", self.lenders, response_model=told.Lenders, name="lenders")
        made.add_api_route("/sources", self.sources, response_model=told.Sources, name="sources")
        return made

    # What has been made as JSON already goes out as it is: documents were checked when they were stored.

    def search(self, request: Request, asked: Annotated[AskedSearch, Query()]) -> Response:
        """A page of hits with the total and the facets."""
        offset = (asked.page - 1) * asked.limit
        if offset + asked.limit > MAX_REACH:
            raise ListingError(f"只能翻到第 {MAX_REACH} 条：请缩小范围")
        search = self._handled.search(Listing.read(request.query_params))
        found = self._store.search(search, offset=offset, limit=asked.limit, facets=FACETS)
        detail(request, f"{len(found.hits)} of {found.total} documents")
        return _json(console.results_json(found))

    def document(self, id: DocumentId) -> Response:
        """One document."""
        return _json(named(self._store, id).model_dump_json())

    def trends(self, request: Request, asked: Annotated[AskedTrend, Query()]) -> Response:
        """Counts and mean sentiment over time, by publication."""
        search = self._handled.search(Listing.read(request.query_params))
        return _json(console.trend_json(self._store.trend(search, asked.by, str(self._zone))))

    def alerts(self) -> told.Alerts:
        """The newest alerts."""
        with self._data.state() as state:
            found = [told.Alert.model_validate(told_alert(it)) for it in Alerts(state).newest(NEWEST_ALERTS)]
        return told.Alerts(alerts=found)

    def campaigns(self) -> told.Campaigns:
        """The largest campaigns."""
        return told.Campaigns(campaigns=[told.Campaign.of(it) for it in hands(self._store, self._zone)])

    def campaign(self, id: CampaignId) -> told.Campaign:
        """One campaign."""
        if (found := hand(self._store, id, self._zone)) is None:
            raise HTTPException(404)
        return told.Campaign.of(found)

    def lenders(self) -> told.Lenders:
        """The lenders that are watched."""
        counts = dict(self._store.search(Search(), limit=0, facets=("lender",)).facets["lender"])
        names = ("id", "name", "kind", "short", "products", "former")
        return told.Lenders(
            lenders=[
                told.Lender(**{name: getattr(it, name) for name in names}, documents=counts.get(it.id))
                for it in self._known.lenders
            ]
        )

    def sources(self) -> told.Sources:
        """How the crawls are."""
        now = self._status()
        with self._data.state() as state:
            found = [told.Source.of(it) for it in overview(state, datetime.now(UTC))]
        return told.Sources(waiting=now.waiting, rejected=now.rejected, sources=found)


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
