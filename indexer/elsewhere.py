"""What another machine has indexed already: a source that moved to this one keeps when its posts were first seen."""

from collections.abc import Sequence

from indexer.document import Document
from indexer.spool import Spooled
from indexer.state import State, timestamp
from indexer.store.base import Store

Good = tuple[Spooled, Document]


def first_seen(store: Store, state: State, good: Sequence[Good]) -> list[Good]:
    """The same, with the earlier `first_seen_at` of those that are new here and in the store.

    A document's month is that of its first fetch: without this it would be in two. Raises StoreError.
    """
    new = [document.id for spooled, document in good if spooled.first_seen_at == spooled.post.fetched_at]
    there = store.get(new) if new else {}
    earlier = {id: it.first_seen_at for id, it in there.items()}
    moved = [
        (timestamp(earlier[it.id]), it.id) for _, it in good if it.id in earlier and earlier[it.id] < it.first_seen_at
    ]
    if not moved:
        return list(good)
    with state.transaction() as db:
        db.executemany("update post set first_seen_at = ? where id = ?", moved)
    ids = {id for _, id in moved}
    return [
        (spooled, it.model_copy(update={"first_seen_at": earlier[it.id]}) if it.id in ids else it)
        for spooled, it in good
    ]
