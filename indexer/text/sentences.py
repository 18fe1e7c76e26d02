"""Splits Chinese text into sentences, by character offsets, so that every finding can point into the text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_END = re.compile(r"[。!?！？…;；\n]+[\"'”’」』)）]*")


class Span(NamedTuple):
    """Characters start..end of a text."""

    start: int
    end: int


def sentences(text: str) -> Iterator[Span]:
    """Spans of the sentences of `text`, in order, without surrounding space; never empty, never overlapping."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        trimmed = piece.strip()
        if trimmed:
            yield Span(start + lead, start + lead + len(trimmed))
        start = end
