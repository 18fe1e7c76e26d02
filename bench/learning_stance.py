"""Learns how likely each stance is, from the tuning half of tests/data/meaning, into indexer/meaning/stances.txt.

`python -m bench.learning_stance` runs the rules over each text, takes the places at which a practice is found that the
text is labelled with, and fits logistic regression (one for each stance, L2) to what stands around them. Several places
of one practice in a text share its weight. Run it after bench.learning: what is found depends on it.
`python -m bench.learning_stance check` prints what four-fold cross-validation makes of it, and of the rules alone.
"""

import re
import sys
from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bench.learning import fitted, frequent, matrix_of
from bench.meaning import LENDERS, ROOT, labelled
from indexer.configfile import load
from indexer.document import Stance
from indexer.meaning.declared import PracticesFile
from indexer.meaning.learned_stance import MODEL, STANCES, ZONES, features, zones
from indexer.meaning.pieces import PIECES
from indexer.meaning.practices import Practices
from indexer.text.repair import repair

WORTH = {"piece": 0.6, "rule": 2.0}
"""How much a weight of each may matter: the scale of its feature."""
FOLDS = 4
LEAST = 5
"""Hundredths that a weight must have in some column, or the row is left out."""


class Place(NamedTuple):
    """Where a labelled text tells of a practice."""

    text: int
    label: int
    rule: Stance
    features: frozenset[tuple[int, str]]
    """Of each the zone and the name."""


class Recorder:
    """What the rules say, noted with what stands around the words."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Stance, frozenset[tuple[int, str]]]] = []

    def __call__(self, rule: Stance, practice: str, sentence: str, start: int, end: int) -> Stance:
        text, starts = zones(sentence, start, end)
        found = {(0, name) for name in features(rule, practice)}
        for zone, (begin, behind) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True)):
            found |= {(zone, text[at : at + size]) for at in range(begin, behind) for size in range(1, PIECES + 1)}
        self.seen.append((practice, rule, frozenset(found)))
        return rule


def places() -> list[Place]:
    recorder = Recorder()
    practices = Practices(load(ROOT / "config/practices.yaml", PracticesFile), recorder)
    found = []
    for number, row in enumerate(labelled("practices", "tune")):
        recorder.seen = []
        text, labels = repair(row["text"]).text, dict(row["practices"])
        practices.find("", text, LENDERS.find("", text))
        for practice, rule, those in recorder.seen:
            if practice in labels:
                found.append(Place(number, STANCES.index(re.split("[/+]", labels[practice])[0]), rule, those))
    return found


class Model:
    """Weights of features in zones, the bias last."""

    def __init__(self, known: list[Place]) -> None:
        self.features = frequent([place.features for place in known])
        of_text = Counter(it.text for it in known)
        weight = np.array([of_text[it.text] ** -0.5 for it in known])
        labels = np.array([it.label for it in known])
        matrix = self._matrix(known)
        self.weights = np.stack(
            [fitted(matrix, (labels == at).astype(float), weight) for at in range(len(STANCES))], axis=1
        )

    def odds(self, known: list[Place]) -> NDArray[np.float64]:
        """A row for each place, a column for each stance."""
        return self._matrix(known) @ self.weights

    def _matrix(self, known: list[Place]) -> csr_array:
        return matrix_of([place.features for place in known], self.features, worth)

    def write(self) -> None:
        rows: dict[str, list[int]] = {}
        for feature, weights in zip(self.features, self.weights, strict=False):
            zone, name = feature
            row = rows.setdefault(name, [0] * ZONES * len(STANCES))
            row[zone * len(STANCES) : (zone + 1) * len(STANCES)] = np.round(100 * worth(feature) * weights).astype(int)
        bias = [*np.round(100 * self.weights[-1]).astype(int), *[0] * (ZONES - 1) * len(STANCES)]
        lines = ["# Learned by python -m bench.learning_stance: a piece or feature, then hundredths of log-odds:"]
        lines += [f"# for each of {ZONES} zones of {', '.join(STANCES)}."]
        lines += ["\t".join(["<>", *map(str, bias)])]
        for name, row in sorted(rows.items()):
            if max(map(abs, row)) >= LEAST and not set(name) & set("\t\n\r") and not name.startswith("# "):
                lines.append("\t".join([name, *map(str, row)]))
        MODEL.write_text("\n".join(lines) + "\n", encoding="utf-8")


def worth(feature: tuple[int, str]) -> float:
    return WORTH["rule" if len(feature[1]) > PIECES else "piece"]


def check(known: list[Place]) -> None:
    texts = np.array([it.text for it in known])
    right = dict.fromkeys(("rules", "learned"), 0)
    for fold in range(FOLDS):
        held = [it for it, text in zip(known, texts, strict=True) if text % FOLDS == fold]
        odds = Model([it for it in known if it.text % FOLDS != fold]).odds(held)
        right["learned"] += int((odds.argmax(axis=1) == [it.label for it in held]).sum())
        right["rules"] += sum(it.rule == STANCES[it.label] for it in held)
    for name, count in right.items():
        print(f"{name}: {count / len(known):.3f} of {len(known)} places")


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        check(places())
    else:
        Model(places()).write()
