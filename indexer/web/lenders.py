"""The pages of lenders: all of them beside one another, and one with what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.alerts.alert import Alert, Alerts
from indexer.datadir import DataDir
from indexer.store.base import Hit, Search, Sort, Store
from indexer.store.lags import reply_lag
from indexer.web import counted, span, usual
from indexer.web.chart import chart
from indexer.web.known import Known
from indexer.web.listing import MAX_VALUE, Listing
from indexer.web.pages import Pages
from indexer.web.portrait import Beside, Line, compared, lines, peers, practices
from indexer.web.spark import spark
from indexer.web.view import hit_view

WORST, NEWEST = 6, 6
FACETS = ("lender", "lender_practice", "stance", "voice", "sentiment_label", "source", "site", "status")


class LenderPages:
    """Shows what is said of lenders."""

    def __init__(self, store: Store, data: DataDir, known: Known, zone: tzinfo, pages: Pages) -> None:
        self._store, self._data, self._known, self._zone, self._pages = store, data, known, zone, pages

    def listed(self, request: Request) -> Response:
        """Those that are spoken of, most first, each beside its usual; the others by name."""
        it = span.chosen(request.query_params, datetime.now(UTC), "30d")
        found = self._store.search(counted.counted(it), limit=0, facets=("lender",)).facets["lender"]
        names = [name for name, _ in found]
        windows = it.known(counted.first(self._store, it, self._zone))
        before = counted.usual(self._store, it, "lender", names)
        weeks = counted.weekly(self._store, "lender", it.now)
        rows = lines(
            [usual.change(name, count, before.get(name, 0), windows) for name, count in found],
            negative=self._facet(counted.counted(it, sentiment_label=("negative",))),
            unlawful=self._facet(counted.counted(it, stance=self._known.unlawful)),
            weeks={name: spark(line, "近 12 周每周件数") for name, line in weeks.items()},
        )
        others = [lender for lender in self._known.lenders if lender.id not in names]
        return self._pages.show(
            "lenders",
            span=it,
            spans=span.choices(it),
            rows=_sorted(rows, request.query_params.get("sort", "")),
            sort=request.query_params.get("sort", ""),
            others=others,
            listing=Listing(filters=counted.COUNTED, since=it.written),
        )

    def one(self, request: Request) -> Response:
        """One lender: trend, practices by stance, voices, sources, worst posts, peers, how fast it answers."""
        id = request.path_params["id"]
        it = span.chosen(request.query_params, datetime.now(UTC), "30d")
        lender = self._known.lender(id) if len(id) <= MAX_VALUE else None
        everything = Search(filters={"lender": (id[:MAX_VALUE],)})
        if lender is None and not self._store.search(everything, limit=0).total:
            raise HTTPException(404)
        here = counted.counted(it, lender=(id,))
        found = self._store.search(here, limit=0, facets=FACETS, most=self._known.most_values)
        was = self._store.search(counted.before(it, lender=(id,)), limit=0, facets=("sentiment_label",))
        windows = it.known(counted.first(self._store, it, self._zone))
        beside = self._peers(id, here)
        trend = self._store.trend(here, "day", str(self._zone))
        earlier = self._store.trend(counted.before(it, lender=(id,)), "week", str(self._zone))
        listing = Listing(filters={**counted.COUNTED, "lender": (id,)}, since=it.written)
        return self._pages.show(
            "lender",
            id=id,
            lender=lender,
            span=it,
            spans=span.choices(it),
            listing=listing,
            total=usual.change(id, found.total, was.total, windows),
            negative=dict(found.facets["sentiment_label"]).get("negative", 0),
            negative_before=dict(was.facets["sentiment_label"]).get("negative", 0) / was.total if was.total else None,
            mood=usual.mean(trend.buckets),
            mood_before=usual.mean(earlier.buckets),
            chart=chart(trend, listing),
            practices=practices(id, found.facets["lender_practice"], found.facets["stance"], self._known),
            voices=self._store.search(_all_voices(here), limit=0, facets=("voice",)).facets["voice"],
            sources=found.facets["source"],
            sites=found.facets["site"],
            statuses=found.facets["status"],
            lag=reply_lag(self._store, id, everything),
            everyone=Listing(filters={"lender": (id,)}, since=it.written),
            peers=beside,
            compared=compared(beside, self._known),
            worst=[hit_view(hit, None) for hit in self._hits(here, "sentiment", WORST)],
            newest=[hit_view(hit, None) for hit in self._hits(here, "time", NEWEST)],
            alerts=self._alerts(id),
        )

    def _facet(self, search: Search) -> dict[str, int]:
        return dict(self._store.search(search, limit=0, facets=("lender",)).facets["lender"])

    def _hits(self, search: Search, sort: Sort, limit: int) -> tuple[Hit, ...]:
        return self._store.search(replace(search, sort=sort), limit=limit).hits

    def _peers(self, id: str, here: Search) -> list[Beside]:
        """The lender and those of its kind that are most spoken of, side by side."""
        names = self._known.peers(id)
        return peers(self._store, id, names, here, self._known) if names else []

    def _alerts(self, id: str) -> list[Alert]:
        with self._data.state() as state:
            return [alert for alert in Alerts(state).newest(200) if id in alert.facts.lenders][:5]


def _all_voices(search: Search) -> Search:
    """The same whoever speaks."""
    return replace(search, filters={name: it for name, it in search.filters.items() if name != "voice"})


def _sorted(rows: list[Line], by: str) -> list[Line]:
    keys = {
        "rise": lambda row: -row.change.strength,
        "negative": lambda row: -row.negative_share,
        "unlawful": lambda row: -row.unlawful,
    }
    return sorted(rows, key=keys[by]) if by in keys else rows
