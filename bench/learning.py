"""Learns how likely sentences tell of practices, from the tuning half of tests/data/meaning, into practices.txt.

`python -m bench.learning` fits logistic regression (one for each practice, L2) to the pieces of one to three
characters and the classes of words of each text. What a text may tell or not (`also`) doesn't count.
`python -m bench.learning check` prints what six-fold cross-validation makes of it alone.
"""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit

from bench.meaning import LENDERS, PRACTICES, labelled
from indexer.meaning.learned import MODEL, plain
from indexer.meaning.pieces import PIECES
from indexer.text.repair import repair

FEWEST = 3
"""Rows (texts, or places in them) that must have a feature."""
WORTH = {"piece": 0.6, "class": 1.0}
"""How much a weight of each may matter: the scale of its feature."""
FOLDS = 6
LEAST = 4
"""Hundredths that a weight must have in some practice, or the row is left out."""

Labels = NDArray[np.float64]
Feature = TypeVar("Feature", str, tuple[int, str])


class Text:
    """A labelled text as its features."""

    def __init__(self, text: str, told: set[str], maybe: set[str]) -> None:
        text = repair(text).text
        self.told, self.maybe = told, maybe - told
        mentions = LENDERS.find("", text)
        sized = plain(text)
        self.features = {f"<{name}>" for name, _ in PRACTICES.places(text, mentions)}
        for size in range(1, PIECES + 1):
            self.features.update(sized[at : at + size] for at in range(len(sized) - size + 1))


class Model:
    """Weights of features, the bias last."""

    def __init__(self, texts: list[Text], practices: list[str]) -> None:
        self.features = frequent([text.features for text in texts])
        matrix = self._matrix(texts)
        self.weights = np.stack([fitted(matrix, *_labels(texts, practice)) for practice in practices], axis=1)

    def logits(self, texts: list[Text]) -> Labels:
        """A row for each text, a column for each practice."""
        return self._matrix(texts) @ self.weights

    def scaled(self) -> Labels:
        """The weights as they count for a feature that is there or not."""
        return self.weights * np.array([*map(_worth, self.features), 1.0])[:, None]

    def _matrix(self, texts: list[Text]) -> csr_array:
        return matrix_of([text.features for text in texts], self.features, _worth)


def _worth(feature: str) -> float:
    return WORTH["class" if feature.startswith("<") and len(feature) > PIECES else "piece"]


def _labels(texts: list[Text], practice: str) -> tuple[Labels, Labels]:
    """1 for what tells of the practice, and how much each text counts."""
    return (
        np.array([float(practice in text.told) for text in texts]),
        np.array([float(practice not in text.maybe) for text in texts]),
    )


def frequent(rows: Sequence[Collection[Feature]]) -> list[Feature]:
    """The features that enough rows have, in order."""
    counts = Counter(feature for row in rows for feature in row)
    return sorted(feature for feature, count in counts.items() if count >= FEWEST)


def matrix_of(
    rows: Sequence[Collection[Feature]], features: Sequence[Feature], worth: Callable[[Feature], float]
) -> csr_array:
    """What each row has of the `features`, as much as it is worth; the last column is the bias."""
    column = {feature: at for at, feature in enumerate(features)}
    places, columns, values = [], [], []
    for place, row in enumerate(rows):
        known = [it for it in row if it in column]
        places += [place] * (len(known) + 1)
        columns += [*(column[it] for it in known), len(features)]
        values += [*map(worth, known), 1.0]
    return csr_array((values, (places, columns)), shape=(len(rows), len(features) + 1))


def fitted(matrix: csr_array, told: Labels, counts: Labels) -> Labels:
    """The weights with the least logistic loss and half their squared length, the bias not counted."""
    penalty = np.ones(matrix.shape[1])
    penalty[-1] = 0.0

    def loss(weights: Labels) -> tuple[float, Labels]:
        logits = matrix @ weights
        log_loss = counts @ np.logaddexp(0.0, np.where(told > 0, -logits, logits))
        slope = matrix.T @ (counts * (expit(logits) - told))
        return log_loss + penalty @ weights**2 / 2, slope + penalty * weights

    start = np.zeros(matrix.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x)


def texts() -> list[Text]:
    return [
        Text(row["text"], {practice for practice, _ in row["practices"]}, set(row.get("also", ())))
        for row in labelled("practices", "tune")
    ]


def write(model: Model, practices: list[str]) -> None:
    scaled = np.round(100 * model.scaled()).astype(int)
    lines = ["# Learned by python -m bench.learning: a piece or class, then hundredths of log-odds for each practice."]
    lines += ["\t".join(["", *practices]), "\t".join(["<>", *map(str, scaled[-1])])]
    for feature, row in zip(model.features, scaled[:-1], strict=True):
        if np.abs(row).max() >= LEAST and not set(feature) & set("\t\n\r"):
            lines.append("\t".join([feature, *map(str, row)]))
    MODEL.write_text("\n".join(lines) + "\n", encoding="utf-8")


def check(known: list[Text], practices: list[str]) -> None:
    order = np.random.default_rng(1).permutation(len(known))
    logits = np.zeros((len(known), len(practices)))
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = np.setdiff1d(order, held)
        logits[held] = Model([known[at] for at in rest], practices).logits([known[at] for at in held])
    told = np.array([[practice in text.told for practice in practices] for text in known])
    sure = np.array([[practice not in text.maybe for practice in practices] for text in known])
    for threshold in (-1.5, -1.0, -0.5, 0.0, 0.5):
        found = (logits > threshold) & sure
        both = (found & told).sum()
        precision, recall = both / found.sum(), both / told.sum()
        print(f"learned alone, log-odds above {threshold:4}: precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    declared = [it.id for it in PRACTICES.declared]
    if sys.argv[1:] == ["check"]:
        check(texts(), declared)
    else:
        write(Model(texts(), declared), declared)
