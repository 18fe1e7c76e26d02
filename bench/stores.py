"""What a search page costs on both stores: 20 hits by relevance, total, all facets and the daily trend.

`python -m bench.stores [--documents 100000] [--sentences 18] [--rounds 7]`. Fills an embedded store and a node of
Elasticsearch of our own (or the one that DUNWATCH_TEST_ES names) with the same documents, over two years and so over 24
monthly indices, and asks both for the same pages. Prints load rates and medians.
"""

import argparse
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bench.search import QUERIES, documents, median, page
from indexer.settings import ElasticsearchSettings
from indexer.store import open_store
from indexer.store.base import Store
from tests.elasticsearch.server import one_server

BATCH = 10_000
"""Documents put at once."""
FULL = ("-Xms2g", "-Xmx2g")
"""Options of a Java machine that is to be measured."""


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Store]]:
    with one_server(folder, options=FULL) as url:
        cluster = ElasticsearchSettings(hosts=(url,), prefix=f"bench-{secrets.token_hex(3)}", replicas=0, timeout=120)
        stores = {
            "embedded": open_store("embedded", folder / "index", writable=True),
            "elasticsearch": open_store(cluster, folder, writable=True),
        }
        yield stores
        stores["elasticsearch"].drop(stores["elasticsearch"].months().keys())
        for store in stores.values():
            store.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--sentences", type=int, default=18)
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    with both(Path(tempfile.mkdtemp(prefix="dunwatch-bench-"))) as stores:
        taken: dict[str, list[float]] = {name: [] for name in stores}
        made = documents(given.documents, given.sentences)
        while some := [it.model_copy(update={"first_seen_at": it.at}) for it in islice(made, BATCH)]:  # a month of each
            for name, store in stores.items():
                taken[name].append(median(lambda store=store, some=some: store.put(some), 1))  # type: ignore[misc]
        for name, seconds in taken.items():
            print(f"load: {name} {given.documents / sum(seconds):.0f} documents/s")
        for query in QUERIES:
            totals = {name: page(store, query) for name, store in stores.items()}
            assert len(set(totals.values())) == 1, totals
            times = {
                name: median(lambda store=store, query=query: page(store, query), given.rounds)  # type: ignore[misc]
                for name, store in stores.items()
            }
            told = ", ".join(f"{name} {seconds * 1e3:.0f} ms" for name, seconds in times.items())
            print(f"{query or '(everything)'}: {totals['embedded']} hits, {told}")


if __name__ == "__main__":
    main()
