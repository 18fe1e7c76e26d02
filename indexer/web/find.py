"""The Document that an address names."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

from indexer.document import Document
from indexer.store.base import Store

_ID = re.compile("[0-9a-f]{24}")


def find(store: Store, request: Request) -> Document:
    """The Document that the address names. Raises HTTPException 404."""
    return named(store, request.path_params["id"])


def named(store: Store, id: str) -> Document:
    """The Document of that id. Raises HTTPException 404."""
    found = store.get([id]).get(id) if _ID.fullmatch(id) else None
    if found is None:
        raise HTTPException(404)
    return found
