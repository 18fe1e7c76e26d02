"""How likely a sentence tells of each practice, by what was learned from labelled sentences.

Logistic regression over the pieces of one to three characters of a sentence and the classes of words
(config/practices.yaml) that it has: a word that is added to a class tells what its class tells. `practices.txt` holds
the weights, made by `python -m bench.learning`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from indexer.text.sentences import Span

MODEL = Path(__file__).with_name("practices.txt")
PIECES = 3
"""Characters of the longest piece."""
_PLAIN = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0000000000abcdefghijklmnopqrstuvwxyz")
_MARKS = '，,。！？!?；;：:“”"… \n'

Logits = NDArray[np.float32]


def plain(text: str) -> str:
    """`text`, character by character, with one digit for all and without capitals."""
    return text.translate(_PLAIN)


class Learned:
    """Weights of pieces and classes. Immutable; safe to share."""

    def __init__(self, lines: Sequence[str]) -> None:
        rows = [line.split("\t") for line in lines if not line.startswith("# ")]
        names, weights = [row[0] for row in rows[1:]], np.array([row[1:] for row in rows[1:]], dtype=np.float32) / 100
        self.practices = tuple(rows[0][1:])
        classes = [at for at, name in enumerate(names) if name.startswith("<")]
        pieces = [at for at, name in enumerate(names) if not name.startswith("<")]
        self._bias = weights[classes[0]]
        self._class_at = {names[at][1:-1]: number for number, at in enumerate(classes)}
        self._weights: Logits = np.concatenate([weights[classes], weights[pieces]])
        self._first_piece = len(classes)
        self._automaton = AhoCorasick([names[at] for at in pieces])

    @classmethod
    @cache
    def load(cls) -> "Learned":
        """The model that comes with dunwatch."""
        return cls(MODEL.read_text(encoding="utf-8").splitlines())

    def logits(self, text: str, within: Sequence[Span], places: Iterable[tuple[str, Span]]) -> Logits:
        """Log-odds of each practice (columns, as in `practices`) in each of the sentences `within` (rows).

        `places` are classes of words and where they stand.
        """
        if not within:  # a text may have no sentence, as a reply has no title of its own
            return np.tile(self._bias, (0, 1))
        starts = np.array([span.start for span in within])
        classes = [(self._class_at[name], span.start) for name, span in places if name in self._class_at]
        pieces = self._matches(text)
        which = np.array([*(at for at, _ in classes), *(self._first_piece + it[0] for it in pieces)], dtype=np.intp)
        where = np.array([*(start for _, start in classes), *(it[1] for it in pieces)], dtype=np.intp)
        found: Logits = np.tile(self._bias, (len(within), 1))
        rows = np.maximum(np.searchsorted(starts, where, side="right") - 1, 0)
        once = np.unique(rows * len(self._weights) + which)  # a sentence that says it twice says it once
        rows, which = np.divmod(once, len(self._weights))
        some, first = np.unique(rows, return_index=True)
        if len(some):
            found[some] += np.add.reduceat(self._weights[which], first)
        return found

    def telling(self, text: str, sentence: Span, column: int) -> Span:
        """The words of `sentence` that speak most for the practice of `column`: the run with the greatest sum."""
        worth = np.full(sentence.end - sentence.start, -0.01)
        for index, start, end in self._matches(text[sentence.start : sentence.end]):
            worth[start:end] += self._weights[self._first_piece + index, column] / (end - start)
        best, begin, total, span = 0.0, 0, 0.0, sentence
        for at, it in enumerate(worth.tolist()):
            if total <= 0:
                begin, total = at, 0.0
            total += it
            if total > best:
                best, span = total, Span(sentence.start + begin, sentence.start + at + 1)
        words = text[span.start : span.end]
        end = span.end - (len(words) - len(words.rstrip(_MARKS)))
        return Span(span.start + len(words) - len(words.lstrip(_MARKS)), end) if end > span.start else span

    def _matches(self, text: str) -> list[tuple[int, int, int]]:
        return self._automaton.find_matches_as_indexes(plain(text), overlapping=True)
