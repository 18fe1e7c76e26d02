"""A store that is away holds up no crawl; a job that ends waits for it, and says so where it stays away."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer import job
from indexer.datadir import DataDir
from indexer.indexing import Indexer
from indexer.post import Post
from indexer.settings import ElasticsearchSettings, Settings
from indexer.state import State
from indexer.store import elastic_bulk
from indexer.store.base import StoreUnavailable
from tests.cli import ROOT

AWAY = ElasticsearchSettings(hosts=("http://127.0.0.1:9",), timeout=1)


@pytest.fixture
def indexer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Indexer]:
    """One whose store is away, with a post that waits."""
    monkeypatch.setattr(job, "STORE_PAUSE", 0.05)
    monkeypatch.setattr(elastic_bulk, "LONGEST_PAUSE", 0.05)
    settings = Settings(store="elasticsearch", elasticsearch=AWAY, jobs=1)
    with State(tmp_path) as state, Indexer(DataDir(tmp_path), ROOT / "config", settings, state) as made:
        made.spool.put([Post(url="https://example.com/1", source="s", text="被催收", fetched_at=datetime.now(UTC))])
        yield made


def test_what_comes_waits_and_nobody_has_to(indexer: Indexer) -> None:
    counts = job.index_until(time.monotonic() + 0.2, indexer, threading.Event())
    assert (counts.indexed, counts.rejected) == (0, 0)
    assert indexer.spool.depth() == 1


def test_a_job_that_ends_says_that_posts_wait(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PATIENCE_WITH_STORE", 0.2)
    with pytest.raises(StoreUnavailable, match="can't be reached"):
        job.index_the_rest(indexer, threading.Event())
    assert indexer.spool.depth() == 1
