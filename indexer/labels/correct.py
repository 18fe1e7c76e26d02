"""Puts labels over what the analysis found: a reader's word counts, after every crawl and every reindex."""

from collections.abc import Iterable, Mapping

from indexer.document import Document, Practice, Severity, Stance, Where
from indexer.labels.label import NONE, Label
from indexer.text.sentences import sentences

WITHIN = {"negative": 0.15, "neutral": 0.5, "positive": 0.85}
"""The sentiment of a document that is called so and had another label."""


def corrected(document: Document, labels: Iterable[Label], severities: Mapping[str, Severity]) -> Document:
    """The Document as its readers have it. `severities` are those of the practices that are declared; a practice that
    is no longer among them is left out."""
    for label in labels:
        match label.field:
            case "sentiment":
                document = _feeling(document, label.value)
            case "voice":
                document = document.model_copy(update={"voice": label.value})
            case "practice":
                document = _practice(document, label, severities)
            case "lender":
                document = _lender(document, label)
    return document


def _feeling(document: Document, label: str) -> Document:
    if document.sentiment_label == label:
        return document
    return document.model_copy(update={"sentiment_label": label, "sentiment": WITHIN[label]})


def _practice(document: Document, label: Label, severities: Mapping[str, Severity]) -> Document:
    others = tuple(it for it in document.practices if it.id != label.subject)
    if label.value == NONE:
        return document.model_copy(update={"practices": others})
    if len(others) == len(document.practices):
        added = _added(document, label, severities)
        return document.model_copy(update={"practices": (*others, added)}) if added else document
    told = tuple(
        it.model_copy(update={"stance": label.value}) if it.id == label.subject else it for it in document.practices
    )
    return document.model_copy(update={"practices": told})


def _added(document: Document, label: Label, severities: Mapping[str, Severity]) -> Practice | None:
    """A practice that the analysis missed. It stands on the sentence that speaks worst, as nobody said which it is."""
    if label.subject not in severities:
        return None
    stance: Stance = label.value  # type: ignore[assignment]
    where: Where = "body" if document.body.strip() else "title"
    text = document.body if where == "body" else document.title
    worst = document.worst_sentence
    span = (worst.start, worst.end) if worst else next(((it.start, it.end) for it in sentences(text)), (0, len(text)))
    return Practice(
        id=label.subject,
        stance=stance,
        severity=severities[label.subject],
        lender=document.lenders[0] if document.lenders else None,
        quote=text[slice(*span)],
        phrase="",
        where=where,
        start=span[0],
        end=span[1],
    )


def _lender(document: Document, label: Label) -> Document:
    lender = label.subject
    if label.value != NONE:
        named = document.lenders if lender in document.lenders else (*document.lenders, lender)
        return document.model_copy(update={"lenders": named})
    return document.model_copy(
        update={
            "lenders": tuple(it for it in document.lenders if it != lender),
            "lender_mentions": tuple(it for it in document.lender_mentions if it.lender != lender),
            "practices": tuple(
                it.model_copy(update={"lender": None}) if it.lender == lender else it for it in document.practices
            ),
        }
    )
