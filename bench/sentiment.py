"""Sentiment against stock snownlp on labelled sentences: the tuning half, and the half that nothing was tuned on.

`python -m bench.sentiment`. Accuracy of three labels (stock snownlp with the same bounds), and how often a negative
sentence ranks below a neutral one, a neutral below a positive one (AUC, ties half).
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path

from snownlp import SnowNLP

from indexer.meaning.sentiment import Sentiment, label

DATA = Path(__file__).parent.parent / "tests/data/sentiment"
NAMES = {"-": "negative", "0": "neutral", "+": "positive"}


def labelled(half: str) -> list[tuple[str, str]]:
    """(mark, sentence); a mark is -, 0 or +."""
    lines = (DATA / f"{half}.tsv").read_text(encoding="utf-8").splitlines()
    return [(mark, text) for mark, _, text in (line.partition("\t") for line in lines)]


def ranked(scores: list[tuple[str, float]], low: str, high: str) -> float:
    """Share of pairs in which `low` scores below `high`."""
    pairs = list(product(*([score for mark, score in scores if mark == wanted] for wanted in (low, high))))
    return sum((a < b) + (a == b) / 2 for a, b in pairs) / len(pairs)


def report(name: str, half: str, score: Callable[[str], float]) -> None:
    rows = [(mark, text, score(text)) for mark, text in labelled(half)]
    wrong = [(mark, text, value) for mark, text, value in rows if label(value) != NAMES[mark]]
    scores = [(mark, value) for mark, _, value in rows]
    print(
        f"{name:9} {half:5} {len(rows)} sentences: accuracy {1 - len(wrong) / len(rows):.2f},"
        f" negative<neutral {ranked(scores, '-', '0'):.3f}, neutral<positive {ranked(scores, '0', '+'):.3f},"
        f" negative<positive {ranked(scores, '-', '+'):.3f}"
    )
    if name == "dunwatch":
        for mark, text, value in wrong:
            print(f"    {NAMES[mark]}, scored {value:.2f}: {text}")


if __name__ == "__main__":
    ours = Sentiment()
    for half in ("tune", "held"):
        report("snownlp", half, lambda text: float(SnowNLP(text).sentiments))
        report("dunwatch", half, ours.sentence)
