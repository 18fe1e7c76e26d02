"""Which words are no names, the most frequent first; made by learn.py."""

import lzma
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "ordinary.txt.xz"


@cache
def ordinary(most: int | None = None) -> frozenset[str]:
    """Words of two to four characters that begin with one that names also have; the `most` frequent ones."""
    return frozenset(lzma.decompress(WORDS.read_bytes()).decode("utf-8").split()[:most])
