"""The main job: crawl what is due, index what comes, and keep at it. Every part is a process of its own."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer.indexing import Counts, Indexer
from indexer.store.base import StoreUnavailable

log = logging.getLogger("dunwatch.job")

POLL = 0.5
"""Seconds between two looks into the spool."""
STORE_PAUSE = 5.0
"""Seconds before a store that was away is asked again."""
PATIENCE_WITH_STORE = 600
"""Seconds that a job which ends waits for a store that is away."""
PATIENCE = 30
"""Seconds that a part has to end when it is told to."""


def command(*words: str, config: Path, data: Path) -> list[str]:
    """The command line of a part of the job. It ends when this process does."""
    place = ["--config", str(config), "--data", str(data), "--parent", str(os.getpid())]
    return [sys.executable, "-m", "dunwatch", *words, *place]


@contextmanager
def part(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a child; told to end, and in the end killed, when the block is left."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run(command: Sequence[str]) -> int:
    """The command to its end; returns its exit code."""
    with part(command) as process:
        return process.wait()


def crawl_and_index(crawl: Sequence[str], indexer: Indexer, stop: threading.Event) -> tuple[int, Counts]:
    """Run the crawl command and index meanwhile what it finds; returns its exit code and what was indexed.

    Where the store is away, what was found waits in the spool.
    """
    total = Counts()
    with part(crawl) as process:
        while process.poll() is None and not stop.is_set():
            _add(total, _drained(indexer, stop))
            stop.wait(POLL)
    if not stop.is_set():
        _add(total, _drained(indexer, stop))
    return process.returncode, total


def index_the_rest(indexer: Indexer, stop: threading.Event) -> Counts:
    """Index all that waits. A store that is away is waited for; raises StoreUnavailable where it stays so."""
    total, end = Counts(), time.monotonic() + PATIENCE_WITH_STORE
    while indexer.spool.depth() and not stop.is_set():
        _add(total, _drained(indexer, stop) if time.monotonic() < end else indexer.drain(stop=stop))
    return total


def _drained(indexer: Indexer, stop: threading.Event) -> Counts:
    """Index what waits; where the store is away, wait a while instead, as the spool keeps what there is."""
    try:
        return indexer.drain(stop=stop)
    except StoreUnavailable as error:
        log.warning("%s; %d posts wait", error, indexer.spool.depth())
        stop.wait(STORE_PAUSE)
        return Counts()


def index_until(moment: float, indexer: Indexer, stop: threading.Event) -> None:
    """Index what others put into the spool until `moment` (time.monotonic()) or until told to stop."""
    while not stop.is_set() and time.monotonic() < moment:
        counts = _drained(indexer, stop)
        if counts.indexed:
            log.info("indexed %d documents that were handed in", counts.indexed)
        stop.wait(POLL)


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set; a second signal ends the process at once."""
    stop = threading.Event()

    def tell(number: int, _frame: object) -> None:
        log.info("stopping (once more: at once)")
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return stop


def end_with(parent: int) -> None:
    """Have this process told to end (SIGTERM) once its parent has gone, however that went."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _add(total: Counts, more: Counts) -> None:
    total.indexed += more.indexed
    total.rejected += more.rejected
