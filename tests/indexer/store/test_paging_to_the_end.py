"""More documents than Elasticsearch pages through by itself (10,000), page by page to the last: each once, in order."""

from datetime import timedelta

from indexer.store.base import Search, Store
from indexer.store.query import parse
from tests.documents import FIRST, document

COUNT = 11_000
PAGE = 1_000


def test_every_document_is_on_one_page(empty: Store) -> None:
    documents = [
        document(number, published_at=FIRST + timedelta(minutes=number // 3), story="0" * 24) for number in range(COUNT)
    ]
    for start in range(0, COUNT, 5_000):
        assert empty.put(documents[start : start + 5_000]) == {}
    expected = [it.id for it in sorted(documents, key=lambda it: (-it.at.timestamp(), it.id))]
    found: list[str] = []
    for offset in range(0, COUNT + PAGE, PAGE):
        results = empty.search(Search(text=parse("还款")), offset=offset, limit=PAGE)
        assert results.total == COUNT
        found += [hit.document.id for hit in results.hits]
    assert sorted(found) == sorted(expected)
    newest = [
        hit.document.id
        for offset in (0, 9_500, 10_500)
        for hit in empty.search(Search(sort="time"), offset=offset, limit=500).hits
    ]
    assert newest == [*expected[:500], *expected[9_500:10_000], *expected[10_500:]]
    assert [it.id for it in empty.scan(Search())] == sorted(expected)
