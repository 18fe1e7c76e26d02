"""The pages tell the same over an Elasticsearch as over the embedded store."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from indexer.datadir import DataDir
from indexer.settings import ElasticsearchSettings
from indexer.store import open_store
from indexer.store.base import Search
from tests.indexer.web.conftest import served
from tests.indexer.web.desk import ADDRESSES


@pytest.fixture(scope="module")
def clustered(es_url: str, team: tuple[str, DataDir], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over the team's documents in a cluster, and the same data directory."""
    cluster = ElasticsearchSettings(hosts=(es_url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)
    store = open_store(cluster, tmp_path_factory.mktemp("unused"), writable=True)
    embedded = open_store("embedded", team[1].index, writable=False)
    try:
        assert store.put(list(embedded.scan(Search()))) == {}
        with served(store, data=team[1].path) as url:
            yield url
    finally:
        embedded.close()
        store.close()


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_the_same(clustered: str, team: tuple[str, DataDir], name: str) -> None:
    ours, theirs = (httpx.get(url + ADDRESSES[name]) for url in (team[0], clustered))
    assert ours.status_code == theirs.status_code == 200
    assert ours.text == theirs.text
