"""Which words are no names, the most frequent first; made by learn.py."""

import lzma
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "ordinary.txt.xz"
THING = "n"
"""Stands behind a word that mostly names something: a noun, a place, a time."""


@cache
def ordinary(most: int | None = None) -> frozenset[str]:
    """Words of two to four characters that begin with one that names also have; the `most` frequent ones."""
    return frozenset(word for word, _ in _tagged()[:most])


@cache
def predicates() -> frozenset[str]:
    """Those of them that say something of others rather than name a thing: verbs, adjectives, adverbs."""
    return frozenset(word for word, tag in _tagged() if tag != THING)


@cache
def _tagged() -> tuple[tuple[str, str], ...]:
    lines = lzma.decompress(WORDS.read_bytes()).decode("utf-8").splitlines()
    return tuple((word, tag) for word, _, tag in (line.partition(" ") for line in lines))
