"""The API as an application of its own, mounted below /api."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.health import Health
from indexer.state import StateError
from indexer.store.base import Store, StoreError
from indexer.store.query import QueryError
from indexer.web.api.described import described
from indexer.web.api.reading import Reading
from indexer.web.api.working import Working
from indexer.web.errors import SAID
from indexer.web.handled import Handled
from indexer.web.known import Known
from indexer.web.listing import ListingError
from indexer.web.problem import problem

LONGEST_BODY = 64_000
"""Bytes."""


def create_api(
    store: Store, data: DataDir, handled: Handled, known: Known, *, status: Callable[[], Health], zone: tzinfo
) -> FastAPI:
    """Who may ask is decided before it, see web.access."""
    api = FastAPI(
        title="dunwatch",
        version="1",
        summary="Public complaints about debt collection, and what a team does about them",
        openapi_url="/openapi.json",
        docs_url=None,  # FastAPI's pages load scripts of others: ours is at /api/docs
        redoc_url=None,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        redirect_slashes=False,
        max_body_size=LONGEST_BODY,
    )
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)
    api.include_router(Reading(store, data, handled, known, status, zone).router())
    api.include_router(Working(store, data, handled).router())
    described(api)
    return api


def _invalid(request: Request, error: Exception) -> Response:
    problems: list[Any] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    told = "；".join(f"{'.'.join(map(str, it['loc'][1:]))}：{it['msg']}" for it in problems[:5])
    return problem(HTTPStatus.BAD_REQUEST, f"参数有误：{told}")


def _wrong(request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, str(error))


def _unavailable(request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"索引暂时不可用：{error}")


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _broken(request, error)
    status = HTTPStatus(error.status_code)
    return problem(status, SAID.get(status, status.phrase), error.headers)


def _broken(request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, SAID[HTTPStatus.INTERNAL_SERVER_ERROR])


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    RequestValidationError: _invalid,
    ListingError: _wrong,
    QueryError: _wrong,
    StoreError: _unavailable,
    StateError: _unavailable,
    HTTPException: _refused,
    Exception: _broken,
}
