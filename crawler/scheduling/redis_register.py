"""The register of many machines, in Redis. Its clock is the one that counts."""

import asyncio
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from crawler.scheduling.register import RegisterUnavailable
from crawler.scheduling.timing import MOST_COUNTED, Crawl
from indexer.configfile import ConfigError
from indexer.state import timestamp

PATIENCE = 5
"""Seconds for one request, at most."""
A_DAY_AND_MORE = 2 * 24 * 60 * 60

_TAKE = """
local owner = redis.call('get', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1
"""
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_BEAT = """
local now = tonumber(redis.call('time')[1])
redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
"""
_ALIVE = "return redis.call('zrangebyscore', KEYS[1], '(' .. redis.call('time')[1], '+inf')"


class RedisRegister:
    """A Register for machines that share a Redis. May be used in any thread."""

    def __init__(self, url: str, owner: str, lease: float, *, prefix: str = "dunwatch:") -> None:
        self.owner, self.lease, self._prefix = owner, lease, prefix
        patience = min(PATIENCE, lease / 4)
        with _told():
            self._redis: Any = Redis.from_url(
                url, socket_timeout=patience, socket_connect_timeout=patience, decode_responses=True
            )
        scripts = (_TAKE, _RELEASE, _BEAT, _ALIVE)
        self._take, self._release, self._beat, self._alive = map(self._redis.register_script, scripts)

    def agree(self, key: bytes) -> None:
        mine, name = hmac.digest(key, b"queue", "sha256").hex()[:16], self._key("key", "of all")
        with _told():
            self._redis.set(name, mine, nx=True)
            theirs = self._redis.get(name)
        if theirs != mine:
            raise ConfigError("DUNWATCH_KEY: expected the same on all machines that share this Redis")

    def take(self, source: str) -> bool:
        with _told():
            return bool(self._take([self._key("lease", source)], [self.owner, round(self.lease * 1000)]))

    def release(self, source: str) -> None:
        with _told():
            self._release([self._key("lease", source)], [self.owner])

    def holders(self, sources: Sequence[str]) -> Mapping[str, str]:
        with _told():
            owners = self._redis.mget([self._key("lease", source) for source in sources]) if sources else []
        return {source: owner for source, owner in zip(sources, owners, strict=True) if owner}

    def crawls(self, sources: Sequence[str]) -> Mapping[str, Sequence[Crawl]]:
        with _told(), self._redis.pipeline(transaction=False) as asked:
            for source in sources:
                asked.lrange(self._key("crawls", source), 0, MOST_COUNTED - 1)
            answers = asked.execute()
        return {source: list(map(_decode, found)) for source, found in zip(sources, answers, strict=True)}

    def began(self, source: str, crawl: Crawl) -> None:
        key = self._key("crawls", source)
        with _told(), self._redis.pipeline() as writing:
            writing.lpush(key, _encode(crawl))
            writing.ltrim(key, 0, MOST_COUNTED - 1)
            writing.execute()

    def ended(self, source: str, crawl: Crawl) -> None:
        key = self._key("crawls", source)
        with _told():
            last = self._redis.lindex(key, 0)
            if last and _decode(last).started_at == crawl.started_at:
                self._redis.lset(key, 0, _encode(crawl))
            else:  # a Redis that lost what it had
                self._redis.lpush(key, _encode(crawl))

    async def turn(self, host: str, delay: float) -> float:
        return await asyncio.to_thread(self._had, host, delay)

    def _had(self, host: str, delay: float) -> float:
        key, until = self._key("host", host), max(1, round(delay * 1000))
        with _told():
            if self._redis.set(key, self.owner, nx=True, px=until):
                return 0.0
            return max(1, int(self._redis.pttl(key))) / 1000

    def spend(self, source: str, day: str, requests: int = 1) -> int:
        key = self._key("spent", f"{source}:{day}")
        with _told(), self._redis.pipeline() as writing:
            writing.incrby(key, requests)
            writing.expire(key, A_DAY_AND_MORE)
            return int(writing.execute()[0])

    def beat(self) -> None:
        with _told():
            self._beat([self._key("workers", "alive")], [self.owner, self.lease])

    def alive(self) -> Sequence[str]:
        with _told():
            return [str(owner) for owner in self._alive([self._key("workers", "alive")], [])]

    def close(self) -> None:
        self._redis.close()

    def _key(self, kind: str, name: str) -> str:
        return f"{self._prefix}{kind}:{name}"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, ValueError) as error:
        raise RegisterUnavailable(f"Redis: {error}") from error


def _encode(crawl: Crawl) -> str:
    return json.dumps(
        {
            "started_at": timestamp(crawl.started_at),
            "finished_at": timestamp(crawl.finished_at) if crawl.finished_at else None,
            "outcome": crawl.outcome,
            "answered": crawl.answered,
            "error": crawl.error,
        }
    )


def _decode(written: str) -> Crawl:
    read = json.loads(written)
    finished_at = datetime.fromisoformat(read["finished_at"]) if read["finished_at"] else None
    started_at = datetime.fromisoformat(read["started_at"])
    return Crawl(started_at, finished_at, read["outcome"], read["answered"], read["error"])
