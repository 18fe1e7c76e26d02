"""The web page and its JSON API: routes, and what is answered when something is wrong."""

import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from indexer.alerts.messages.unsubscribe import PATH as UNSUBSCRIBE
from indexer.commands import Place
from indexer.health import Health
from indexer.state import StateError
from indexer.store.base import Store, StoreError
from indexer.store.query import QueryError
from indexer.web.alerts import AlertPages
from indexer.web.api import Api
from indexer.web.campaigns import CampaignPages
from indexer.web.documents import DocumentPages
from indexer.web.evidence import EvidencePages
from indexer.web.known import Known
from indexer.web.lenders import LenderPages
from indexer.web.listing import ListingError
from indexer.web.overview import Overview
from indexer.web.pages import Pages
from indexer.web.practices import PracticePages
from indexer.web.probes import Probes
from indexer.web.saved import SavedPages
from indexer.web.search import SearchPage
from indexer.web.security import HEADERS, SecurityHeaders
from indexer.web.server import serve
from indexer.web.settings import SettingsPage
from indexer.web.sources import SourcePages
from indexer.web.stories import StoryPages
from indexer.web.unsubscribe import Unsubscribe
from indexer.web.versions import VersionPages

__all__ = ["create_app", "serve"]

STATIC = Path(__file__).with_name("static")
SAID = {
    HTTPStatus.NOT_FOUND: "没有这个页面，或这篇文档已不在索引中。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址只能读取。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "程序内部出错，详情见服务端日志。",
}


def create_app(store: Store, place: Place, known: Known, *, status: Callable[[], Health]) -> Starlette:
    """The application over a store, and `place` for what is not index.

    `status` is called from other threads; days begin and times are shown in the zone of the settings.
    """
    zone, data = place.settings.zone, place.data
    pages = Pages(zone, known)
    errors, api, alerts = _Errors(pages), Api(store, zone), AlertPages(data, pages)
    saved = SavedPages(store, place, pages)
    overview = Overview(store, data, status, saved, known, zone, pages)
    lenders, practices = LenderPages(store, data, known, zone, pages), PracticePages(store, known, zone, pages)
    stories, campaigns = StoryPages(store, zone, pages), CampaignPages(store, zone, pages)
    documents, versions = DocumentPages(store, data, zone, pages), VersionPages(store, place, pages)
    probes = Probes(store, data)
    evidence, sources = EvidencePages(store, data, pages), SourcePages(store, data, status, pages)
    return Starlette(
        routes=[
            Route("/", overview.show),
            Route("/search", SearchPage(store, zone, pages).show),
            Route("/searches", saved.listed, methods=["GET"]),
            Route("/searches", saved.kept, methods=["POST"]),
            Route("/searches/{seq:int}", saved.opened),
            Route("/searches/{seq:int}/delete", saved.deleted, methods=["POST"]),
            Route("/lenders", lenders.listed),
            Route("/lenders/{id}", lenders.one),
            Route("/practices", practices.listed),
            Route("/practices/{id}", practices.one),
            Route("/documents/{id}", documents.one),
            Route("/documents/{id}/versions", versions.of),
            Route("/documents/{id}/evidence", evidence.ask, methods=["GET"]),
            Route("/documents/{id}/evidence", evidence.opened, methods=["POST"]),
            Route("/evidence/{token}", evidence.frame),
            Route("/stories", stories.listed),
            Route("/stories/{id}", stories.one),
            Route("/campaigns", campaigns.listed),
            Route("/campaigns/{id}", campaigns.one),
            Route("/sources", sources.listed),
            Route("/status", sources.status),
            Route("/settings", SettingsPage(place, known, pages).show),
            Route("/alerts", alerts.listed),
            Route("/alerts/{seq:int}", alerts.one),
            Route("/ack/{token}", alerts.invited, methods=["GET"]),
            Route("/ack/{token}", alerts.acknowledged, methods=["POST"]),
            Route("/api/alerts", alerts.api),
            Route(UNSUBSCRIBE, Unsubscribe(data, pages).page, methods=["GET", "POST"]),
            Route("/api/search", api.search),
            Route("/api/documents/{id}", api.document),
            Route("/api/trends", api.trends),
            Route("/healthz", probes.healthz),
            Route("/metrics", probes.metrics),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            ListingError: errors.wrong,
            QueryError: errors.wrong,
            StoreError: errors.unavailable,
            StateError: errors.unavailable,
            HTTPException: errors.refused,
            Exception: errors.broken,
        },
    )


class _Errors:
    """Answers to requests that went wrong: a page, or JSON below /api/."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def wrong(self, request: Request, error: Exception) -> Response:
        return self._answer(request, HTTPStatus.BAD_REQUEST, str(error))

    def unavailable(self, request: Request, error: Exception) -> Response:
        return self._answer(request, HTTPStatus.SERVICE_UNAVAILABLE, f"索引暂时不可用：{error}")

    def refused(self, request: Request, error: Exception) -> Response:
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        return self._answer(request, status, SAID.get(status, status.phrase))

    def broken(self, request: Request, error: Exception) -> Response:
        response = self._answer(request, *_said(HTTPStatus.INTERNAL_SERVER_ERROR))
        # Starlette sends this one from outside of all middleware.
        response.headers.update(HEADERS)
        return response

    def _answer(self, request: Request, status: HTTPStatus, message: str) -> Response:
        if request.url.path.startswith("/api/") or request.url.path == "/healthz":
            told = json.dumps({"error": message}, ensure_ascii=False)
            return Response(told, status, media_type="application/json")
        return self._pages.show("error", status, code=status.value, message=message)


def _said(status: HTTPStatus) -> tuple[HTTPStatus, str]:
    return status, SAID[status]
