"""A store with two months of ordinary complaints, crawled for fifty days."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.alerts.alert import Alert, Alerts
from indexer.alerts.check import Checked
from indexer.document import Document
from indexer.state import State
from indexer.store.base import Store
from indexer.store.embedded import EmbeddedStore
from tests.indexer.alerts import world
from tests.indexer.alerts.world import NOW

BACK = timedelta(days=60)


@dataclass
class World:
    """A store and a state; `check` looks at them as at a moment."""

    store: Store
    state: State

    def add(self, *documents: Document) -> None:
        self.store.put(documents)

    def check(self, now: datetime = NOW, **config: Any) -> Checked:
        return world.watch(self.store, self.state, **{"baseline": BACK, **config}).check(now)

    def alerts(self) -> list[Alert]:
        """Oldest first."""
        return Alerts(self.state).newest(100)[::-1]

    def events(self, seq: int) -> list[str]:
        return [event.kind for event in Alerts(self.state).events(seq)]

    def messages(self) -> list[str]:
        """Keys of what was queued."""
        return [row["key"] for row in self.state.db.execute("select key from outbox order by seq")]


@pytest.fixture(scope="session")
def quiet_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index with two months of ordinary complaints."""
    folder = tmp_path_factory.mktemp("quiet") / "index"
    store = EmbeddedStore(folder, writable=True)
    store.put(list(world.ordinary(60)))
    store.close()
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """Nothing, and never crawled."""
    store = EmbeddedStore(tmp_path / "index", writable=True)
    with State(tmp_path) as state:
        yield World(store, state)
    store.close()


@pytest.fixture
def quiet(tmp_path: Path, quiet_index: Path) -> Iterator[World]:
    """Two months of ordinary complaints, crawled every two hours for the last fifty days."""
    shutil.copytree(quiet_index, tmp_path / "index")
    store = EmbeddedStore(tmp_path / "index", writable=True)
    with State(tmp_path) as state:
        for source in ("board", "forum"):
            world.watched_since(state, source, NOW - timedelta(days=50), NOW, timedelta(hours=2))
        yield World(store, state)
    store.close()
