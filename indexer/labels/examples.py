"""Labelled documents as training data: what a reader said, beside the text that it was said of."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from indexer.document import Document
from indexer.labels.label import Given
from indexer.store.base import Store

AT_ONCE = 200
"""Documents that are asked for at once."""


class Example(BaseModel):
    """A document, masked as it is in the index, with what readers said of it; a line of `dunwatch labels export`."""

    model_config = ConfigDict(frozen=True)

    document: str
    kind: str
    title: str
    body: str
    sentiment: str | None = None
    voice: str | None = None
    practices: dict[str, str] = {}
    """Practice → its stance, or `none`."""
    lenders: dict[str, str] = {}
    """Lender → `named` or `none`."""


def examples(given: Iterable[Given], store: Store) -> Iterator[tuple[Document, Example]]:
    """In order of document; documents that are no longer in the index are left out."""
    grouped = [(id, list(its)) for id, its in groupby(given, key=lambda it: it.document)]
    for start in range(0, len(grouped), AT_ONCE):
        some = grouped[start : start + AT_ONCE]
        documents = store.get([id for id, _ in some])
        for id, its in some:
            if it := documents.get(id):
                yield it, _example(it, its)


def _example(it: Document, given: list[Given]) -> Example:
    labels = [one.label for one in given]
    plain = {label.field: label.value for label in labels if not label.subject}
    return Example(
        document=it.id,
        kind=it.kind,
        title=it.title,
        body=it.body,
        sentiment=plain.get("sentiment"),
        voice=plain.get("voice"),
        practices={label.subject: label.value for label in labels if label.field == "practice"},
        lenders={label.subject: label.value for label in labels if label.field == "lender"},
    )
