"""The one SQLite file for what is state and not index: spool, pages seen, runs, rejected, stories."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema")
"""Numbered files of SQL, each a step from the version before to its own number."""
KEEP_REJECTED = 20_000
"""The newest rejections are kept; older ones go."""
SAMPLE = 500
"""Characters of a rejected thing that are kept to look at."""


class StateError(Exception):
    """The state file can't be used; the message says why."""


def timestamp(moment: datetime) -> str:
    """A moment as the state file writes it: ISO 8601, UTC, microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class State:
    """A connection to DATA/state.sqlite. One for each thread and process; they wait for one another.

    A killed process leaves whole transactions only. Raises StateError where the file can't be used.
    """

    def __init__(self, data: Path) -> None:
        self.path = data / "state.sqlite"
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self._version()  # which makes the file
            _for_its_owner(self.path)
            self.db.execute("pragma journal_mode = wal")
            self.db.execute("pragma synchronous = normal")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise StateError(f"{self.path}: can't be used: {error}") from error

    def _migrate(self) -> None:
        self.db.create_function("fetched_at_of", 1, _fetched_at, deterministic=True)
        steps = {int(file.name.partition("-")[0]): file for file in SCHEMA.glob("*.sql")}
        if self._version() == max(steps):
            return  # without the write lock: who only looks waits for nobody
        with self.transaction():
            version = self._version()
            if version > max(steps):
                raise StateError(f"{self.path}: written by a newer version of dunwatch (schema {version})")
            for number in sorted(step for step in steps if step > version):
                for statement in steps[number].read_text(encoding="utf-8").split(";\n"):
                    self.db.execute(statement)
                self.db.execute(f"pragma user_version = {number}")

    def _version(self) -> int:
        (version,) = self.db.execute("pragma user_version").fetchone()
        return int(version)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Inside another transaction it joins that one. Raises StateError, as for a full disk."""
        if self.db.in_transaction:
            yield self.db
            return
        try:
            self.db.execute("begin immediate")
            try:
                yield self.db
            except BaseException:
                self.db.rollback()
                raise
            self.db.execute("commit")
        except sqlite3.Error as error:
            raise StateError(f"{self.path}: {error}") from error

    def reject(self, *, stage: str, source: str, url: str, reason: str, sample: str = "") -> None:
        """Keep what was refused, and why, for `dunwatch rejected`."""
        with self.transaction() as db:
            row = db.execute(
                "insert into rejected (at, stage, source, url, reason, sample) values (?, ?, ?, ?, ?, ?)",
                (timestamp(datetime.now(UTC)), stage, source, url[:2048], reason[:1000], sample[:SAMPLE]),
            )
            db.execute("delete from rejected where seq <= ?", ((row.lastrowid or 0) - KEEP_REJECTED,))

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> "State":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _for_its_owner(file: Path) -> None:
    """See to it that nobody else can read the file, as it holds texts as they were; SQLite's own files follow it.

    The file is never opened beside SQLite: whoever closes it lets go of the locks that all connections of the process
    hold, and another process may then write over them (sqlite.org/howtocorrupt.html, 2.2).
    """
    if file.stat().st_mode & 0o077:
        file.chmod(0o600)


def _fetched_at(payload: bytes) -> str:
    """When the Post was fetched, for rows that were written before that had a column."""
    return timestamp(datetime.fromisoformat(json.loads(zlib.decompress(payload))["fetched_at"]))
