"""The posts of a thread in their order, for the page of one of them."""

from collections.abc import Iterator
from itertools import count

from indexer.document import Document
from indexer.store.base import Search, Store
from indexer.store.query import Phrase
from indexer.store.tokens import words

MOST = 1_000
"""Documents with the thread's title that are looked at."""
AT_ONCE = 200


def thread(store: Store, it: Document) -> list[Document]:
    """The posts that were on the same page as `it`, by floor, itself among them; [] outside of threads.

    All posts of a thread have its address and its title; a store can be asked for the title.
    """
    if it.floor is None or not (title := words(it.title)):
        return []
    search = Search(
        Phrase(title, it.title), {"source": (it.source,), "site": (it.site,)} if it.site else {}, sort="time"
    )
    found = {other.id: other for other in _all(store, search) if other.url == it.url}
    found[it.id] = it
    return sorted(found.values(), key=lambda other: (other.floor or 0, other.at, other.id))


def _all(store: Store, search: Search) -> Iterator[Document]:
    for offset in count(0, AT_ONCE):
        hits = store.search(search, offset=offset, limit=AT_ONCE).hits
        yield from (hit.document for hit in hits)
        if len(hits) < AT_ONCE or offset + AT_ONCE >= MOST:
            return
