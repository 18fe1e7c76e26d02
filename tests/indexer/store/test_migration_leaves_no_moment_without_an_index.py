"""`dunwatch migrate`: to the next mapping version while others search and write, killed or not."""

import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_bulk
from indexer.store import elastic_fields as fields
from indexer.store.base import Search, StoreUnavailable
from indexer.store.elastic import ElasticStore
from tests.cli import ROOT, Outcome, arguments, dunwatch
from tests.documents import FIRST, document

COUNT = 2_000
BEFORE = fields.VERSION - 1
"""A mapping version before ours."""


class Place:
    """A configuration with a prefix of its own on the cluster."""

    def __init__(self, url: str, folder: Path) -> None:
        self.data, self.config = folder / "data", folder / "config"
        self.cluster = ElasticsearchSettings(hosts=(url,), prefix=f"test-{secrets.token_hex(4)}", replicas=0)
        self.config.mkdir()
        text = (
            f"store: elasticsearch\nelasticsearch: {{ hosts: ['{url}'], prefix: {self.cluster.prefix}, replicas: 0 }}\n"
        )
        (self.config / "dunwatch.yaml").write_text(text, encoding="utf-8")

    def store(self, version: int = fields.VERSION, *, writable: bool = True) -> ElasticStore:
        return ElasticStore(self.cluster, writable=writable, version=version)

    def migrate(self, *words: str) -> Outcome:
        return dunwatch(self.data, "migrate", *words, config=self.config)


@pytest.fixture
def place(es_url: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(es_url, tmp_path)
    yield made
    cluster = made.store().cluster
    for name in cluster.indices():
        cluster.client.indices.delete(index=name)
    cluster.close()


def some(count: int, start: int = 0, **words: object) -> list[Document]:
    """Documents of two months."""
    return [
        document(number, first_seen_at=FIRST + timedelta(days=31 * (number % 2)), **words)
        for number in range(start, start + count)
    ]


def ids(store: ElasticStore) -> list[str]:
    return [it.id for it in store.scan(Search())]


def test_searches_see_every_document_and_what_is_written_meanwhile_is_kept(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_bulk, "LONGEST_PAUSE", 0.3)  # for the writer, once it is closed out
    old, done = place.store(BEFORE), threading.Event()
    assert old.put(some(COUNT)) == {}
    counts: list[int] = []
    written: list[Document] = []

    def read() -> None:
        reader = place.store(writable=False)
        while not done.wait(0.02):
            counts.append(reader.count())

    def write() -> None:
        """New documents and changed ones, until the store says that it has moved."""
        for number in range(COUNT, COUNT + 100_000, 50):
            batch = [*some(50, number), *some(10, number % COUNT, body=f"变了{number}", story="")]
            written.extend(batch)
            done.wait(0.1)
            try:
                assert old.put(batch) == {}
            except StoreUnavailable:
                return  # what the spool has is handed to a writer of the new version, some of it again

    threads = [threading.Thread(target=work) for work in (read, write)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        told = place.migrate()
    finally:
        done.set()
    for thread in threads:
        thread.join(60)
    assert told.code == 0, told.err
    assert min(counts) >= COUNT
    assert counts == sorted(counts)
    expected = {it.id: it for it in [*some(COUNT), *written]}
    new = place.store()
    assert new.put(written[-60:]) == {}
    assert ids(new) == sorted(expected)
    assert {it.id: it.body for it in new.scan(Search())} == {it.id: it.body for it in expected.values()}
    assert new.cluster.versions() == {fields.VERSION}
    with pytest.raises(StoreUnavailable, match="update dunwatch"):
        old.prepare()
    assert new.put(some(1, 200_000)) == {}
    assert new.count() == len(expected) + 1


def test_a_new_writer_waits_until_the_index_has_moved(place: Place) -> None:
    place.store(BEFORE).put(some(10))
    new = place.store()
    with pytest.raises(StoreUnavailable, match="run `dunwatch migrate`"):
        new.put(some(1, 50))
    assert place.migrate().code == 0
    assert new.put(some(1, 50)) == {}
    assert new.count() == 11
    assert new.put([document(60, first_seen_at=FIRST + timedelta(days=300))]) == {}
    assert new.count() == 12


def test_killed_in_the_middle_it_goes_on_with_what_is_missing(place: Place) -> None:
    old = place.store(BEFORE)
    old.put(some(COUNT))
    command = arguments(place.data, "migrate", config=place.config)
    moving = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    half = place.store().cluster.index(fields.VERSION)
    while not copied(old, half) and moving.poll() is None:
        time.sleep(0.02)
    os.kill(moving.pid, signal.SIGKILL)
    moving.wait()
    assert old.cluster.versions() == {BEFORE}
    assert old.count() == COUNT
    old.client.indices.refresh(index=half)
    left = COUNT - old.client.count(index=half)["count"]
    assert 0 < left < COUNT
    told = place.migrate("--dry-run")
    assert f"{left} documents to copy, 0 to remove" in told.out
    assert f"{left} documents copied" in place.migrate().out
    assert ids(place.store()) == sorted(it.id for it in some(COUNT))


def copied(store: ElasticStore, pattern: str) -> int:
    """How many documents the indices have, as far as they are up."""
    store.client.indices.refresh(index=pattern)
    found = store.cluster.search(index=pattern, size=0, track_total_hits=True)
    return int(found["hits"]["total"]["value"])


def test_what_was_deleted_meanwhile_is_not_brought_back(place: Place) -> None:
    old = place.store(BEFORE)
    old.put(some(20))
    half = place.store()
    half.cluster.put_template(fields.VERSION, led=False)
    for name in old.cluster.indices():
        half.cluster.make(name.replace(f"-v{BEFORE}-", f"-v{fields.VERSION}-"))
    gone = document(999)
    half.client.index(index=half.cluster.index(fields.VERSION, "2026.12"), id=gone.id, document=fields.encode(gone))
    assert "20 documents copied, 1 removed" in place.migrate().out
    assert gone.id not in ids(half)


def test_old_indices_go_when_asked_only(place: Place) -> None:
    old = place.store(BEFORE)
    old.put(some(20))
    assert place.migrate().code == 0
    assert set(old.cluster.indices().values()) == {BEFORE, fields.VERSION}
    assert "nothing to move" in place.migrate().out
    assert place.migrate("--drop-old", "--dry-run").out.count("would delete") == 2
    assert set(old.cluster.indices().values()) == {BEFORE, fields.VERSION}
    assert place.migrate("--drop-old").out.count("deleted") == 2
    assert set(old.cluster.indices().values()) == {fields.VERSION}
    assert place.store().count() == 20


def test_where_the_new_mapping_refuses_a_document_nothing_is_switched(place: Place) -> None:
    old = place.store(BEFORE)
    old.put(some(20))
    name = next(iter(old.cluster.indices()))
    odd = f"{name[:-7]}2020.01"
    old.cluster.drop_template(BEFORE)
    lenient = {"dynamic": False, "properties": {"id": {"type": "keyword"}}}
    old.client.indices.create(index=odd, mappings=lenient, aliases={old.alias: {}})
    bad = document(77, engagement={"views": 10**30})
    old.client.index(index=odd, id=bad.id, document=fields.encode(bad), refresh=True)
    told = place.migrate()
    assert (told.code, "refuses 1 documents: nothing was switched" in told.err) == (1, True)
    assert bad.id in told.err
    assert old.cluster.versions() == {BEFORE}
    assert old.put(some(1, 30)) == {}
    assert old.count() == 22
