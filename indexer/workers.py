"""Processes that analyse: a Post that waits becomes a Document, or a reason why not."""

import logging
import signal
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from indexer.analyse import Analyser
from indexer.document import Document
from indexer.metrics.stopwatch import Stopwatch
from indexer.settings import Settings
from indexer.spool import Spooled

log = logging.getLogger("dunwatch.index")


class Analysed(NamedTuple):
    """A Post, its Document or why there is none, and the seconds that each step took."""

    spooled: Spooled
    result: Document | str
    laps: Mapping[str, float]


class Workers:
    """Processes that analyse. One that dies, as for want of memory, costs at most the Post that it died of."""

    def __init__(self, jobs: int, begin: tuple[Path, Settings, bytes, Path | None], *, chunk: int) -> None:
        self._jobs, self._begin, self._chunk = jobs, begin, chunk
        self._pool = self._new(jobs)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def analyse(self, batch: list[Spooled]) -> list[Analysed]:
        try:
            done = self._pool.map(_work, batch, chunksize=self._chunk)
            return [Analysed(spooled, *it) for spooled, it in zip(batch, done, strict=True)]
        except BrokenProcessPool:
            log.warning("a process of the analysis died; its posts are analysed once more, one by one")
        self._pool = self._new(1)
        found = [self._alone(spooled) for spooled in batch]
        self._pool.shutdown()
        self._pool = self._new(self._jobs)
        return found

    def _alone(self, spooled: Spooled) -> Analysed:
        try:
            return Analysed(spooled, *self._pool.submit(_work, spooled).result())
        except BrokenProcessPool:
            self._pool = self._new(1)
            return Analysed(spooled, "the process that analysed it died", {})

    def _new(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=self._begin)


def analyse_one(analyser: Analyser, spooled: Spooled) -> Analysed:
    """The Document of a Post, or why there is none."""
    watch = Stopwatch()
    try:
        document = analyser.document(spooled.post, spooled.first_seen_at, watch)
        life = {"versions": spooled.versions, "deleted_at": spooled.deleted_at}
        return Analysed(spooled, document.model_copy(update=life), watch.laps)
    except Exception as error:  # whatever a hostile text does to us, it costs one document and no run
        return Analysed(spooled, f"{type(error).__name__}: {error}", watch.laps)


_analyser: Analyser


def _begin(config: Path, settings: Settings, key: bytes, model: Path | None) -> None:
    global _analyser
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, which is for the process that hands out the work
    _analyser = Analyser(config, settings, key, model)


def _work(spooled: Spooled) -> tuple[Document | str, Mapping[str, float]]:
    """What becomes of a Post, without the Post itself, which the other process has."""
    analysed = analyse_one(_analyser, spooled)
    return analysed.result, analysed.laps
