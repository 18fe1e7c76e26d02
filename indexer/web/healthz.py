"""Whether the page works, for what watches over it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from indexer.store.base import Store


class Healthz:
    """Answers where the store does."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def told(self, request: Request) -> Response:
        return JSONResponse({"documents": self._store.count()})
