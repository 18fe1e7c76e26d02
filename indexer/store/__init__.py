"""Where Documents are kept and searched."""

from pathlib import Path
from typing import Literal

from indexer.store.base import Store
from indexer.store.embedded import EmbeddedStore


def open_store(kind: Literal["embedded"], folder: Path, *, writable: bool) -> Store:
    """The store that the settings name. Raises StoreError where it can't be opened."""
    return EmbeddedStore(folder, writable=writable)
