"""Finds names that stand in a row, each of which tells of the others."""

import re
from collections.abc import Iterator

from indexer.text.privacy.person import end_of_name
from indexer.text.privacy.shadow import CJK
from indexer.text.privacy.slots import Slot, fit

ODDS = 0.8
"""What a name of a row needs where nothing else tells of it."""
_ROW = re.compile(f"(?:、[{CJK}]{{2,3}}(?![{CJK}])){{2,}}")
_ITEM = re.compile(f"、(?P<n>[{CJK}]{{2,3}})")
_BESIDE = Slot("", 0.5, alone=True)
"""What stands beside a name in its row."""
_BEHIND = re.compile(rf"(?:、|[ \t]{{1,3}})(?P<n>[{CJK}]{{2,3}})(?:(?![{CJK}])|(?=和|与|等))")
_BEFORE = re.compile(rf"(?<![{CJK}])(?P<n>[{CJK}]{{2,3}})(?:、|[ \t]{{1,3}})$")


def rows(text: str) -> Iterator[tuple[int, int]]:
    """At least two names in a row that has more of them than of other things: 找过张伟、江波、吴敏."""
    for match in _ROW.finditer(text) if "、" in text else ():
        items = [it.span("n") for it in _ITEM.finditer(text, *match.span())]
        told = [it for it in items if end_of_name(text, it[0], ODDS, whole=True) == it[1]]
        if len(told) > max(1, len(items) / 2):
            yield from told


def beside_in_row(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The names that stand beside the name start..end in a row with 、 or blanks between them."""
    at = start
    while (before := _BEFORE.search(text, max(0, at - 6), at)) and fit(
        text, *before.span("n"), _BESIDE
    ) >= _BESIDE.least:
        yield before.span("n")
        at = before.start("n")
    at = end
    while (behind := _BEHIND.match(text, at)) and fit(text, *behind.span("n"), _BESIDE) >= _BESIDE.least:
        yield behind.span("n")
        at = behind.end("n")
