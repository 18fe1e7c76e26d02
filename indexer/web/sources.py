"""The pages of what runs: how each source does and which of them drift; what waits and what was refused."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.health import Health
from indexer.sources.overview import overview
from indexer.store.base import Store
from indexer.web.pages import Pages


class SourcePages:
    """Reads the crawls in the state of a data directory."""

    def __init__(self, store: Store, data: DataDir, status: Callable[[], Health], pages: Pages) -> None:
        self._store, self._data, self._status, self._pages = store, data, status, pages

    def listed(self, request: Request) -> Response:
        with self._data.state() as state:
            sources = overview(state, datetime.now(UTC))
        return self._pages.show("sources", sources=sources)

    def status(self, request: Request) -> Response:
        return self._pages.show("status", health=self._status(), documents=self._store.count())
