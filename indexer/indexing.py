"""From the spool into the store: takes what waits, analyses it, places it among the others, stores, ticks off."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from indexer.analyse import CONFIG, Analyser
from indexer.configfile import ConfigError
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.elsewhere import first_seen
from indexer.likeness.placing import Likeness
from indexer.settings import Settings
from indexer.spool import Spool, Spooled
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Store
from indexer.text.privacy.told import told

log = logging.getLogger("dunwatch.index")

BATCH = 200
"""Posts between two commits of the store."""
PARALLEL_FROM = 400
"""Posts that wait from which starting more processes pays."""
POLL = 0.2
"""Seconds between two looks at what another process has done."""

Progress = Callable[[int], None]
Analysed = tuple[Spooled, Document | str]
"""A Post and what became of it: its Document, or why there is none."""


class Stop(Protocol):
    """Something that says when to end, such as a threading.Event."""

    def is_set(self) -> bool: ...


@dataclass
class Counts:
    """What indexing did."""

    indexed: int = 0
    rejected: int = 0


class Indexer:
    """The one process that analyses and writes. Opens the store; use it while `DataDir.indexing()` is held."""

    def __init__(self, data: DataDir, config: Path, settings: Settings, state: State) -> None:
        self.key = data.key()
        self.config, self.settings = config, settings
        self.state = state
        self.spool = Spool(state)
        self._written = _written(config)
        self._wrong = False
        self.analyser = Analyser(config, settings, self.key)
        self.store: Store = open_store(settings.backend, data.index, writable=True)
        self.likeness = Likeness(state, self.store)
        self._shared = bool(settings.redis_url())

    def __enter__(self) -> "Indexer":
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def drain(self, *, progress: Progress = lambda done: None, stop: Stop | None = None) -> Counts:
        """Index all that waits. Killed at any point, the next call goes on; nothing is lost or there twice.

        A Post that can't be analysed is rejected and kept aside. Raises StoreError or StateError where
        nothing can be kept; what waits then still waits.
        """
        counts = Counts()
        with self._analysing(self.spool.depth()) as analyse:
            while (batch := self.spool.take(BATCH)) and not (stop and stop.is_set()):
                self._keep(list(analyse(batch)), counts)
                self.likeness.catch_up(BATCH)
                progress(len(batch))
            while not (stop and stop.is_set()) and self.likeness.catch_up(BATCH):
                pass
        return counts

    @contextmanager
    def _analysing(self, waiting: int) -> Iterator[Callable[[list[Spooled]], Iterable[Analysed]]]:
        if waiting:
            self._look_at_configuration()
        jobs = self.settings.jobs or len(os.sched_getaffinity(0))
        if jobs == 1 or waiting < PARALLEL_FROM or self._wrong:
            yield lambda batch: [_analyse(self.analyser, spooled) for spooled in batch]
            return
        begin = (self.config, self.settings, self.key)
        with Workers(jobs, begin) as workers:
            yield workers.analyse

    def _look_at_configuration(self) -> None:
        """Analyse by lenders.yaml and practices.yaml as they are now; as they were while they are wrong."""
        if (written := _written(self.config)) == self._written:
            return
        self._written = written
        try:
            self.analyser = Analyser(self.config, self.settings, self.key)
            self._wrong = False
            log.info("the configuration has changed: documents are analysed by it from now on")
        except ConfigError as error:
            self._wrong = True
            log.error("%s; the analysis goes on as before", error)

    def _keep(self, analysed: list[Analysed], counts: Counts) -> None:
        good = [(spooled, document) for spooled, document in analysed if isinstance(document, Document)]
        if self._shared:
            good = first_seen(self.store, self.state, good)
        placed = self.likeness.place([document for _, document in good])
        refused = self.store.put(placed) if placed else {}
        kept = [(spooled, document) for spooled, document in good if document.id not in refused]
        with self.state.transaction():
            self.likeness.forget(refused)
            self.spool.done([spooled for spooled, _ in kept])
            for spooled, document in good:
                if document.id in refused:
                    self._reject("store", spooled, refused[document.id], counts)
            for spooled, error in analysed:
                if isinstance(error, str):
                    self._reject("analyse", spooled, error, counts)
        counts.indexed += len(kept)

    def _reject(self, stage: str, spooled: Spooled, reason: str, counts: Counts) -> None:
        post = spooled.post
        log.error("%s: rejected (%s): %s", told(post.url), stage, told(reason))
        self.state.reject(stage=stage, source=post.source, url=post.url, reason=reason, sample=post.text)
        self.spool.done([spooled], "rejected")
        counts.rejected += 1


class Workers:
    """Processes that analyse. One that dies, as for want of memory, costs at most the Post that it died of."""

    def __init__(self, jobs: int, begin: tuple[Path, Settings, bytes]) -> None:
        self._jobs, self._begin = jobs, begin
        self._pool = self._new(jobs)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def analyse(self, batch: list[Spooled]) -> list[Analysed]:
        try:
            return list(self._pool.map(_work, batch, chunksize=BATCH // (4 * self._jobs) or 1))
        except BrokenProcessPool:
            log.warning("a process of the analysis died; its posts are analysed once more, one by one")
        self._pool = self._new(1)
        found = [self._alone(spooled) for spooled in batch]
        self._pool.shutdown()
        self._pool = self._new(self._jobs)
        return found

    def _alone(self, spooled: Spooled) -> Analysed:
        try:
            return self._pool.submit(_work, spooled).result()
        except BrokenProcessPool:
            self._pool = self._new(1)
            return spooled, "the process that analysed it died"

    def _new(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=self._begin)


def index_or_wait(data: DataDir, config: Path, settings: Settings, state: State, *, progress: Progress) -> None:
    """Have everything that waits now indexed: here, or by the process that holds the index's writer.

    Where that process ends before its work does, this one takes over.
    """
    spool, lock = Spool(state), data.indexing()
    last, waiting = spool.last_seq(), spool.depth()
    while True:
        try:
            with lock.acquire(timeout=0), Indexer(data, config, settings, state) as indexer:
                indexer.drain(progress=progress)
                return
        except Timeout:
            time.sleep(POLL)
        left = spool.waiting_up_to(last)
        progress(waiting - left)
        waiting = left
        if not left:
            return


def _analyse(analyser: Analyser, spooled: Spooled) -> Analysed:
    try:
        document = analyser.document(spooled.post, spooled.first_seen_at)
        life = {"versions": spooled.versions, "deleted_at": spooled.deleted_at}
        return spooled, document.model_copy(update=life)
    except Exception as error:  # whatever a hostile text does to us, it costs one document and no run
        return spooled, f"{type(error).__name__}: {error}"


def _written(config: Path) -> list[int]:
    """When each file of the analysis's configuration was last written; 0 where it is not there."""
    files = [config / name for name in CONFIG]
    return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]


_analyser: Analyser


def _begin(config: Path, settings: Settings, key: bytes) -> None:
    global _analyser
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, which is for the process that hands out the work
    _analyser = Analyser(config, settings, key)


def _work(spooled: Spooled) -> Analysed:
    return _analyse(_analyser, spooled)
