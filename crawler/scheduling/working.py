"""A worker with the indexer of what it finds: what `dunwatch worker` does, and `dunwatch run` among other things."""

import logging
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crawler.schedule import Watched
from crawler.scheduling.register import Sharing
from crawler.scheduling.worker import Worker
from crawler.sources import Source
from indexer import job
from indexer.commands import Place
from indexer.indexing import Indexer
from indexer.kibana.records import keep_runs
from indexer.processes import command
from indexer.settings import Settings
from indexer.state import State

log = logging.getLogger("dunwatch")


@dataclass
class Working:
    """A worker at work, and the indexer of what it finds."""

    worker: Worker
    indexer: Indexer
    stop: threading.Event
    settings: Settings
    _copied: int = 0

    def index_for(self, seconds: float) -> None:
        """Index what comes for so long, then copy to Kibana how crawls went."""
        counts = job.index_until(time.monotonic() + seconds, self.indexer, self.stop)
        if counts.indexed or counts.rejected:
            log.info("indexed %d documents, %d rejected", counts.indexed, counts.rejected)
        if (taken := self.worker.taken) > self._copied:
            self._copied = taken
            keep_runs(self.settings.backend, self.indexer.state)

    def finish(self, names: Collection[str]) -> None:
        """Index until crawls of all these sources were taken and are over, and then all that waits."""
        while not self.stop.is_set() and not self.worker.codes.keys() >= set(names):
            self.index_for(job.POLL)
        job.index_the_rest(self.indexer, self.stop)


@contextmanager
def working(place: Place, sharing: Sharing, sources: Watched, state: State, stop: threading.Event) -> Iterator[Working]:
    """A worker whose crawls are processes that end when this one does, however it ends."""

    def crawl(source: Source) -> list[str]:
        return command("crawl", "--source", source.as_json(), config=place.config, data=place.data.path)

    with Indexer(place.data, place.config, place.settings, state) as indexer:
        worker = Worker(sharing, place.data, sources.named, crawl, stop)
        worker.begin_anew([source.name for source in sources.now()])
        with worker.working(place.settings.crawls):
            yield Working(worker, indexer, stop, place.settings)
