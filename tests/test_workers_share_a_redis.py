"""Workers on many machines, one Redis, one Elasticsearch; a worker and Redis are killed: everything is there once.

No host is asked faster than its rate by all of them together. The size is that of DUNWATCH_TEST_SCALE,
`sources:articles:workers:delay`, such as 30:1000:3:0.5; from three workers on the cluster has three nodes.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from crawler.scheduling.redis_register import RedisRegister
from indexer.settings import ElasticsearchSettings
from indexer.store import open_store
from indexer.store.base import Search, StoreError
from tests.elasticsearch.server import own_nodes
from tests.redis_server import PASSWORD, RedisServer, redis_server
from tests.site.many import sites
from tests.site.server import Site
from tests.test_main_job import wait_for
from tests.test_schedule_and_worker import configured, running

SOURCES, ARTICLES, WORKERS, DELAY = map(float, os.environ.get("DUNWATCH_TEST_SCALE", "3:10:2:0.15").split(":"))
SOURCES, ARTICLES, WORKERS = int(SOURCES), int(ARTICLES), int(WORKERS)
LEASE = 4 if WORKERS < 3 else 15
PATIENCE = 120 + SOURCES * ARTICLES * 0.2
RUN = 10
"""Requests of a host that are looked at together: a busy machine makes single ones late."""


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    monkeypatch.setenv("DUNWATCH_REDIS_PASSWORD", PASSWORD)
    monkeypatch.setenv("DUNWATCH_KEY", "the same on all machines")
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sequence[str]]:
    if WORKERS < 3:
        yield [request.getfixturevalue("es_url")]
        return
    (tmp_path / "nodes").mkdir()
    with own_nodes(tmp_path / "nodes", nodes=3) as nodes:
        yield [node.url for node in nodes]


def test_everything_is_there_once_and_no_host_is_asked_too_fast(
    redis: RedisServer, hosts: Sequence[str], tmp_path: Path
) -> None:
    limits = {"delay": DELAY, "timeout": 10}
    with sites(SOURCES, ARTICLES, every="1d", limits=limits) as (served, sources):
        cluster = {"hosts": list(hosts), "prefix": "scale", "replicas": 0 if WORKERS < 3 else 1}
        words: dict[str, Any] = {"store": "elasticsearch", "elasticsearch": cluster, "redis": redis.url}
        config = configured(tmp_path / "config", *sources, **words, lease=LEASE, jobs=1, crawls=SOURCES)
        began = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(running(tmp_path / "schedule", config, "schedule"))
            workers = [stack.enter_context(running(tmp_path / f"w{it}", config, "worker")) for it in range(WORKERS)]
            wait_for(lambda: _asked(served) > SOURCES * ARTICLES / 3, PATIENCE)
            print(f"{time.monotonic() - began:.0f} s: a worker is killed at {_asked(served)} requests")
            os.kill(workers[0].pid, signal.SIGKILL)
            wait_for(lambda: _asked(served) > SOURCES * ARTICLES / 2, PATIENCE)
            print(f"{time.monotonic() - began:.0f} s: Redis is killed at {_asked(served)} requests")
            redis.kill()
            time.sleep(LEASE / 2)
            redis.start()
            wait_for(lambda: _finished(redis, sources), PATIENCE)
            print(f"{time.monotonic() - began:.0f} s: all crawls are over, {_asked(served)} requests")
            # What the killed one had fetched of crawls that were over is on its machine, which comes back.
            workers[0] = stack.enter_context(running(tmp_path / "w0", config, "worker"))
            documents = wait_for(lambda: _all(hosts), PATIENCE)
            print(f"{time.monotonic() - began:.0f} s: all is indexed")
            for worker in workers[1:]:
                worker.send_signal(signal.SIGTERM)
                assert worker.wait(60) == 0
        fastest = min(map(_fastest, served))
        articles = Counter(it.path for site in served for it in site.asked() if "list" not in it.path)
        print(f"{articles.total()} articles fetched, {RUN} requests of a host in {fastest:.2f} s at least")
        assert fastest > 0.7 * RUN * DELAY
        assert len(articles) == SOURCES * ARTICLES
    assert len(documents) == len(set(documents)) == SOURCES * ARTICLES
    with Redis(port=redis.port, password=PASSWORD) as client:
        assert not client.keys("dunwatch:lease:*")


def _asked(served: Sequence[Site]) -> int:
    return sum(len(site.requests) for site in served)


def _fastest(site: Site) -> float:
    """Seconds in which RUN requests were made, at least."""
    moments = sorted(it.at for it in site.requests)
    return min(after - before for before, after in zip(moments, moments[RUN:], strict=False))


def _finished(redis: RedisServer, sources: Sequence[dict[str, Any]]) -> bool:
    url = redis.url.replace("//", "//:only%2Ffor%3Atests@")
    with closing(RedisRegister(url, "the test", LEASE)) as register:
        crawls = register.crawls([source["name"] for source in sources])
    return all(last and last[0].outcome == "finished" for last in crawls.values())


def _all(hosts: Sequence[str]) -> list[str]:
    """The ids of all documents, once there are enough."""
    store = open_store(ElasticsearchSettings(hosts=tuple(hosts), prefix="scale"), Path(), writable=False)
    try:
        return [it.url for it in store.scan(Search())] if store.count() >= SOURCES * ARTICLES else []
    except StoreError:
        return []
    finally:
        store.close()
