"""snownlp's naive Bayes, read from the file of its `save`: the same probabilities, each logarithm taken once."""

import gzip
import marshal
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

from indexer.meaning.tables import package
from indexer.meaning.weights import Weights

STOCK = package() / "sentiment/sentiment.marshal.3"
"""The model of reviews that snownlp comes with."""
STOP_WORDS = package() / "normal/stopwords.txt"
SIDES = ("neg", "pos")


class Evidence(NamedTuple):
    """What words say of a text: how many count, and ln P(these words and the text is negative, positive)."""

    words: int
    negative: float
    positive: float

    @property
    def log_odds(self) -> float:
        return self.positive - self.negative

    @property
    def probability(self) -> float:
        """That the text is positive, worked out as snownlp does for its `sentiments`."""
        sure = 1 / (1 + math.exp(-abs(self.log_odds)))
        return sure if self.log_odds > 0 else 1 - sure


class Bayes:
    """Weighs the words of a text. `model` is a file that snownlp's `save` wrote, with the .3 of its name.

    Raises OSError or ValueError where that cannot be read.
    """

    def __init__(self, model: Path = STOCK) -> None:
        data = model.read_bytes()
        loaded = marshal.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
        negative, positive = (loaded["d"][side] for side in SIDES)
        totals = negative["total"], positive["total"]
        self._start = math.log(totals[0]) - math.log(loaded["total"]), math.log(totals[1]) - math.log(loaded["total"])

        @cache  # most words occur as often as many others, and share what that means
        def logs(one: float, other: float) -> tuple[float, float]:
            return math.log(float(one) / totals[0]), math.log(float(other) / totals[1])

        none, counts, others = (negative["none"], positive["none"]), negative["d"], positive["d"]
        known: dict[str, tuple[float, float] | None] = {
            word: logs(counts.get(word, none[0]), others.get(word, none[1])) for word in counts.keys() | others.keys()
        }
        has_pairs = any(" " in word for word in known)  # no word that snownlp makes has a space
        known |= dict.fromkeys(stop_words())
        self._weights = Weights(known, logs(*none), has_pairs)

    def weigh(self, words: list[str]) -> Evidence:
        """What the words say, and the pairs of them that the model has learned; stop words are left out."""
        return Evidence(*self._weights.add_up(words, self._start))


def stop_words() -> frozenset[str]:
    """The words that snownlp leaves out of account."""
    return frozenset(line.strip() for line in STOP_WORDS.read_text(encoding="utf-8").split("\n"))
