"""Looks for what is misconfigured and says it in words."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from indexer.configfile import ConfigError
from indexer.datadir import DataDir
from indexer.settings import ElasticsearchSettings
from indexer.state import StateError
from indexer.store.base import StoreError

LITTLE_SPACE = 2 * 1024**3
"""Bytes of free disk below which a crawl may not get far."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it is bad, and what was seen."""

    what: str
    bad: bool
    seen: str

    def __str__(self) -> str:
        return f"{'✗' if self.bad else '✓'} {self.what}: {self.seen}"


def examine(checks: Mapping[str, Callable[[], str]]) -> Iterator[Finding]:
    """Each check done: it returns what it saw, or raises one of dunwatch's own errors."""
    for what, check in checks.items():
        try:
            yield Finding(what, False, check())
        except (ConfigError, StateError, StoreError, OSError, sqlite3.Error) as error:
            yield Finding(what, True, str(error))


def cluster(backend: Literal["embedded"] | ElasticsearchSettings) -> Iterator[Finding]:
    """What there is to say of an Elasticsearch cluster."""
    if backend != "embedded":
        from indexer.store.elastic_doctor import findings  # the client takes its time to import

        yield from findings(backend)


def disk(data: DataDir) -> str:
    """Free space where the data directory is."""
    place = next(path for path in (data.path, *data.path.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free < LITTLE_SPACE:
        raise StateError(f"only {free / 1024**2:.0f} MB free")
    return f"{free / 1024**3:.0f} GB free"


def state(data: DataDir) -> str:
    """The state file, whole or not."""
    with closing(data.state()) as opened:
        (answer,) = opened.db.execute("pragma quick_check").fetchone()
        if answer != "ok":
            raise StateError(f"{opened.path}: damaged: {answer}")
        return "whole"
