"""The page of sources: what waits, what was refused, the last crawl of each source."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from indexer.health import Health
from indexer.store.base import Store
from indexer.web.pages import Pages


class SourcePages:
    """Shows the health of the sources."""

    def __init__(self, store: Store, status: Callable[[], Health], pages: Pages) -> None:
        self._store, self._status, self._pages = store, status, pages

    def listed(self, request: Request) -> Response:
        return self._pages.show("status", health=self._status(), documents=self._store.count())
