"""What is watched, and when it is crawled again; with nothing configured, the site that comes with dunwatch."""

import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from crawler.scheduling.queue import Queue
from crawler.scheduling.register import Register, Sharing
from crawler.scheduling.timing import Crawl, Due, begun, due, falling
from crawler.sources import Source, Sources
from indexer.configfile import ConfigError
from indexer.datadir import DataDir
from indexer.state import State, timestamp

log = logging.getLogger("dunwatch")

ROOT = Path(__file__).parent.parent
SITE = ROOT / "tests" / "site"
PORT = 8421
"""Where the site that comes with dunwatch is served; another one where this is taken."""
PAUSE = 5.0
"""Seconds between two looks at what is due."""


class Watched:
    """The sources of a YAML file that are enabled, as it was when it could last be read."""

    def __init__(self, file: Path) -> None:
        """Raises ConfigError."""
        self._file, self._changed_at = file, file.stat().st_mtime_ns
        self._sources = Sources.read(file).enabled()

    def now(self) -> tuple[Source, ...]:
        """A mistake in a changed file is told, and all goes on as before."""
        with suppress(FileNotFoundError):
            if (changed_at := self._file.stat().st_mtime_ns) != self._changed_at:
                self._changed_at = changed_at
                try:
                    self._sources = Sources.read(self._file).enabled()
                    log.info("%s has changed: %d sources are watched", self._file, len(self._sources))
                except ConfigError as error:
                    log.error("%s; the schedule goes on as before", error)
        return self._sources

    def named(self, name: str) -> Source | None:
        return next((source for source in self.now() if source.name == name), None)


@contextmanager
def watched(config: Path, data: Path, *, demo: bool = True) -> Iterator[Watched]:
    """The sources in `config`; where there are none and `demo` is true, a site served on this machine meanwhile.

    Raises ConfigError.
    """
    file = config / "sources.yaml"
    if Sources.load(config).sources:
        yield Watched(file)
        return
    if not demo or not (SITE / "sources.yaml").exists():
        raise ConfigError(f"{file}: there are no sources: name a site to watch")
    with _served() as port:
        log.info("no sources are configured: watching a small site of our own, http://127.0.0.1:%s/", port)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = data / "demo-sources.yaml"
        file.write_text((SITE / "sources.yaml").read_text(encoding="utf-8").replace("{port}", port), encoding="utf-8")
        yield Watched(file)


class Schedule:
    """Puts the crawls that are due on the queues of workers that are alive, and keeps when each source is due next."""

    def __init__(self, sharing: Sharing, data: DataDir, state: State, register: Register) -> None:
        self._state, self._register = state, register
        self._queue = cache(partial(Queue, sharing, data))
        self._told: dict[str, datetime] = {}

    def tick(self, sources: Sequence[Source], now: datetime) -> Mapping[str, str]:
        """Queue what is due; returns who is to crawl what. Raises StateError, also where the register is away.

        Asked again at any time, by whomever, it changes nothing that is under way.
        """
        names = [source.name for source in sources]
        crawls, held = self._register.crawls(names), self._register.holders(names)
        alive = sorted(self._register.alive())
        waiting = {name for owner in alive for name in self._queue(owner).waiting()}
        since, found, queued = self._seen(names, now), dict[str, Due](), dict[str, str]()
        for source in sources:
            name, last = source.name, begun(crawls[source.name], now)
            if name in held and last and last[0].finished_at is None:
                found[name] = self._under_way(source, last[0], now)
                continue
            it = due(source, last, since[name], spent_on=self._spent_on(source, now))
            found[name] = it = _outside_quiet_hours(it, source, now)
            if it.at > now or name in held or name in waiting:
                continue
            if not alive:
                found[name] = replace(it, why="no worker is alive")
                continue
            queued[name] = _chosen(name, alive)
            self._queue(queued[name]).put(name, it.at)
            self._tell_missed(source, it, last, now)
        self._keep(found)
        return queued

    def _under_way(self, source: Source, crawl: Crawl, now: datetime) -> Due:
        """What falls due while a crawl goes on is skipped, which is said once."""
        skipped = list(falling(source, crawl.started_at, now))
        if skipped and self._told.get(source.name) != skipped[-1]:
            self._told[source.name] = skipped[-1]
            local = crawl.started_at.astimezone(source.zone)
            log.info("%s: skipped, as the crawl that began at %s still goes on", source.name, f"{local:%H:%M}")
        following = next(it for it in falling(source, crawl.started_at, now + timedelta(days=3660)) if it > now)
        return Due(following, why="being crawled")

    def _tell_missed(self, source: Source, it: Due, crawls: Sequence[Crawl], now: datetime) -> None:
        missed = sum(1 for _ in falling(source, it.at, now)) if crawls and not it.why else 0
        if missed:
            local = it.at.astimezone(source.zone)
            log.info("%s: due since %s, %d more were missed: crawled once for all", source.name,
                     f"{local:%m-%d %H:%M}", missed)  # fmt: skip

    def _spent_on(self, source: Source, now: datetime) -> datetime | None:
        most = source.limits.max_pages_a_day
        return now if most and self._register.spend(source.name, source.day(now), 0) >= most else None

    def _seen(self, names: Sequence[str], now: datetime) -> dict[str, datetime]:
        """When each source was first seen here; now, for those that were not."""
        with self._state.transaction() as db:
            rows = db.execute("select source, since from schedule")
            known = {row["source"]: datetime.fromisoformat(row["since"]) for row in rows}
        return {name: known.get(name, now) for name in names}

    def _keep(self, found: Mapping[str, Due]) -> None:
        """What `dunwatch status` tells of it."""
        now = datetime.now(UTC)
        with self._state.transaction() as db:
            known = {row["source"] for row in db.execute("select source from schedule")}
            db.executemany("delete from schedule where source = ?", [(name,) for name in known - found.keys()])
            db.execute(  # nobody waits for what isn't watched any more; if it is again, that is another history
                "update drift set well_at = ?, last = (select max(seq) + 1 from run where run.source = drift.source)"
                " where well_at is null and source not in (select value from json_each(?))",
                (timestamp(now), json.dumps(list(found))),
            )
            db.executemany(
                "insert into schedule (source, since, due_at, failures, failing_since, error, why)"
                " values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do update set due_at = ?3, failures = ?4,"
                " failing_since = case when ?4 then coalesce(failing_since, ?5) end, error = ?6, why = ?7",
                [(name, timestamp(now), *_columns(it)) for name, it in found.items()],
            )


def _outside_quiet_hours(it: Due, source: Source, now: datetime) -> Due:
    """What fell due before the quiet hours that it now is waits for their end: a crawl would end before it began."""
    end = source.quiet.until(now, source.zone) if source.quiet and it.at <= now else None
    return replace(it, at=end, why="quiet hours") if end else it


def _columns(it: Due) -> tuple[str, int, str | None, str, str]:
    since = timestamp(it.failing_since) if it.failing_since else None
    return timestamp(it.at), it.failures, since, it.error, it.why


def _chosen(source: str, alive: Sequence[str]) -> str:
    """Whose source it is, by rendezvous hashing: it stays where it is while its worker lives, and the sources of one
    that died, or that came, are spread over all others (Thaler and Ravishankar 1998)."""
    return max(alive, key=lambda owner: hashlib.sha256(f"{owner} {source}".encode()).digest())


@contextmanager
def _served() -> Iterator[str]:
    """Our own site in a child process, which ends with this one however it ends; gives its port."""
    words = [sys.executable, "-m", "tests.site", "--port", str(PORT), "--attached"]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site:
        try:
            assert site.stdout
            port = site.stdout.readline().strip().rstrip("/").rpartition(":")[2]
            if not port.isdecimal():
                raise ConfigError("the site that comes with dunwatch could not be started")
            yield port
        finally:
            site.terminate()
