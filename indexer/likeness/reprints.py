"""Stories: which texts are the same, and which print of them was the first."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.document import Document
from indexer.state import State, timestamp
from indexer.store.base import Store

SHORT = 20
"""Characters below which equal texts are no reprint: 「催收太过分了」 is written by many."""

_NOISE = re.compile(r"\[\w{2,3}\]|[\W_]+")


def story_of(body: str, document_id: str) -> str:
    """What texts that say the same have in common: a hash of the text without spaces, punctuation and masks.

    A text too short to tell is a story of its own, named by `document_id`.
    """
    said = _NOISE.sub("", body).casefold()
    if len(said) < SHORT:
        said = f"#{document_id}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Print:
    at: str
    id: str
    story: str


class Reprints:
    """Names the first print of every story, whatever order the prints come in.

    First is the earliest by `Document.at`, then by id. What is known is in the state file's table `story`.
    """

    def __init__(self, state: State, store: Store) -> None:
        self.db = state.db
        self.store = store

    def place(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with `reprint_of` set, and before them those in the store for which it changes.

        Only reads; `remember` keeps what was placed once the store has it. So a process killed between the two
        comes to the same answer again. Each id occurs once in `documents`.
        """
        fresh = {document.id: _Print(timestamp(document.at), document.id, document.story) for document in documents}
        printed = defaultdict(list)
        for new in fresh.values():
            printed[new.story].append(new)
        for old in self._known(fresh):
            printed.setdefault(old.story, [])
        firsts: dict[str, str] = {}
        changed: dict[str, str] = {}
        for story, prints in printed.items():
            before, other = self._first(story), self._first(story, but=fresh)
            first = min([*prints, *([other] if other else [])], key=lambda it: (it.at, it.id), default=None)
            if first is None:
                continue
            firsts[story] = first.id
            if before and before.id != first.id:
                changed |= {member: first.id for member in self._members(story) if member not in fresh}
        moved = [
            document.model_copy(
                update={"reprint_of": None if document.id == changed[document.id] else changed[document.id]}
            )
            for document in self.store.get(list(changed)).values()
        ]
        return moved + [
            document.model_copy(
                update={"reprint_of": None if firsts[document.story] == document.id else firsts[document.story]}
            )
            for document in documents
        ]

    def remember(self, documents: Iterable[Document]) -> None:
        """Keep which story each document is and when. Joins an open transaction."""
        self.db.executemany(
            "insert into story (id, story, at) values (?, ?, ?)"
            " on conflict (id) do update set story = excluded.story, at = excluded.at",
            [(document.id, document.story, timestamp(document.at)) for document in documents],
        )

    def _known(self, ids: Iterable[str]) -> list[_Print]:
        rows = (self.db.execute("select at, id, story from story where id = ?", (id,)).fetchone() for id in ids)
        return [_Print(*row) for row in rows if row]

    def _first(self, story: str, but: Iterable[str] = ()) -> _Print | None:
        left_out = set(but)
        for row in self.db.execute("select at, id, story from story where story = ? order by at, id", (story,)):
            if row["id"] not in left_out:
                return _Print(*row)
        return None

    def _members(self, story: str) -> list[str]:
        return [row["id"] for row in self.db.execute("select id from story where story = ?", (story,))]
