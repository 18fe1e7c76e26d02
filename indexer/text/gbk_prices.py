"""What it costs that a character follows another, in one text: the general model and the text's own words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from heapq import nsmallest
from itertools import pairwise

from indexer.text import gbk
from indexer.text.gbk import Group
from indexer.text.likelihood import likelihood
from indexer.text.pinyin import SYLLABLE
from indexer.text.simplify import simple

CANDIDATES = 5
"""How many characters are tried where a byte was lost."""
RARE = 11.5
"""Nats (-ln P) from which a character is rare."""
OWN_WORDS = 0.3
"""Share of the text's own words (character pairs that it has twice or more) in the likelihood."""

_NOTE = re.compile(rf"(?:[?？\ufffd][(（]?|[(（]){SYLLABLE}[)）]", re.IGNORECASE)


def without_notes(text: str) -> str:
    """The text without pinyin in parentheses, whole or torn."""
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
        self._likeliest: dict[tuple[str, Group], list[str]] = {}

    def of(self, before: str, char: str) -> float:
        key = before + char
        if (price := self._known.get(key)) is None:
            price = self._general(before, char) + _GENERAL
            if (count := self._pairs[before, char]) > 1:
                own_words = OWN_WORDS * count / self._singles[before]
                price = -math.log(math.exp(-price) + own_words)
            self._known[key] = price
        return price

    def likeliest(self, before: str, chars: Group) -> Sequence[str]:
        """The CANDIDATES among `chars` that follow `before` most likely."""
        own = self._followers.get(before)
        if not own:
            return _generally(before, chars)
        key = (before, chars)
        if (found := self._likeliest.get(key)) is None:
            tried = dict.fromkeys((*_generally(before, chars), *(char for char in own if char in chars)))
            found = nsmallest(CANDIDATES, tried, key=lambda char: self.of(before, simple(char)))
            self._likeliest[key] = found
        return found


_GENERAL = -math.log(1 - OWN_WORDS)


@lru_cache(200_000)
def _generally(before: str, chars: Group) -> tuple[str, ...]:
    """The CANDIDATES that the general model takes; kept from text to text."""
    model, (by_simple, commonest) = likelihood(), _known(chars)
    tried = [char for plain in model.followers(before).keys() & by_simple for char in by_simple[plain]]
    tried = list(dict.fromkeys((*tried, *commonest)))
    return tuple(nsmallest(CANDIDATES, tried, key=lambda char: model.cost(before, simple(char))))


@cache
def _known(chars: Group) -> tuple[dict[str, list[str]], list[str]]:
    """The characters by their simplified forms, and the CANDIDATES that are most common without context."""
    by_simple: dict[str, list[str]] = defaultdict(list)
    for char in chars:
        by_simple[simple(char)].append(char)
    return by_simple, nsmallest(CANDIDATES, chars, key=lambda char: likelihood().rarity(simple(char)))


@cache
def rare() -> frozenset[str]:
    """Double-byte characters that Chinese text seldom has."""
    codes = (*range(0x4E00, 0x9FA6), *range(0xE000, 0xF900), *range(0x2500, 0x25A0), *range(0x0391, 0x0452))
    chars = (char for char in map(chr, codes) if gbk.encode(char))
    return frozenset(char for char in chars if likelihood().rarity(simple(char)) >= RARE)
