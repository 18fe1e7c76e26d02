"""The queue of crawls that are due: huey's, a queue for each data directory whose worker is to crawl them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.exceptions import RedisError

from crawler.scheduling.register import RegisterUnavailable, Sharing
from indexer.datadir import DataDir

Work = Callable[[str, datetime], None]
"""Crawls a source that was due at a moment."""

PATIENCE = 10
"""Seconds for one request of Redis."""


class Queue:
    """The crawls that wait for the worker of the data directory `owner`. May be used in any thread.

    Entries are signed with the key of all keyed hashes, which machines that share their work have in common: what
    others write into Redis is not read. What is lost of the queue comes again, as it is still due.
    """

    def __init__(self, sharing: Sharing, data: DataDir, owner: str, work: Work | None = None) -> None:
        words: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=data.key().hex())}
        if sharing.redis:
            limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
            pool = ConnectionPool.from_url(sharing.redis, **limits)
            self.huey = RedisHuey(f"dunwatch-{owner}", connection_pool=pool, **words)
        else:
            self.huey = SqliteHuey(f"dunwatch-{owner}", filename=str(data.path / "queue.sqlite"), **words)

        def crawl(source: str, due_at: str) -> None:
            if work:
                work(source, datetime.fromisoformat(due_at))

        self._crawl = self.huey.task(name="crawl")(crawl)

    def put(self, source: str, due_at: datetime) -> None:
        """Raises RegisterUnavailable."""
        with _told():
            self._crawl(source, due_at.isoformat())

    def waiting(self) -> set[str]:
        """The sources that wait. Raises RegisterUnavailable."""
        with _told():
            return {str(task.args[0]) for task in self.huey.pending()}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RedisError, sqlite3.Error, OSError) as error:
        raise RegisterUnavailable(f"the queue: {error}") from error
