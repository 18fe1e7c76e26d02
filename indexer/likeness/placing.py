"""Places documents among those that are known: their story, the first print of it, their campaign."""

import logging
from collections.abc import Iterable, Sequence

from indexer.document import Document
from indexer.likeness.campaigns import Campaigns, campaign_of
from indexer.likeness.fingerprint import fingerprint
from indexer.likeness.reprints import Reprints
from indexer.likeness.stale import Stale
from indexer.likeness.texts import Known, Texts
from indexer.state import State
from indexer.store.base import Store

log = logging.getLogger("dunwatch.likeness")

CACHE = 64_000
"""KiB of the state file that placing holds in memory: bands are read and written all over it."""
CHECKPOINT = 10_000
"""Pages of the write-ahead log (4 KiB each) that are carried over at once, for the same reason."""
TABLES = ("text", "band", "print", "story", "evidence", "carrier", "breadth", "tie", "campaign", "stale")


class Likeness:
    """What is alike, in the state file. The same documents come to the same stories and campaigns in any order.

    `place` keeps what it finds before the store has the documents: placing them again changes nothing, so that a
    process killed in between comes to the same. Documents in the store for which something changes are listed, and
    `catch_up` writes them again.
    """

    def __init__(self, state: State, store: Store) -> None:
        self.state, self.store = state, store
        state.db.execute(f"pragma cache_size = -{CACHE}")
        state.db.execute(f"pragma wal_autocheckpoint = {CHECKPOINT}")
        self.stale = Stale(state.db)
        self.texts = Texts(state.db, self.stale)
        self.reprints = Reprints(state.db, self.texts, self.stale)

    def place(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with `story`, `reprint_of` and `campaign` set."""
        with self.state.transaction():
            campaigns = Campaigns(self.state.db, self.stale)
            for document in documents:
                self._place(document, campaigns)
            campaigns.settle()
            return [self._told(document) for document in documents]

    def _place(self, document: Document, campaigns: Campaigns) -> None:
        found = fingerprint(document.body, document.lender_mentions)
        known = self.texts.know(found) if found else Known(None)
        self.reprints.put(document, known.seq)
        campaigns.carry(document, known.seq, len(found.said) if found else 0, found.about if found else "")
        if known.seq is not None:
            campaigns.fill(known.seq, known.templates)

    def forget(self, ids: Iterable[str]) -> None:
        """These are not in the store after all."""
        with self.state.transaction():
            campaigns = Campaigns(self.state.db, self.stale)
            for id in ids:
                self.reprints.drop(id)
                campaigns.drop(id)
            campaigns.settle()

    def catch_up(self, most: int) -> bool:
        """Write again up to `most` documents of the store that are placed otherwise now; False: none was left.

        Killed at any point, the next call goes on. Raises StoreError, and then they are still listed.
        """
        portion = self.stale.next(most)
        if not portion.reached:
            return False
        kept = self.store.get(portion.ids)
        changed = [told for document in kept.values() if (told := self._told(document)) != document]
        refused = self.store.put(changed) if changed else {}
        for id, reason in refused.items():
            log.error("%s: can't be written again: %s", id, reason)
        with self.state.transaction():
            self.stale.done(portion)
        return True

    def _told(self, document: Document) -> Document:
        story, first = self.reprints.told(document)
        campaign = campaign_of(self.state.db, document)
        return document.model_copy(update={"story": story, "reprint_of": first, "campaign": campaign})


def forget_all(state: State) -> None:
    """Empty, as before a reindex: what a changed analysis makes of texts is found anew. Joins a transaction."""
    with state.transaction() as db:
        for table in TABLES:
            db.execute(f"delete from {table}")
