"""From the spool into the store: takes what waits, analyses it, places it among the others, stores, ticks off."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from indexer.analyse import CONFIG, Analyser
from indexer.configfile import ConfigError
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.elsewhere import first_seen
from indexer.labels.correct import corrected
from indexer.labels.label import Labels
from indexer.likeness.placing import Likeness
from indexer.metrics.histogram import ANALYSIS, LAG, observe
from indexer.metrics.stopwatch import Stopwatch
from indexer.settings import Settings
from indexer.spool import Spool, Spooled
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Store
from indexer.text.privacy.told import told
from indexer.workers import Analysed, Workers, analyse_one

log = logging.getLogger("dunwatch.index")

BATCH = 200
"""Posts between two commits of the store."""
PARALLEL_FROM = 400
"""Posts that wait from which starting more processes pays."""
POLL = 0.2
"""Seconds between two looks at what another process has done."""

Progress = Callable[[int], None]


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
        self.spool, self.labels = Spool(state), Labels(state)
        self._data, self._model = data, data.sentiment
        self._written = _written(config)
        self._wrong = False
        self.analyser = Analyser(config, settings, self.key, self._model)
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
            yield lambda batch: [analyse_one(self.analyser, spooled) for spooled in batch]
            return
        begin = (self.config, self.settings, self.key, self._model)
        with Workers(jobs, begin, chunk=BATCH // (4 * jobs) or 1) as workers:
            yield workers.analyse

    def _look_at_configuration(self) -> None:
        """Analyse by the YAML files and the model as they are now; as they were while they are wrong."""
        written, model = _written(self.config), self._data.sentiment
        if (written, model) == (self._written, self._model):
            return
        self._written, self._model = written, model
        try:
            self.analyser = Analyser(self.config, self.settings, self.key, self._model)
            self._wrong = False
            log.info("the configuration or the model has changed: documents are analysed by it from now on")
        except ConfigError as error:
            self._wrong = True
            log.error("%s; the analysis goes on as before", error)

    def _keep(self, analysed: list[Analysed], counts: Counts) -> None:
        watch = Stopwatch()
        good = [(it.spooled, it.result) for it in analysed if isinstance(it.result, Document)]
        if self._shared:
            good = first_seen(self.store, self.state, good)
        labels = self.labels.by_document([document.id for _, document in good])
        good = [
            (it, corrected(document, labels.get(document.id, ()), self.analyser.severities)) for it, document in good
        ]
        placed = self.likeness.place([document for _, document in good])
        watch.lap("placing")
        refused = self.store.put(placed) if placed else {}
        watch.lap("storing")
        kept = [(spooled, document) for spooled, document in good if document.id not in refused]
        with self.state.transaction():
            self.likeness.forget(refused)
            self.spool.done([spooled for spooled, _ in kept])
            for spooled, document in good:
                if document.id in refused:
                    self._reject("store", spooled, refused[document.id], counts)
            for it in analysed:
                if isinstance(it.result, str):
                    self._reject("analyse", it.spooled, it.result, counts)
            self._measure(analysed, kept, watch)
        counts.indexed += len(kept)

    def _measure(self, analysed: list[Analysed], kept: list[tuple[Spooled, Document]], watch: Stopwatch) -> None:
        """Add up what each step took for each document, and how late those are that can be found for the first time."""
        together = [(step, seconds / len(analysed)) for step, seconds in watch.laps.items() for _ in kept]
        observe(self.state, ANALYSIS, [*together, *(lap for it in analysed for lap in it.laps.items())])
        now = datetime.now(UTC)
        new = [(it.source, it.published_at) for spooled, it in kept if not spooled.touched and spooled.versions == 1]
        observe(self.state, LAG, [(source, max(0.0, (now - at).total_seconds())) for source, at in new if at])

    def _reject(self, stage: str, spooled: Spooled, reason: str, counts: Counts) -> None:
        post = spooled.post
        about = {"source": post.source, "stage": stage, "url": told(post.url), "reason": told(reason)}
        log.error("%(url)s: rejected (%(stage)s): %(reason)s", about, extra=about)
        self.state.reject(stage=stage, source=post.source, url=post.url, reason=reason, sample=post.text)
        self.spool.done([spooled], "rejected")
        counts.rejected += 1


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


def _written(config: Path) -> list[int]:
    """When each file of the analysis's configuration was last written; 0 where it is not there."""
    files = [config / name for name in CONFIG]
    return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
