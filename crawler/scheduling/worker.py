"""A worker: takes crawls off the queue of its data directory, each into a process of its own, and bounds their time."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from crawler.scheduling.queue import Queue
from crawler.scheduling.register import Register, Sharing
from crawler.scheduling.timing import begun
from crawler.sources import Source
from indexer import processes
from indexer.datadir import DataDir
from indexer.state import StateError, timestamp

log = logging.getLogger("dunwatch")

OVERTIME = 120.0
"""Seconds that a crawl has beyond its `max_minutes`, to end in order, before it is killed."""
POLL = 0.2
LONGEST_NAP = 1.0
"""Seconds between two looks into an empty queue, at most."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Worker:
    """Crawls by the command line that `crawl` gives for a source.

    `find` gives a source by its name, and None where it isn't to be crawled any more.
    """

    def __init__(
        self,
        sharing: Sharing,
        data: DataDir,
        find: Callable[[str], Source | None],
        crawl: Callable[[Source], Sequence[str]],
        stop: threading.Event,
    ) -> None:
        self._sharing, self._data, self._find, self._command, self._stop = sharing, data, find, crawl, stop
        self._queue = Queue(sharing, data, data.name(), self._crawl)
        self._lock, self._under_way = threading.Lock(), set[str]()
        self.codes: dict[str, int] = {}
        """The exit codes of the last crawl of each source that was taken off the queue; 0 where there was none."""
        self.taken = 0
        """How many were."""

    def begin_anew(self, sources: Sequence[str]) -> None:
        """Give back what this data directory held when its worker was killed; a crawl that still goes on has its lock.

        Where the register is away, leases end by themselves. Raises ConfigError where other workers have another key.
        """
        with suppress(StateError), closing(self._sharing.register(self._data)) as register:
            register.agree(self._data.key())
            register.beat()
            for name, owner in register.holders(sources).items():
                if owner == register.owner:
                    register.release(name)

    @contextmanager
    def working(self, crawls: int) -> Iterator[None]:
        """Crawl meanwhile. Leave the block once `stop` is set: crawls then end in order."""
        logging.getLogger("huey").setLevel(logging.CRITICAL)  # whether Redis is away is told by the heart
        words = {"workers": crawls, "periodic": False, "scheduler_interval": 60, "max_delay": LONGEST_NAP}
        consumer = self._queue.huey.create_consumer(**words, check_worker_health=False)
        handlers = {number: signal.getsignal(number) for number in SIGNALS}
        consumer.start()
        for number, handler in handlers.items():  # it sets its own
            signal.signal(number, handler)
        with processes.beside(self._beat, "heart"):
            try:
                yield
            finally:
                self._stop.set()
                consumer.stop(graceful=True)

    def _crawl(self, name: str, due_at: datetime) -> None:
        """One crawl, unless somebody has done it since it fell due, or does it now."""
        code = 0
        try:
            source = self._find(name)
            if source and not self._stop.is_set() and not self._done_since(name, due_at):
                with self._one_at_a_time(name) as free:
                    code = self._run(source) if free else 0
        except (StateError, OSError) as error:  # it is still due, and comes again
            log.warning("%s: not crawled now: %s", name, error)
            code = 1
        finally:
            self.codes[name] = code
            self.taken += 1

    @contextmanager
    def _one_at_a_time(self, name: str) -> Iterator[bool]:
        """Whether no other thread crawls the source: one that lost its lease may take a while to end."""
        with self._lock:
            free = name not in self._under_way
            self._under_way.add(name)
        try:
            yield free
        finally:
            if free:
                self._under_way.discard(name)

    def _done_since(self, name: str, due_at: datetime) -> bool:
        with closing(self._sharing.register(self._data)) as register:
            last = begun(register.crawls([name])[name], datetime.now(UTC))
        return bool(last) and last[0].started_at > due_at

    def _run(self, source: Source) -> int:
        """The crawl in a process; returns its exit code. One that is overdue is ended, and killed in the end."""
        most = source.limits.max_minutes * 60 + OVERTIME
        end = time.monotonic() + most
        with processes.part(self._command(source)) as process:
            while process.poll() is None and not self._stop.is_set() and time.monotonic() < end:
                self._stop.wait(POLL)
            overdue = process.poll() is None and not self._stop.is_set()
        if overdue:
            self._close(source.name, f"ended after {most / 60:.0f} minutes: it didn't end by itself")
        return process.returncode

    def _close(self, name: str, why: str) -> None:
        """Record the end of a crawl whose process could not."""
        log.error("%s: %s", name, why)
        now = datetime.now(UTC)
        with self._data.state() as state, closing(self._sharing.register(self._data, state)) as register:
            with state.transaction() as db:
                db.execute(
                    "update run set finished_at = ?, outcome = 'failed', error = ?"
                    " where seq = (select max(seq) from run where source = ?) and finished_at is null",
                    (timestamp(now), why, name),
                )
            last = register.crawls([name])[name]
            if last and last[0].finished_at is None:
                register.ended(name, replace(last[0], finished_at=now, outcome="failed", error=why))
            register.release(name)

    def _beat(self, done: threading.Event) -> None:
        """Say again and again that this worker is alive."""
        away = False
        with closing(self._sharing.register(self._data)) as register:
            while not done.is_set():
                away = _beaten(register, away)
                done.wait(register.lease / 4)


def _beaten(register: Register, away: bool) -> bool:
    """A sign of life; whether the register is away, which is told once."""
    try:
        register.beat()
    except StateError as error:
        if not away:
            log.warning("%s; crawls wait for it", error)
        return True
    if away:
        log.info("the register is there again")
    return False
