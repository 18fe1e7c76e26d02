"""Learns sentiment anew from the shipped corpus, the field's sentences and what readers said.

The new model and the one in use are held against the labels that were kept back.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.document import Document
from indexer.meaning.sentiment import Scored, Sentiment, spoken
from indexer.text.sentences import Span

KEPT_BACK = 4
"""Of so many labelled documents one is kept back, by its id, so that every training keeps back the same."""
LEAST = 8
"""Labelled documents without which nothing is learned."""
SIDES = {"negative": ("neg",), "positive": ("pos",), "neutral": ("neg", "pos")}
MEANT = {"negative": 0.0, "neutral": 0.5, "positive": 1.0}

Labelled = tuple[Document, str]
"""A document, and what its readers call its sentiment."""
Learn = Callable[[Sequence[tuple[str, str]], Path], None]
"""Learns from texts with their sides, besides what ships, and writes the model to a file."""


class TooFew(ValueError):
    """There are not enough labels to learn from, or to judge by."""


@dataclass(frozen=True)
class Judged:
    """How a model does on the labels that were kept back: the share of labels met, and how far scores are from them."""

    right: float
    error: float

    def better_than(self, other: "Judged") -> bool:
        return (self.right, -self.error) > (other.right, -other.error)


@dataclass(frozen=True)
class Learned:
    """A new model, from so many documents, and how it and the one in use do on the others."""

    model: Path
    learned_from: int
    kept_back: int
    now: Judged
    new: Judged

    @property
    def better(self) -> bool:
        return self.new.better_than(self.now)


def is_kept_back(document_id: str) -> bool:
    return hashlib.sha256(document_id.encode()).digest()[0] % KEPT_BACK == 0


def learn(labelled: Sequence[Labelled], folder: Path, in_use: Sentiment, fit: Learn) -> Learned:
    """A new model in `folder`, named by what it holds. Raises TooFew."""
    own = [it for it in labelled if not is_kept_back(it[0].id)]
    kept = [it for it in labelled if is_kept_back(it[0].id)]
    if len(labelled) < LEAST or not own or not kept:
        raise TooFew(
            f"{len(labelled)} documents have a label on sentiment, {len(kept)} of them kept back:"
            f" at least {LEAST} are needed, some of them kept back"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / "sentiment-draft"
    fit([(side, text) for document, label in own for side in SIDES[label] for text in _spoken(document)], draft)
    written = draft.with_name(draft.name + ".3")
    digest = hashlib.sha256(written.read_bytes()).hexdigest()[:8]
    model = written.rename(folder / f"sentiment-{digest}.3")
    return Learned(model, len(own), len(kept), judge(in_use, kept), judge(Sentiment(model), kept))


def judge(model: Sentiment, kept: Sequence[Labelled]) -> Judged:
    scored = [(_score(model, document), label) for document, label in kept]
    right = sum(it.label == label for it, label in scored) / len(kept)
    error = sum(abs(it.sentiment - MEANT[label]) for it, label in scored) / len(kept)
    return Judged(round(right, 3), round(error, 3))


def _score(model: Sentiment, it: Document) -> Scored:
    return model.score(_own_title(it), it.body, about=_spans(it), speaker=it.voice)


def _spoken(it: Document) -> Iterable[str]:
    """The title and the sentences by which the document is scored."""
    title = [_own_title(it)] if _own_title(it) else []
    return title + [it.body[span.start : span.end] for span in spoken(it.body, _spans(it))]


def _own_title(it: Document) -> str:
    """A thread's title says what its first post says."""
    return "" if it.kind == "reply" else it.title


def _spans(it: Document) -> list[Span]:
    named = [Span(hit.start, hit.end) for hit in it.lender_mentions if hit.where == "body"]
    return named + [Span(hit.start, hit.end) for hit in it.practices if hit.where == "body"]


def fit(texts: Sequence[tuple[str, str]], file: Path) -> None:
    """As the shipped model was made, with these texts beside the field's sentences."""
    from indexer.meaning.model.train import field, shipped, train

    train(shipped(), [*field(), *texts]).save(str(file))
