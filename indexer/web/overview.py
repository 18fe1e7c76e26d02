"""The first page: what changed since yesterday, or in a longer span, beside what is usual."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from indexer.alerts.alert import Alerts
from indexer.datadir import DataDir
from indexer.health import Health
from indexer.sources.overview import overview as sources
from indexer.store.base import FILTERS, Bucket, Hit, Search, Store, Trend
from indexer.web import counted, span, usual
from indexer.web.chart import Chart, chart
from indexer.web.known import Known
from indexer.web.listing import Listing
from indexer.web.pages import Pages
from indexer.web.saved import SavedPages
from indexer.web.span import Span
from indexer.web.spark import Spark, spark
from indexer.web.usual import Change
from indexer.web.view import HitView, hit_view

RISING = 8
WORST = 6
CAMPAIGNS = 6
SEARCHED = {"q", "from", "to", "sort", "page", *FILTERS}
"""What an address of the search page has: that page was here once."""


@dataclass(frozen=True)
class Riser:
    """A lender or practice that is more spoken of than usual, with its days."""

    change: Change
    days: Spark | None


@dataclass(frozen=True)
class Figures:
    """The span beside the time before it. `mood` is the mean sentiment, `mood_before` what it was."""

    documents: Change
    complaints: Change
    unlawful: Change
    mood: float | None
    mood_before: float | None


@dataclass(frozen=True)
class NewCampaign:
    """A campaign whose first document is of the span."""

    id: str
    documents: int


class Overview:
    """Puts the first page together."""

    def __init__(
        self,
        store: Store,
        data: DataDir,
        status: Callable[[], Health],
        saved: SavedPages,
        known: Known,
        zone: tzinfo,
        pages: Pages,
    ) -> None:
        self._store, self._data, self._status, self._saved = store, data, status, saved
        self._known, self._zone, self._pages = known, zone, pages

    def show(self, request: Request) -> Response:
        if SEARCHED & set(request.query_params):
            return RedirectResponse(f"/search?{request.url.query}", 308)
        it = span.chosen(request.query_params, datetime.now(UTC))
        trend = self._store.trend(
            Search(filters=counted.COUNTED, since=it.baseline, until=it.now), "day", str(self._zone)
        )
        windows = it.known(next((bucket.start for bucket in trend.buckets if bucket.count), None))
        with self._data.state() as state:
            alerts, watched = Alerts(state).live(), sources(state, it.now)
        listing = Listing(filters=counted.COUNTED, since=it.written)
        return self._pages.show(
            "overview",
            span=it,
            spans=span.choices(it),
            listing=listing,
            figures=self._figures(it, windows),
            chart=self._chart(it, trend, listing),
            lenders=self._risers(it, windows, "lender"),
            practices=self._risers(it, windows, "stance"),
            campaigns=self._campaigns(it),
            worst=self._worst(it),
            alerts=alerts[::-1],
            searches=self._saved.shown(),
            sources=watched,
            crawled=max((source.last.finished_at or source.last.started_at for source in watched), default=None),
            troubled=[source for source in watched if source.drift or source.last.outcome == "failed"],
            health=self._status(),
            empty=not self._store.count(),
        )

    def _figures(self, it: Span, windows: float) -> Figures:
        now, before = counted.counted(it), counted.before(it)
        documents, complaints = self._count(now)
        documents_before, complaints_before = self._count(before)
        unlawful, unlawful_before = self._unlawful(now), self._unlawful(before)
        return Figures(
            usual.change("documents", documents, documents_before, windows),
            usual.change("complaints", complaints, complaints_before, windows),
            usual.change("unlawful", unlawful, unlawful_before, windows),
            self._mood(now),
            self._mood(before),
        )

    def _unlawful(self, search: Search) -> int:
        """Documents that accuse of something unlawful."""
        if not self._known.unlawful:
            return 0
        return self._store.search(search.with_filter("stance", *self._known.unlawful), limit=0).total

    def _count(self, search: Search) -> tuple[int, int]:
        """Documents, and complaints among them."""
        found = self._store.search(search, limit=0, facets=("voice",))
        return found.total, dict(found.facets["voice"]).get("complaint", 0)

    def _mood(self, search: Search) -> float | None:
        return usual.mean(self._store.trend(search, "week", str(self._zone)).buckets)

    def _chart(self, it: Span, trend: Trend, listing: Listing) -> Chart:
        first = it.baseline if it.length <= timedelta(days=7) else it.since
        buckets = tuple(bucket for bucket in trend.buckets if bucket.start >= first - timedelta(days=1))
        return chart(Trend(buckets, 0), listing)

    def _risers(self, it: Span, windows: float, name: str) -> list[Riser]:
        """Lenders, or practices that are asserted, which rise most; where none does, those most spoken of."""
        facet = self._store.search(counted.counted(it), limit=0, facets=(name,)).facets[name]
        now = [(value, count) for value, count in facet if name != "stance" or value.endswith(":asserted")]
        before = counted.usual(self._store, it, name, [value for value, _ in now])
        found = usual.changes(now, before, windows)[:RISING]
        return [Riser(change, self._days(it, name, change.name)) for change in found]

    def _days(self, it: Span, name: str, value: str) -> Spark | None:
        since = it.now - max(it.length, timedelta(days=28))
        search = Search(filters={**counted.COUNTED, name: (value,)}, since=since, until=it.now)
        return days(counted.daily(self._store, search, self._zone), since, it.now, self._zone)

    def _campaigns(self, it: Span) -> list[NewCampaign]:
        now = Search(since=it.since, until=it.now)
        found = self._store.search(now, limit=0, facets=("campaign",)).facets["campaign"]
        if not found:
            return []
        earlier = Search(filters={"campaign": [id for id, _ in found]}, until=it.since)
        old = dict(self._store.search(earlier, limit=0, facets=("campaign",)).facets["campaign"])
        return [NewCampaign(id, count) for id, count in found if id not in old][:CAMPAIGNS]

    def _worst(self, it: Span) -> list[HitView]:
        filters = {**counted.COUNTED, "sentiment_label": ("negative",)}
        search = Search(filters=filters, since=it.since, until=it.now, sort="sentiment")
        hits: tuple[Hit, ...] = self._store.search(search, limit=WORST).hits
        return [hit_view(hit, None) for hit in hits]


def days(buckets: tuple[Bucket, ...], since: datetime, until: datetime, zone: tzinfo) -> Spark | None:
    """A small line of the days from `since` to `until`, those without documents too."""
    counts = {bucket.start.date(): bucket.count for bucket in buckets}
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    values = [counts.get(first + timedelta(days=day), 0) for day in range(1, (last - first).days + 1)]
    return spark(values, f"近 {len(values)} 天每日件数，最高 {max(values, default=0)}")
