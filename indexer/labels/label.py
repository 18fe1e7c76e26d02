"""Labels: what a reader says of a document where the analysis was wrong, kept in the state file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Literal, get_args

from indexer.document import SentimentLabel, Stance, Voice
from indexer.state import State, timestamp

Field = Literal["sentiment", "voice", "practice", "lender"]
NONE = "none"
"""The value of a practice or lender that is not in the document."""
NAMED = "named"
"""The value of a lender that the document is about."""
SENTIMENTS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)
VOICES: tuple[Voice, ...] = get_args(Voice)
STANCES: tuple[Stance, ...] = get_args(Stance)
LONGEST = 60
"""Characters of who says so."""


class LabelError(ValueError):
    """What was written is no label; says what would be."""


@dataclass(frozen=True)
class Label:
    """`field` is sentiment, voice, practice or lender; `subject` the id of the practice or lender, else empty.

    `value` is one of SENTIMENTS, of VOICES, of STANCES or NONE, or NAMED or NONE.
    """

    field: Field
    value: str
    subject: str = ""


@dataclass(frozen=True)
class Given:
    """A label, by whom and when; empty `who` is nobody in particular."""

    document: str
    label: Label
    who: str
    at: datetime


def practice(written: str, known: Iterable[str]) -> Label:
    """`+骚扰`, `+骚扰:possible` and `-骚扰`; without a sign it is there. Raises LabelError."""
    sign, name = _signed(written)
    subject, _, stance = name.partition(":")
    stance = stance or "asserted"
    if stance not in STANCES:
        raise LabelError(f"{stance!r} is no stance: expected one of {', '.join(STANCES)}")
    return Label("practice", stance if sign else NONE, known_id(subject, known, "practice"))


def lender(written: str, known: Iterable[str]) -> Label:
    """`+招联消费金融` and `-招联消费金融`; without a sign it is named. Raises LabelError."""
    sign, name = _signed(written)
    return Label("lender", NAMED if sign else NONE, known_id(name, known, "lender"))


class Labels:
    """The table of them."""

    def __init__(self, state: State) -> None:
        self.state = state

    def give(self, document: str, labels: Iterable[Label], who: str, now: datetime) -> None:
        """Keep them; each replaces what was said before on the same point. Joins an open transaction."""
        rows = [(document, it.field, it.subject, it.value, who[:LONGEST], timestamp(now)) for it in labels]
        with self.state.transaction() as db:
            db.executemany("insert or replace into label values (?, ?, ?, ?, ?, ?)", rows)

    def forget(self, documents: Sequence[str]) -> None:
        """The analysis has the last word on these again. Joins an open transaction."""
        with self.state.transaction() as db:
            db.executemany("delete from label where document = ?", [(id,) for id in documents])

    def of(self, document: str) -> list[Given]:
        rows = self.state.db.execute("select * from label where document = ? order by field, subject", (document,))
        return [_given(row) for row in rows]

    def all(self) -> Iterator[Given]:
        """By document."""
        for row in self.state.db.execute("select * from label order by document, field, subject"):
            yield _given(row)

    def by_document(self, documents: Sequence[str]) -> Mapping[str, list[Label]]:
        """Those of the documents that have any."""
        asked = ",".join("?" * len(documents))
        rows = self.state.db.execute(f"select * from label where document in ({asked})", list(documents))
        found: dict[str, list[Label]] = {}
        for row in rows:
            found.setdefault(row["document"], []).append(_given(row).label)
        return found


def _signed(written: str) -> tuple[bool, str]:
    return not written.startswith("-"), written.removeprefix("+").removeprefix("-").strip()


def known_id(subject: str, known: Iterable[str], what: str) -> str:
    """`subject`, where it is among the ids. Raises LabelError with those that are near."""
    ids = tuple(known)
    if subject in ids:
        return subject
    near = get_close_matches(subject, ids, 3, 0.3)
    raise LabelError(f"{subject!r} is no {what}" + (f": did you mean {', '.join(near)}?" if near else ""))


def _given(row: Mapping[str, str]) -> Given:
    label = Label(row["field"], row["value"], row["subject"])  # type: ignore[arg-type]
    return Given(row["document"], label, row["who"], datetime.fromisoformat(row["at"]))
