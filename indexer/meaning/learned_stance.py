"""The stance of a practice, by what was learned from labelled sentences; the rules' answer is one of its features.

Logistic regression over the pieces of one to three characters in five zones: the clauses before the practice's own, its
clause up to its words, the words, what follows them in the clause, and the clauses behind. `stances.txt` holds the
weights, made by `python -m bench.learning_stance`.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from indexer.document import Stance
from indexer.meaning.learned import plain
from indexer.meaning.pieces import Pieces

Decide = Callable[[Stance, str, str, int, int], Stance]
"""Of the rules' answer, a practice, a sentence, and where in it the words begin and end."""
MODEL = Path(__file__).with_name("stances.txt")
STANCES: tuple[Stance, ...] = ("asserted", "possible", "denied")
ZONES = 5
REACH = 60
"""Characters on each side of the words that are looked at."""
_CLAUSE = re.compile(r"[，,。！？!?；;：:\s]")
_BEFORE_ALL = -1
"""Where features stand that aren't pieces: in the first zone, be it empty or not."""


def zones(sentence: str, start: int, end: int) -> tuple[str, list[int]]:
    """What is looked at of a `sentence` whose words start..end name a practice, and where each zone of it begins."""
    first = max(0, start - REACH)
    text = plain(sentence[first : end + REACH])
    start, end = start - first, end - first
    *_, clause = 0, *(mark.end() for mark in _CLAUSE.finditer(text, 0, start))
    again = text.find(text[start:end], end) if end > start else -1
    if again >= 0:  # the same words again have a stance of their own
        text = text[: max((mark.end() for mark in _CLAUSE.finditer(text, end, again)), default=again)]
    mark = _CLAUSE.search(text, end)
    return text, [0, clause, start, end, mark.start() if mark else len(text)]


def features(rule: Stance, practice: str) -> tuple[str, str, str]:
    """Names of those that aren't pieces: what the rules say, of which practice, and both."""
    return f"<{rule}>", f"<{practice}>", f"<{practice} {rule}>"


class LearnedStance:
    """Weights of pieces in zones. Immutable; safe to share."""

    def __init__(self, lines: Sequence[str]) -> None:
        (_, *bias), *rows = (line.split("\t") for line in lines if not line.startswith("# "))
        rows.sort(key=lambda row: len(row[0]) > 2 and row[0].startswith("<"))  # the pieces first
        pieces = [name for name, *_ in rows if not (len(name) > 2 and name.startswith("<"))]
        self._others = {name: row for row, (name, *_) in enumerate(rows) if row >= len(pieces)}
        self._pieces = Pieces(pieces, [[int(it) for it in its] for _, *its in rows], [int(it) for it in bias])

    @classmethod
    @cache
    def load(cls) -> "LearnedStance":
        """The model that comes with dunwatch."""
        return cls(MODEL.read_text(encoding="utf-8").splitlines())

    def of(self, rule: Stance, practice: str, sentence: str, start: int, end: int) -> Stance:
        """The likeliest stance of the characters start..end of `sentence`, which name a `practice`."""
        text, starts = zones(sentence, start, end)
        others = [(self._others[name], _BEFORE_ALL) for name in features(rule, practice) if name in self._others]
        sums = self._pieces.sums(text, starts, others)
        odds = [sum(sums[zone][len(STANCES) * zone + at] for zone in range(ZONES)) for at in range(len(STANCES))]
        return STANCES[odds.index(max(odds))]
