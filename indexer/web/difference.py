"""What changed between two texts, by paragraphs and within them by characters and words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
MOST_LINES = 2_000
"""Paragraphs of a text up to which two are compared; longer ones are shown as taken out and put in."""
MOST_WORDS = 3_000
"""The same for words of a paragraph."""
SHORTEST = 2
"""Words between two changes that count as unchanged; fewer belong to the change."""
AROUND = 1
"""Paragraphs without a change that are shown beside one that has one."""
_WORD = re.compile(r"[^\W\d_a-zA-Z]|[A-Za-z0-9_]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A piece of a paragraph and what became of it."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Gap:
    """So many paragraphs without a change, left out."""

    paragraphs: int


Paragraph = tuple[Piece, ...]


def difference(old: str, new: str) -> list[Paragraph | Gap]:
    """Paragraph by paragraph from `old` to `new`; what stayed is left out but for what stands beside a change."""
    before, after = _lines(old), _lines(new)
    if max(len(before), len(after)) > MOST_LINES:
        return [(Piece("removed", "\n".join(before)),), (Piece("added", "\n".join(after)),)]
    found: list[Paragraph | Gap] = []
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(codes):
        if tag == "equal":
            found += _quiet(before[i:j], first=number == 0, last=number == len(codes) - 1)
        else:
            found += _changed(before[i:j], after[k:m])
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _quiet(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[Paragraph | Gap]:
    head, tail = 0 if first else AROUND, 0 if last else AROUND
    if len(lines) <= head + tail + 1:
        yield from ((Piece("same", line),) for line in lines)
        return
    yield from ((Piece("same", line),) for line in lines[:head])
    yield Gap(len(lines) - head - tail)
    yield from ((Piece("same", line),) for line in lines[len(lines) - tail :])


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that stand in each other's place, then those that are only in one of the texts."""
    for old, new in zip(before, after, strict=False):
        yield words(old, new)
    shared = min(len(before), len(after))
    yield from ((Piece("removed", line),) for line in before[shared:])
    yield from ((Piece("added", line),) for line in after[shared:])


def words(old: str, new: str) -> Paragraph:
    """One paragraph: what was taken out and what was put in, where it was."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return (Piece("removed", old), Piece("added", new))
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" and (j - i >= SHORTEST or not pieces or j == len(before)):
            pieces.append(Piece("same", "".join(before[i:j])))
        else:
            pieces = _joined(pieces, "".join(before[i:j]), "".join(after[k:m]))
    return tuple(piece for piece in pieces if piece.text)


def _joined(pieces: list[Piece], removed: str, added: str) -> list[Piece]:
    """The pieces with a change behind them; two changes side by side become one."""
    if len(pieces) >= 2 and pieces[-1].kind == "added" and pieces[-2].kind == "removed":
        *pieces, out, put = pieces
        removed, added = out.text + removed, put.text + added
    return [*pieces, Piece("removed", removed), Piece("added", added)]
