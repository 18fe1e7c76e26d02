"""Where Documents are kept and searched."""

from pathlib import Path
from typing import Literal

from indexer.settings import ElasticsearchSettings
from indexer.store.base import Store


def open_store(backend: Literal["embedded"] | ElasticsearchSettings, folder: Path, *, writable: bool) -> Store:
    """The store that the settings name; `folder` is where an embedded one is. Raises StoreError."""
    if backend == "embedded":
        from indexer.store.embedded import EmbeddedStore

        return EmbeddedStore(folder, writable=writable)
    from indexer.store.elastic import ElasticStore  # the client takes its time to import

    return ElasticStore(backend, writable=writable)
