"""The posts of a thread in their order, for the page of one of them."""

from collections.abc import Iterable, Iterator
from itertools import count

from indexer.document import Document
from indexer.state import State
from indexer.store.base import Search, Store
from indexer.store.query import Phrase
from indexer.store.tokens import words

MOST = 1_000
"""Posts of a thread, and documents with its title, that are looked at."""
AT_ONCE = 200


def thread(store: Store, state: State, it: Document) -> list[Document]:
    """The posts of the thread of `it`, by floor, itself among them; [] outside of threads.

    All posts of a thread have its address. Which ones its pages held is known of those that were crawled; others,
    and those that are there no more, have its title, which a store can be asked for.
    """
    if it.floor is None:
        return []
    found = {other.id: other for other in (*_held(store, state, it), *_titled(store, it)) if other.url == it.url}
    found[it.id] = it
    return sorted(found.values(), key=lambda other: (other.floor or 0, other.at, other.id))


def _held(store: Store, state: State, it: Document) -> Iterable[Document]:
    rows = state.db.execute(
        "select id from seen_on where source = ?1 and page in"
        " (select ?2 union all select url from page where source = ?1 and thread = ?2) limit ?3",
        (it.source, it.url, MOST),
    )
    return store.get([row["id"] for row in rows]).values()


def _titled(store: Store, it: Document) -> Iterator[Document]:
    if title := words(it.title):
        where = {"source": (it.source,), "site": (it.site,)} if it.site else {"source": (it.source,)}
        yield from _all(store, Search(Phrase(title, it.title), where, sort="time"))


def _all(store: Store, search: Search) -> Iterator[Document]:
    for offset in count(0, AT_ONCE):
        hits = store.search(search, offset=offset, limit=AT_ONCE).hits
        yield from (hit.document for hit in hits)
        if len(hits) < AT_ONCE or offset + AT_ONCE >= MOST:
            return
