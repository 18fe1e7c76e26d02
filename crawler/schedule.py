"""What is watched, and when it is crawled again; with nothing configured, the site that comes with dunwatch."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.sources import Source, Sources
from indexer.configfile import ConfigError
from indexer.state import State

log = logging.getLogger("dunwatch")

ROOT = Path(__file__).parent.parent
SITE = ROOT / "tests" / "site"
PORT = 8421
"""Where the site that comes with dunwatch is served; another one where this is taken."""
SHORTEST = 10.0
"""Seconds until then, at least: what is due may be under way in another process, or fail at once."""
LONGEST = 60.0
"""Seconds after which one looks again whether something is due."""


@dataclass(frozen=True)
class Watched:
    """The YAML file of sources in use, and those of them that are enabled."""

    file: Path
    sources: tuple[Source, ...]


@contextmanager
def watched(config: Path, data: Path) -> Iterator[Watched]:
    """The sources in `config`; where there are none, a site served on this machine meanwhile. Raises ConfigError."""
    if Sources.load(config).sources:
        file = config / "sources.yaml"
        yield Watched(file, Sources.read(file).enabled())
        return
    if not (SITE / "sources.yaml").exists():
        raise ConfigError(f"{config / 'sources.yaml'}: there are no sources: name a site to watch")
    with _served() as port:
        log.info("no sources are configured: watching a small site of our own, http://127.0.0.1:%s/", port)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = data / "demo-sources.yaml"
        file.write_text((SITE / "sources.yaml").read_text(encoding="utf-8").replace("{port}", port), encoding="utf-8")
        yield Watched(file, Sources.read(file).enabled())


def due(watched: Watched, state: State, now: datetime) -> list[str]:
    """Names of the sources whose last crawl began longer ago than `every`, or was killed, or never was."""
    return [source.name for source in watched.sources if _due_at(source, state, now) <= now]


def wait(watched: Watched, state: State, now: datetime) -> float:
    """Seconds until the next source is due, from SHORTEST to LONGEST."""
    moments = [_due_at(source, state, now) for source in watched.sources]
    left = min(((moment - now).total_seconds() for moment in moments), default=LONGEST)
    return min(max(left, SHORTEST), LONGEST)


def _due_at(source: Source, state: State, now: datetime) -> datetime:
    row = state.db.execute(
        "select started_at, finished_at from run where source = ? order by seq desc limit 1", (source.name,)
    ).fetchone()
    if row is None or row["finished_at"] is None:
        return now - timedelta(seconds=1)
    return datetime.fromisoformat(row["started_at"]) + source.every


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
