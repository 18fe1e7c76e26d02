"""The pages of what runs: how each source does and which of them drift; what waits and what was refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from indexer.commands import Place
from indexer.health import Health
from indexer.sources.overview import overview
from indexer.sources.refusals import Refusal, refusals
from indexer.state import State
from indexer.store.base import Store
from indexer.web.pages import Pages

LONGEST = 200
"""Characters of a reason that are shown."""


class SourcePages:
    """Reads the crawls in the state of a data directory."""

    def __init__(self, store: Store, place: Place, status: Callable[[], Health], pages: Pages) -> None:
        self._store, self._place, self._status, self._pages = store, place, status, pages

    def listed(self, request: Request) -> Response:
        with self._place.data.state() as state:
            sources, refused = overview(state, datetime.now(UTC)), self._refused(state)
        return self._pages.show("sources", sources=sources, refused=refused)

    def _refused(self, state: State) -> Mapping[str, list[Refusal]]:
        """Masked, as reasons may quote a page: whoever may read pages may read them."""
        found = refusals(state)
        if not found:
            return {}
        masker = self._place.masker()
        return {
            source: [replace(it, reason=masker.mask(it.reason).text[:LONGEST]) for it in reasons]
            for source, reasons in found.items()
        }

    def status(self, request: Request) -> Response:
        return self._pages.show("status", health=self._status(), documents=self._store.count())
