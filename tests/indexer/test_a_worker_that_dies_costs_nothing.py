"""Processes that analyse may die, as for want of memory: what they had is analysed all the same."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path

from indexer.datadir import DataDir
from indexer.indexing import PARALLEL_FROM, Indexer
from indexer.post import Post
from indexer.settings import Settings
from indexer.spool import Spool
from tests.cli import ROOT


def test_a_worker_that_is_killed_costs_no_post(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    text = "在招联消费金融借的钱逾期了，催收一天打几十个电话，号码全国各地都有，第{}次投诉。" * 20
    posts = [
        Post(
            url=f"https://a.example/{number}",
            source="a",
            text=text.format(*[number] * 20),
            fetched_at=datetime.now(UTC),
        )
        for number in range(PARALLEL_FROM)
    ]
    with data.state() as state:
        Spool(state).put(posts)
        with Indexer(data, ROOT / "config", Settings(jobs=2), state) as indexer:
            killer = threading.Thread(target=_kill_one)
            killer.start()
            counts = indexer.drain()
            killer.join()
            assert (counts.indexed, counts.rejected) == (len(posts), 0)
            assert indexer.store.count() == len(posts)


def _kill_one() -> None:
    """Kill a worker once it works."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if children := active_children():
            time.sleep(0.5)
            os.kill(children[0].pid or 0, signal.SIGKILL)
            return
        time.sleep(0.05)
    raise AssertionError("no worker came to life")
