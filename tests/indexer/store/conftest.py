"""Each store that there is, filled with the same documents."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store import open_store
from indexer.store.base import Store
from tests.indexer.store.corpus import corpus

STORES = ("embedded", "elasticsearch")


@contextmanager
def opened(name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of that kind."""
    if name == "embedded":
        store = open_store("embedded", folder, writable=True)
    else:
        prefix = f"test-{secrets.token_hex(4)}"
        cluster = ElasticsearchSettings(hosts=(request.getfixturevalue("es_url"),), prefix=prefix, replicas=0)
        store = open_store(cluster, folder, writable=True)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(scope="session", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that holds `documents`; don't write to it."""
    with opened(request.param, tmp_path_factory.mktemp("store"), request) as store:
        assert store.put(corpus()) == {}
        yield store


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of one's own."""
    with opened(request.param, tmp_path, request) as store:
        yield store


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return corpus()
