"""Documents per second into Elasticsearch: the store against helpers.parallel_bulk with the same documents and mapping.

`python -m bench.elastic [--documents 20000] [--rounds 3]`. Starts a node of our own (see tests/elasticsearch), or
uses the one that DUNWATCH_TEST_ES names. Both begin from the same Documents, so that making an index's fields of them
counts for both; both end with a refresh.
"""

import argparse
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from elasticsearch import helpers

from bench.search import documents
from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_fields as fields
from indexer.store.base import month
from indexer.store.elastic import ElasticStore
from tests.elasticsearch.server import one_server

PUT = 5_000
"""Documents that the store is given at once."""


def ours(store: ElasticStore, batch: list[Document]) -> None:
    for start in range(0, len(batch), PUT):
        assert store.put(batch[start : start + PUT]) == {}


def plain(store: ElasticStore, batch: list[Document]) -> None:
    """The helper on an index made beforehand, with its defaults but for the number of threads."""
    name = f"{store.alias}-v{store.version}-{month(batch[0])}"
    actions = ({"_index": name, "_id": it.id, "_source": fields.encode(it)} for it in batch)
    for ok, told in helpers.parallel_bulk(store.client, actions, thread_count=2):
        assert ok, told
    store.client.indices.refresh(index=name)


def rate(work: Callable[[ElasticStore, list[Document]], None], url: str, batch: list[Document]) -> float:
    """Documents per second into an empty index."""
    cluster = ElasticsearchSettings(hosts=(url,), prefix=f"bench-{secrets.token_hex(3)}", replicas=0)
    store = ElasticStore(cluster, writable=True)
    store.put(batch[:1])
    begin = time.perf_counter()
    work(store, batch)
    taken = time.perf_counter() - begin
    assert store.count() == len(batch)
    store.client.indices.delete(index=",".join(store.client.indices.get_alias(name=store.alias).body))
    store.close()
    return len(batch) / taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    batch = list(documents(given.documents))
    rates: dict[str, list[float]] = {"parallel_bulk": [], "dunwatch": []}
    with one_server(Path(tempfile.mkdtemp(prefix="dunwatch-bench-"))) as url:
        rate(ours, url, batch[:5_000])  # the node's first thousands are slow
        for _ in range(given.rounds):
            rates["parallel_bulk"].append(rate(plain, url, batch))
            rates["dunwatch"].append(rate(ours, url, batch))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name, found in medians.items():
        print(f"{name:14} {found:7.0f} documents/s")
    print(f"ratio: {medians['dunwatch'] / medians['parallel_bulk']:.2f}")


if __name__ == "__main__":
    main()
