"""A cluster that has too much to do: everything gets in once it has time, and nothing is refused for it."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_bulk
from indexer.store.base import StoreUnavailable
from indexer.store.elastic import ElasticStore
from tests.documents import document
from tests.elasticsearch.front import Answer, front
from tests.elasticsearch.server import own_nodes

BUSY: Answer = (429, {"error": {"type": "es_rejected_execution_exception", "reason": "queue full"}, "status": 429})


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses a tenth as long."""
    monkeypatch.setattr(elastic_bulk, "FIRST_PAUSE", 0.025)
    monkeypatch.setattr(elastic_bulk, "LONGEST_PAUSE", 1.5)


class Answers:
    """What a front answers to bulk requests, one after the other; then the node does. Counts what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.left, self.asked = list(answers), 0

    def __call__(self, method: str, path: str) -> Answer | None:
        if not path.endswith("_bulk"):
            return None
        self.asked += 1
        return self.left.pop(0) if self.left else None


def opened(url: str, **words: Any) -> ElasticStore:
    prefix = f"test-{secrets.token_hex(4)}"
    return ElasticStore(ElasticsearchSettings(hosts=(url,), prefix=prefix, replicas=0, **words), writable=True)


def test_what_was_too_much_is_sent_again(es_url: str, in_a_hurry: None) -> None:
    answers = Answers(BUSY, (503, {}), (502, {}), BUSY)
    with front(es_url, answer=answers) as url:
        store = opened(url)
        assert store.put([document(number) for number in range(1_200)]) == {}
        assert store.count() == 1_200
        assert answers.asked == 3 + 4
        store.close()


def test_what_stays_too_much_waits_and_is_not_refused(es_url: str, in_a_hurry: None) -> None:
    answers = Answers(*[BUSY] * elastic_bulk.TRIES)
    with front(es_url, answer=answers) as url:
        store = opened(url)
        with pytest.raises(StoreUnavailable, match="queue full"):
            store.put([document(1)])
        assert answers.asked == elastic_bulk.TRIES
        assert store.put([document(1)]) == {}
        assert store.count() == 1
        store.close()


def test_a_request_is_bounded_by_bytes_and_halved_where_the_server_takes_less(es_url: str) -> None:
    answers = Answers((413, {}))
    large = [document(number, body="催" * 100_000) for number in range(8)]  # 1.4 MB each, as it is sent
    with front(es_url, answer=answers) as url:
        store = opened(url)
        assert store.put(large[:2]) == {}
        assert answers.asked == 1 + 2
        answers.asked = 0
        assert store.put(large) == {}
        assert answers.asked == 4
        assert store.count() == 8
        store.close()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A node that writes one thing at a time and lets one wait."""
    settings = ["thread_pool.write.size=1", "thread_pool.write.queue_size=1"]
    with own_nodes(tmp_path_factory.mktemp("narrow"), settings=settings) as (node,):
        yield node.url


def patiently(store: ElasticStore, documents: list[Document]) -> None:
    """As the job does."""
    while True:
        try:
            assert store.put(documents) == {}
            return
        except StoreUnavailable:
            pass


def test_documents_that_a_full_queue_turns_away_get_in(narrow: str) -> None:
    store = opened(narrow, shards=8)  # a request is eight tasks, of which two find a place
    each = [document(number) for number in range(2_000)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda start: patiently(store, each[start::2]), range(2)))
    assert store.count() == len(each)
    turned_away = store.client.nodes.stats(metric="thread_pool")["nodes"].popitem()[1]["thread_pool"]["write"]
    assert turned_away["rejected"] > 0
    store.close()


def test_a_closed_or_read_only_index_refuses_no_document(narrow: str, in_a_hurry: None) -> None:
    store = opened(narrow)
    store.put([document(1)])
    (name,) = store.client.indices.get_alias(name=store.alias).body
    store.client.indices.add_block(index=name, block="write")
    with pytest.raises(StoreUnavailable, match="blocked by"):
        store.put([document(2)])
    store.client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    assert store.put([document(2)]) == {}
    store.client.indices.delete(index=name)
    assert store.put([document(3)]) == {}
    assert store.count() == 1
    store.close()
