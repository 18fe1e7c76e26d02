"""Text with marks: spans that overlap become a row of segments, each with the classes of all that cover it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """A mark on a text: classes it gives, what it says when pointed at, and a name to link to where it begins."""

    start: int
    end: int
    classes: str
    tip: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Segment:
    """A piece of text that is covered by the same marks from its first character to its last."""

    text: str
    classes: str = ""
    tip: str = ""
    anchors: tuple[str, ...] = ()


def segments(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> list[Segment]:
    """The text from `start` to `end`, cut wherever a mark begins or ends. Spans beyond the text are cut off."""
    last = len(text) if end is None else min(end, len(text))
    clipped = [
        (max(span.start, start), min(span.end, last), span)
        for span in spans
        if max(span.start, start) < min(span.end, last)
    ]
    opening: dict[int, list[Span]] = {}
    closing: dict[int, list[Span]] = {}
    for begins, ends, span in clipped:
        opening.setdefault(begins, []).append(span)
        closing.setdefault(ends, []).append(span)
    cuts = sorted({start, last, *opening, *closing})
    active: list[Span] = []
    found = []
    for here, there in pairwise(cuts):
        ending = closing.get(here, ())
        active = [span for span in active if span not in ending] + opening.get(here, [])
        found.append(_segment(text[here:there], active, opening.get(here, ())))
    return found


def _segment(text: str, active: Sequence[Span], opened: Sequence[Span]) -> Segment:
    classes = dict.fromkeys(name for span in active for name in span.classes.split())
    tips = dict.fromkeys(span.tip for span in active if span.tip)
    return Segment(text, " ".join(classes), "；".join(tips), tuple(span.anchor for span in opened if span.anchor))


def paragraphs(row: Iterable[Segment]) -> Iterator[list[Segment]]:
    """The same in paragraphs, one a line of the text; empty lines are dropped."""
    paragraph: list[Segment] = []
    for segment in row:
        first, *rest = segment.text.split("\n")
        paragraph.append(Segment(first, segment.classes, segment.tip, segment.anchors))
        for line in rest:
            if any(piece.text.strip() for piece in paragraph):
                yield paragraph
                paragraph = []
            # An anchor on a line that is dropped moves on to the next, so that links to it still lead somewhere.
            kept = tuple(anchor for piece in paragraph for anchor in piece.anchors)
            paragraph = [Segment(line, segment.classes, segment.tip, kept)]
    if any(piece.text.strip() for piece in paragraph):
        yield paragraph
