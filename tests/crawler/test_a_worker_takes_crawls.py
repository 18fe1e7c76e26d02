"""A worker crawls what is on its queue once, several at a time, and no crawl longer than it may."""

import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.scheduling import worker as module
from crawler.scheduling.queue import Queue
from crawler.scheduling.register import ALONE
from crawler.scheduling.timing import due
from crawler.scheduling.worker import Worker
from crawler.sources import Source
from indexer import processes
from indexer.datadir import DataDir
from indexer.state import timestamp

NOW = datetime.now(UTC)


class Bench:
    """A worker in a data directory, whose crawls are programs of the test."""

    def __init__(self, tmp_path: Path, program: str) -> None:
        self.data, self.stop = DataDir(tmp_path), threading.Event()
        self.data.state().close()
        self.queue = Queue(ALONE, self.data, self.data.name())
        self.worker = Worker(
            ALONE, self.data, self._find, lambda it: [sys.executable, "-c", program, it.name], self.stop
        )
        self.tmp_path = tmp_path

    def _find(self, name: str) -> Source | None:
        given: Any = {"name": name, "kind": "feed", "start": ["http://a.example/"], "limits": {"max_minutes": 0.001}}
        return None if name == "removed" else Source.model_validate(given)

    def work_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        with self.worker.working(3):
            while not done():
                assert time.monotonic() < end
                time.sleep(0.05)

    def begun(self, name: str, at: datetime) -> None:
        with self.data.state() as state, state.transaction() as db:
            db.execute("insert into run (source, started_at) values (?, ?)", (name, timestamp(at)))


TOUCH = "import pathlib, sys, os; pathlib.Path({folder!r}, f'{{sys.argv[1]}}-{{os.getpid()}}').touch()"


def test_what_is_queued_is_crawled_and_what_was_crawled_since_or_is_no_source_is_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path, TOUCH.format(folder=str(tmp_path)))
    bench.begun("done", NOW + timedelta(seconds=1))
    for name in ("news", "done", "removed", "board", "forum", "feed"):
        bench.queue.put(name, NOW)
    bench.work_until(lambda: bench.worker.taken == 6)
    assert sorted(it.name.partition("-")[0] for it in tmp_path.glob("*-*[0-9]")) == ["board", "feed", "forum", "news"]
    assert set(bench.worker.codes.values()) == {0}
    assert bench.queue.waiting() == set()


def test_a_source_whose_crawl_is_still_ending_is_not_begun_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, TOUCH.format(folder=str(tmp_path)) + "; import time; time.sleep(2)")
    for _ in range(3):
        bench.queue.put("news", NOW)
    bench.work_until(lambda: bench.worker.taken == 3)
    assert len(list(tmp_path.glob("news-*"))) == 1


def test_a_crawl_that_does_not_end_is_killed_and_counts_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERTIME", 1.0)
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    bench = Bench(tmp_path, deaf)
    bench.begun("hangs", NOW - timedelta(hours=1))
    with closing(ALONE.register(bench.data)) as register:
        assert register.take("hangs")
        bench.queue.put("hangs", NOW)
        bench.work_until(lambda: bench.worker.taken == 1)
        assert register.holders(["hangs"]) == {}
        (crawl,) = register.crawls(["hangs"])["hangs"]
    assert (crawl.outcome, crawl.error) == ("failed", "ended after 0 minutes: it didn't end by itself")
    source = bench._find("hangs")
    assert source
    assert due(source, [crawl], NOW).failures == 1


def test_a_worker_that_is_told_to_stop_ends_its_crawls_in_order(tmp_path: Path) -> None:
    program = (
        "import pathlib, signal, sys, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "def end(*_): (folder / 'ended').touch(); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); (folder / 'begun').touch(); time.sleep(600)"
    )
    bench = Bench(tmp_path, program)
    bench.queue.put("news", NOW)
    bench.work_until(lambda: (tmp_path / "begun").exists())
    assert (tmp_path / "ended").exists()
    assert bench.worker.codes == {"news": 0}
