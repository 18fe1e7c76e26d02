"""Three nodes, one killed and back, then all stopped and started: every document is there once, and status says so.

The size is that of DUNWATCH_TEST_OUTAGE, `documents:seconds`, such as 50000:60.
"""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from indexer.post import Post
from indexer.settings import Settings
from indexer.spool import Spool
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Search
from tests.cli import ROOT, arguments, dunwatch
from tests.crawler.crawling import farm, feed
from tests.elasticsearch.node import Node
from tests.elasticsearch.server import RUNNING, own_nodes
from tests.site.server import Site

DOCUMENTS, SECONDS = map(int, os.environ.get("DUNWATCH_TEST_OUTAGE", "1500:3").split(":"))
PUT_AT_ONCE = 100
PATIENCE = 120 + DOCUMENTS / 20
SMALL = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    if RUNNING:
        pytest.skip("these nodes are killed: no running server is used")
    with own_nodes(tmp_path_factory.mktemp("nodes"), nodes=3, options=SMALL) as made:
        yield made


def configured(folder: Path, nodes: list[Node], site: str) -> Path:
    """Three nodes, a replica of every shard, a source that is due and one that is crawled when named."""
    folder.mkdir()
    for name in ("lenders.yaml", "practices.yaml"):
        (folder / name).symlink_to(ROOT / "config" / name)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    cluster = {"hosts": [node.url for node in nodes], "shards": 3, "replicas": 1, "timeout": 10}
    settings: dict[str, Any] = {"store": "elasticsearch", "elasticsearch": cluster, "web": {"port": port}}
    settings["jobs"] = 1 if DOCUMENTS < 10_000 else 2  # a second process takes its time to start
    sources = [farm(site), feed(site, "/news/sitemap.xml", enabled=False)]
    for name, content in (("dunwatch.yaml", settings), ("sources.yaml", {"sources": sources})):
        with (folder / name).open("w", encoding="utf-8") as out:
            YAML().dump(content, out)
    return folder


@contextmanager
def job(data: Path, config: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (data.parent / "job.log").open("wb") as log:
        running = subprocess.Popen(arguments(data, "run", config=config), cwd=ROOT, stderr=log, stdout=log)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(90)


@dataclass
class Watch:
    """What `dunwatch status` says, over and over, beside what is true before and after it says so."""

    data: Path
    config: Path
    stopped: threading.Event = field(default_factory=threading.Event)
    told: list[int | None] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)

    def look(self, done: threading.Event) -> None:
        with State(self.data) as state:
            while not done.wait(DOCUMENTS / 4_000):
                away, (low, _) = self.stopped.is_set(), _counts(state)
                said = dunwatch(self.data, "status", "--json", config=self.config).json()
                high = sum(_counts(state))
                self.told.append(said["documents"])
                if away and self.stopped.is_set():
                    if said["documents"] is not None:
                        self.lies.append(f"{said} of a cluster that is stopped")
                elif said["documents"] is not None and not low <= said["documents"] <= high:
                    self.lies.append(f"{said}, when {low} were indexed before and {high} put after")
                if said["waiting"] > high - low:
                    self.lies.append(f"{said}, when {low} were indexed before and {high} put after")


def _counts(state: State) -> tuple[int, int]:
    """Posts that are indexed, and those that wait."""
    (indexed,) = state.db.execute("select count(*) from post where status = 'indexed'").fetchone()
    return indexed, Spool(state).depth()


def feed_in(data: Path) -> None:
    """Posts as a crawl puts them; whatever it raised would be raised to the crawler."""
    now = datetime.now(UTC)
    with State(data) as state:
        for start in range(0, DOCUMENTS, PUT_AT_ONCE):
            numbers = range(start, min(start + PUT_AT_ONCE, DOCUMENTS))
            Spool(state).put(
                Post(url=f"https://example.com/{number}", source="s", text=f"第{number}次被催收", fetched_at=now)
                for number in numbers
            )
            time.sleep(0.02)


def until(state: State, indexed: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while _counts(state)[0] < indexed:
        assert running.poll() is None, "the job has ended"
        assert time.monotonic() < end, f"only {_counts(state)} are indexed"
        time.sleep(0.1)


@contextmanager
def background(*works: Any) -> Iterator[list[BaseException]]:
    """Threads whose errors are kept."""
    errors: list[BaseException] = []

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield errors
    finally:
        for thread in threads:
            thread.join()


def test_every_document_is_there_once_and_status_told_the_truth(nodes: list[Node], tmp_path: Path) -> None:
    data, done = tmp_path / "data", threading.Event()
    with Site() as site:
        config = configured(tmp_path / "config", nodes, site.url)
        watch = Watch(data, config)
        with State(data) as state, job(data, config) as running:
            with background(lambda: feed_in(data), lambda: watch.look(done)) as errors:
                try:
                    until(state, DOCUMENTS // 5, running)
                    nodes[1].kill()
                    until(state, DOCUMENTS * 2 // 5, running)
                    nodes[1].start()
                    until(state, DOCUMENTS * 3 // 5, running)
                    for node in nodes:
                        node.kill()
                    watch.stopped.set()
                    crawl = dunwatch(data, "crawl", "feed", config=config)
                    time.sleep(SECONDS)
                    watch.stopped.clear()
                    for node in nodes:
                        node.start()
                    for node in nodes:
                        node.wait_for(3)
                    crawled = state.db.execute("select count(distinct id) from post where source != 's'").fetchone()[0]
                    until(state, DOCUMENTS + crawled, running)
                    assert running.poll() is None
                finally:
                    done.set()
            assert errors == []
            assert (crawl.code, crawled > 20) == (0, True), crawl.err
            refused = "select reason from rejected where stage in ('analyse', 'store')"
            assert state.db.execute(refused).fetchall() == []
            expected = sorted(row["id"] for row in state.db.execute("select distinct id from post"))
        store = open_store(Settings.load(config).backend, data / "index", writable=False)
        assert [it.id for it in store.scan(Search())] == expected
        assert dunwatch(data, "status", "--json", config=config).json()["documents"] == DOCUMENTS + crawled
        store.close()
    assert watch.lies == []
    assert None in watch.told
    assert len(set(watch.told)) > 2
