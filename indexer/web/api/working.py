"""What a team does about documents, by the API."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from indexer.datadir import DataDir
from indexer.handling import Change, Handlings
from indexer.store.base import Store
from indexer.web.api import told
from indexer.web.api.asked import AskedHandling, NewHandling
from indexer.web.api.reading import DocumentId
from indexer.web.find import named
from indexer.web.guard import detail
from indexer.web.handled import Handled


class Working:
    """Reads and changes the handling of a store's documents."""

    def __init__(self, store: Store, data: DataDir, handled: Handled) -> None:
        self._store, self._data, self._handled = store, data, handled

    def router(self) -> APIRouter:
        made = APIRouter(tags=["work"])
        path = "/documents/{id}/handling"
        made.add_api_route("/handling", self.listed, response_model=told.HandledList, name="handled documents")
        made.add_api_route(path, self.one, response_model=told.HandledWith, name="handling")
        made.add_api_route(path, self.change, methods=["PUT"], response_model=told.HandledWith, name="change handling")
        return made

    def listed(self, asked: Annotated[AskedHandling, Query()]) -> told.HandledList:
        """Documents in these states, the last change first. Of new ones only those that somebody touched."""
        with self._data.state() as state:
            found = Handlings(state).listed(asked.state or ["in-hand"], asked.limit, asked.offset)
            return told.HandledList(handling=[told.Handled.of(it) for it in found])

    def one(self, id: DocumentId) -> told.HandledWith:
        """How a document is handled, with every change."""
        named(self._store, id)
        shown = self._handled.shown(id)
        history = [told.Handled.of(it) for it in shown.history]
        return told.HandledWith(**told.Handled.of(shown.now).model_dump(), history=history)

    def change(self, request: Request, id: DocumentId, new: NewHandling) -> told.HandledWith:
        """Change how a document is handled; for analysts."""
        named(self._store, id)
        self._handled.change([id], Change(new.state, new.owner, new.note))
        detail(request, f"{new.state or '='} {new.owner or '='}")
        return self.one(id)
