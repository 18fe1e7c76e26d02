"""Each store that there is, filled with the same documents."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.store import open_store
from indexer.store.base import Store
from tests.indexer.store.corpus import corpus

Opener = Callable[[Path], Store]
STORES: dict[str, Opener] = {"embedded": lambda folder: open_store("embedded", folder, writable=True)}


@pytest.fixture(scope="session", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that holds `documents`; don't write to it."""
    store = STORES[request.param](tmp_path_factory.mktemp("store"))
    store.put(corpus())
    yield store
    store.close()


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of one's own."""
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return corpus()
