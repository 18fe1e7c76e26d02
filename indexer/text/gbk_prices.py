"""What it costs that a character follows another, in one text: the general model and the text's own words."""

import math
import re
from collections import Counter, defaultdict
from functools import lru_cache
from heapq import nsmallest
from itertools import pairwise

from indexer.text.likelihood import likelihood
from indexer.text.pinyin import SYLLABLE
from indexer.text.simplify import simple

CANDIDATES = 5
"""How many characters are tried where a byte was lost."""
OWN_WORDS = 0.3
"""Share of the text's own words (character pairs that it has twice or more) in the likelihood."""

_NOTE = re.compile(rf"[(（]{SYLLABLE}[)）]", re.IGNORECASE)


def without_notes(text: str) -> str:
    """The text without pinyin in parentheses."""
    return _NOTE.sub("", text)


class Prices:
    """-ln P(char | before) by the general model mixed with what the text says elsewhere; each worked out once."""

    def __init__(self, text: str) -> None:
        own = [simple(char) for char in without_notes(text)]
        self._pairs, self._singles = Counter(pairwise(own)), Counter(own)
        self._followers: dict[str, list[str]] = defaultdict(list)
        for (before, char), count in self._pairs.items():
            if count > 1:
                self._followers[before].append(char)
        self._general = likelihood().cost
        self._known: dict[str, float] = {}
        self._likeliest: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def of(self, before: str, char: str) -> float:
        key = before + char
        if (price := self._known.get(key)) is None:
            count = self._pairs[before, char]
            own_words = OWN_WORDS * count / self._singles[before] if count > 1 else 0.0
            price = -math.log((1 - OWN_WORDS) * math.exp(-self._general(before, char)) + own_words)
            self._known[key] = price
        return price

    def likeliest(self, before: str, chars: tuple[str, ...]) -> list[str]:
        """The CANDIDATES among `chars` that follow `before` most likely."""
        key = (before, chars)
        if (found := self._likeliest.get(key)) is None:
            own = [char for char in self._followers.get(before, ()) if char in chars]
            tried = dict.fromkeys((*_generally(before, chars), *own))
            found = nsmallest(CANDIDATES, tried, key=lambda char: self.of(before, simple(char)))
            self._likeliest[key] = found
        return found


@lru_cache(50_000)
def _generally(before: str, chars: tuple[str, ...]) -> tuple[str, ...]:
    """The CANDIDATES that the general model takes; kept from text to text."""
    cost = likelihood().cost
    return tuple(nsmallest(CANDIDATES, chars, key=lambda char: cost(before, simple(char))))
