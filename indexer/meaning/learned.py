"""How likely a sentence tells of each practice, by what was learned from labelled sentences.

Logistic regression over the pieces of one to three characters of a sentence and the classes of words
(config/practices.yaml) that it has: a word that is added to a class tells what its class tells. `practices.txt` holds
the weights, made by `python -m bench.learning`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

from indexer.meaning.pieces import Pieces
from indexer.text.sentences import Span

MODEL = Path(__file__).with_name("practices.txt")
_DIGIT, _CAPITAL = re.compile("[1-9]"), re.compile("[A-Z]")
_SMALL = str.maketrans(dict(zip(ascii_uppercase, ascii_lowercase, strict=True)))
_MARKS = '，,。！？!?；;：:“”"… \n'
_SHARES = 6
"""What a hundredth is cut into, so that a piece of one, two or three characters gives each of them the same."""


def plain(text: str) -> str:
    """`text`, character by character, with one digit for all and without capitals."""
    text = _DIGIT.sub("0", text)
    return text.translate(_SMALL) if _CAPITAL.search(text) else text


class Learned:
    """Weights of pieces and classes. Immutable; safe to share."""

    def __init__(self, lines: Sequence[str]) -> None:
        (_, *practices), (_, *bias), *rows = (line.split("\t") for line in lines if not line.startswith("# "))
        self.practices = tuple(practices)
        rows.sort(key=lambda row: row[0].startswith("<"))  # the pieces first
        names, weights = [name for name, *_ in rows], [[int(it) for it in its] for _, *its in rows]
        pieces = [name for name in names if not name.startswith("<")]
        self._class_at = {name[1:-1]: row for row, name in enumerate(names[len(pieces) :], len(pieces))}
        self._pieces = Pieces(pieces, weights, [int(it) for it in bias])

    @classmethod
    @cache
    def load(cls) -> "Learned":
        """The model that comes with dunwatch."""
        return cls(MODEL.read_text(encoding="utf-8").splitlines())

    def logits(self, text: str, within: Sequence[Span], places: Iterable[tuple[str, Span]]) -> list[list[float]]:
        """Log-odds of each practice (in the order of `practices`) in each of the sentences `within`.

        `places` are classes of words and where they stand, in order.
        """
        classes = [(self._class_at[name], span.start) for name, span in places if name in self._class_at]
        return self._pieces.sums(plain(text), [span.start for span in within], classes)

    def telling(self, text: str, sentence: Span, column: int) -> Span:
        """The words of `sentence` that speak most for the practice of `column`: the run with the greatest sum."""
        worth = [-_SHARES] * (sentence.end - sentence.start)
        for weight, start, end in self._pieces.found(plain(text[sentence.start : sentence.end]), column):
            for at in range(start, end):
                worth[at] += weight * _SHARES // (end - start)
        best, begin, total, span = 0, 0, 0, sentence
        for at, it in enumerate(worth):
            if total <= 0:
                begin, total = at, 0
            total += it
            if total > best:
                best, span = total, Span(sentence.start + begin, sentence.start + at + 1)
        words = text[span.start : span.end]
        end = span.end - (len(words) - len(words.rstrip(_MARKS)))
        return Span(span.start + len(words) - len(words.lstrip(_MARKS)), end) if end > span.start else span
