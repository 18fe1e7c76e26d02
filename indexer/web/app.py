"""The web page and its JSON API: routes, and what is answered when something is wrong."""

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from indexer.alerts.messages.unsubscribe import PATH as UNSUBSCRIBE
from indexer.commands import Place
from indexer.health import Health
from indexer.state import StateError
from indexer.store.base import Store, StoreError
from indexer.store.query import QueryError
from indexer.web.account import Account
from indexer.web.alerts import AlertPages
from indexer.web.api import create_api
from indexer.web.apidocs import ApiDocs
from indexer.web.audit import AuditPage
from indexer.web.campaigns import CampaignPages
from indexer.web.correct import Corrections
from indexer.web.documents import DocumentPages
from indexer.web.errors import Errors
from indexer.web.evidence import EvidencePages
from indexer.web.exports import Exports
from indexer.web.guard import Guard
from indexer.web.handled import Handled
from indexer.web.known import Known
from indexer.web.lenders import LenderPages
from indexer.web.listing import ListingError
from indexer.web.login import Login
from indexer.web.overview import Overview
from indexer.web.pages import Pages
from indexer.web.practices import PracticePages
from indexer.web.probes import Probes
from indexer.web.report import ReportPage
from indexer.web.saved import SavedPages
from indexer.web.search import SearchPage
from indexer.web.security import KnownNames, SecurityHeaders
from indexer.web.server import serve
from indexer.web.settings import SettingsPage
from indexer.web.sources import SourcePages
from indexer.web.stories import StoryPages
from indexer.web.unsubscribe import Unsubscribe
from indexer.web.versions import VersionPages

__all__ = ["create_app", "serve"]

STATIC = Path(__file__).with_name("static")


class Number(Convertor[int]):
    """Numbers of rows in the state file, which have no more digits than SQLite can hold."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", Number())


def create_app(store: Store, place: Place, known: Known, *, status: Callable[[], Health]) -> Starlette:
    """The application over a store, and `place` for what is not index.

    `status` is called from other threads; days begin and times are shown in the zone of the settings.
    """
    zone, data = place.settings.zone, place.data
    pages, handled = Pages(zone, known), Handled(store, place)
    errors, alerts, login = Errors(pages), AlertPages(place, pages), Login(data, pages)
    api = create_api(store, data, handled, known, status=status, zone=zone)
    web, account = place.settings.web, Account(data, login, pages)
    saved = SavedPages(store, place, handled, pages)
    overview = Overview(store, data, status, saved, known, zone, pages)
    lenders, practices = LenderPages(store, data, known, zone, pages), PracticePages(store, known, zone, pages)
    stories, campaigns = StoryPages(store, zone, pages), CampaignPages(store, zone, pages)
    corrections = Corrections(data, known)
    documents = DocumentPages(store, data, handled, corrections, zone, pages)
    versions, evidence = VersionPages(store, place, pages), EvidencePages(store, data, pages)
    sources = SourcePages(store, place, status, pages)
    probes = Probes(store, data)
    return Starlette(
        routes=[
            Route("/", overview.show),
            Route("/search", SearchPage(store, handled, known, zone, pages).show),
            Route("/searches", saved.listed, methods=["GET"]),
            Route("/searches", saved.kept, methods=["POST"]),
            Route("/searches/{seq:number}", saved.opened),
            Route("/searches/{seq:number}/delete", saved.deleted, methods=["POST"]),
            Route("/lenders", lenders.listed),
            Route("/lenders/{id}", lenders.one),
            Route("/report", ReportPage(store, handled, known, zone, pages).show),
            Route("/practices", practices.listed),
            Route("/practices/{id}", practices.one),
            Route("/documents/{id}", documents.one),
            Route("/documents/{id}/handling", handled.one, methods=["POST"]),
            Route("/handling", handled.many, methods=["POST"]),
            Route("/export.{kind:str}", Exports(store, handled, zone).sent),
            Route("/documents/{id}/versions", versions.of),
            Route("/documents/{id}/labels", corrections.sent, methods=["POST"]),
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
            Route("/alerts/{seq:number}", alerts.one),
            Route("/alerts/{seq:number}/ack", alerts.answered, methods=["POST"]),
            Route("/ack/{token}", alerts.invited, methods=["GET"]),
            Route("/ack/{token}", alerts.acknowledged, methods=["POST"]),
            Route("/login", login.asked, methods=["GET"]),
            Route("/login", login.sent, methods=["POST"]),
            Route("/logout", login.out, methods=["POST"]),
            Route("/account", account.asked, methods=["GET"]),
            Route("/account", account.sent, methods=["POST"]),
            Route("/audit", AuditPage(data, pages).listed),
            Route(UNSUBSCRIBE, Unsubscribe(data, pages).page, methods=["GET", "POST"]),
            Route("/api/docs", ApiDocs(api, pages).show),
            Mount("/api", api),
            Route("/healthz", probes.healthz),
            Route("/metrics", probes.metrics),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(KnownNames, names=(*web.names, web.host), refuse=errors.answer),
            Middleware(Guard, data=data, private=web.private, refuse=errors.answer),
        ],
        exception_handlers={
            ListingError: errors.wrong,
            QueryError: errors.wrong,
            StoreError: errors.unavailable,
            StateError: errors.unavailable,
            HTTPException: errors.refused,
            Exception: errors.broken,
        },
    )
