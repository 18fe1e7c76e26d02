"""The page of a document's versions: what its page said at each time, and what changed, masked like everything."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.commands import Place
from indexer.spool import Spool
from indexer.store.base import Store
from indexer.text.reading import read
from indexer.web.difference import Gap, Paragraph, difference, words
from indexer.web.find import find
from indexer.web.pages import Pages

NEWEST = 20
"""Versions that are read; of older ones only their number is told."""


@dataclass(frozen=True)
class Version:
    """What the page said when it was fetched, as it may be shown."""

    fetched_at: datetime
    title: str
    body: str


@dataclass(frozen=True)
class Step:
    """From one version to the next: what changed in title and text."""

    version: Version
    before: datetime
    title: Paragraph
    body: list[Paragraph | Gap]

    @property
    def changed(self) -> bool:
        """Whether anything that is shown did; a version may differ in its author or date only."""
        pieces = [*self.title, *(piece for it in self.body if not isinstance(it, Gap) for piece in it)]
        return any(piece.kind != "same" for piece in pieces)


def steps(versions: list[Version]) -> list[Step]:
    """The newest first; `versions` come the oldest first."""
    found = [
        Step(new, old.fetched_at, words(old.title, new.title), difference(old.body, new.body))
        for old, new in pairwise(versions)
    ]
    return found[::-1]


class VersionPages:
    """Reads the versions of Posts from the state of a data directory."""

    def __init__(self, store: Store, place: Place, pages: Pages) -> None:
        self._store, self._place, self._pages = store, place, pages

    def of(self, request: Request) -> Response:
        it = find(self._store, request)
        masker = self._place.masker()
        with self._place.data.state() as state:
            kept = list(Spool(state).versions(it.id))
        if not kept:
            raise HTTPException(404)
        versions = []
        for spooled in kept[-NEWEST:]:
            text = read(spooled.post, masker)
            versions.append(Version(spooled.post.fetched_at, text.headline, text.body))
        return self._pages.show(
            "versions", it=it, first=versions[0], steps=steps(versions), older=len(kept) - len(versions)
        )
