"""A schedule that ticks: looks again and again at what is due, whatever is in the way."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.schedule import Schedule, Watched
from crawler.scheduling.register import Sharing
from indexer.commands import Place
from indexer.state import State, StateError

log = logging.getLogger("dunwatch")


@dataclass
class Ticking:
    """A schedule of some sources."""

    sources: Watched
    schedule: Schedule
    _away: str = ""

    def tick(self) -> Mapping[str, str]:
        """Queue what is due; returns who crawls what. Where the register is away that is told once, and the next tick
        may do."""
        try:
            queued = self.schedule.tick(self.sources.now(), datetime.now(UTC))
        except StateError as error:
            if str(error) != self._away:
                log.error("%s", error)
            self._away = str(error)
            return {}
        self._away = ""
        if queued:
            log.info("due: %s", ", ".join(queued))
        return queued


@contextmanager
def ticking(place: Place, sharing: Sharing, sources: Watched, state: State) -> Iterator[Ticking]:
    """A schedule, with what it needs."""
    with closing(sharing.register(place.data, state)) as register:
        register.agree(place.data.key())
        yield Ticking(sources, Schedule(sharing, place.data, state, register))
