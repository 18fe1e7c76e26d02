"""snownlp's word segmentation and the sums of its naive Bayes, in plain Python: for machines without a compiler.

compiled.pyx does the same some twenty times faster. Here the probabilities of each three characters are kept while
they are in use.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from math import inf

from indexer.meaning.tables import BEFORE, FIRST, UNKNOWN, Tables

KEPT = 30_000
"""Triples of characters whose probabilities are kept (1.5 KB each)."""
MIDDLE, END = 1, 2
_CHINESE = re.compile("([\u4e00-\u9fa5]+)")
_BEFORE = "\0"

_Logs = tuple[tuple[float, ...], ...]
"""For each pair of tags of two characters, one for each tag of the character before them."""


class Decoder:
    """Cuts texts into words by the likeliest tags of their characters. Thread-safe."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._logs = lru_cache(KEPT)(self._look_up)

    def segment(self, text: str) -> list[str]:
        """The words of `text`, as snownlp's `seg.seg` gives them."""
        words: list[str] = []
        for at, piece in enumerate(_CHINESE.split(text)):
            words += self._words(piece) if at % 2 else piece.split()
        return words

    def _words(self, chars: str) -> Iterator[str]:
        begin = 0
        for at, tag in enumerate(self._tags(chars)):
            if tag == END:
                yield chars[begin : at + 1]
                begin = at + 1
            elif tag != MIDDLE and begin < at:
                yield chars[begin:at]
                begin = at
        if begin < len(chars):
            yield chars[begin:]

    def _tags(self, chars: str) -> list[int]:
        """The likeliest tag of each character: Viterbi over pairs of tags, ties as snownlp breaks them."""
        padded = _BEFORE * 2 + chars
        scores = [0.0] + [-inf] * 15  # for each tag of the character before the last, for each of the last
        ways = []
        for at in range(len(chars)):
            logs = self._logs(padded[at : at + 3])
            found, way = [], []
            if logs is None:  # an unknown character: the last way into each pair goes on at no cost, as snownlp has it
                last = 3 if at > 1 else 0
                found = [scores[last * 4 + second] for second in range(4) for _ in range(4)]
                way = [last] * 16
            else:
                for pair, (one, two, three, four) in enumerate(logs):
                    second = pair >> 2
                    best, first = scores[second] + one, 0
                    if (score := scores[second + 4] + two) > best:
                        best, first = score, 1
                    if (score := scores[second + 8] + three) > best:
                        best, first = score, 2
                    if (score := scores[second + 12] + four) > best:
                        best, first = score, 3
                    found.append(best)
                    way.append(first)
            scores = found
            ways.append(way)
        pair = max((second * 4 + third for third in range(4) for second in range(4)), key=scores.__getitem__)
        tags = []
        for way in reversed(ways):
            tags.append(pair & 3)
            pair = way[pair] * 4 + (pair >> 2)
        return tags[::-1]

    def _look_up(self, chars: str) -> _Logs | None:
        """ln P(third | second, first) for all their tags; None where the model doesn't know the third character."""
        tables = self._tables
        first, second, third = (BEFORE if char == _BEFORE else tables.number[ord(char) - FIRST] for char in chars)
        if third == UNKNOWN:
            return None
        logs = tables.single[third * 4 : third * 4 + 4].tolist() * 4
        for row in self._rows(second, third):
            logs[tables.pair_code[row]] = tables.pair_log[row]
        logs *= 4
        before = self._rows(first, second)
        if before:
            start, end = tables.triple_from[before[0]], tables.triple_from[before[0] + 1]
            for row in _equal(tables.triple_char, third, start, end):
                logs[tables.triple_code[row]] = tables.triple_log[row]
        return tuple(tuple(logs[pair::16]) for pair in range(16))

    def _rows(self, first: int, second: int) -> range:
        tables = self._tables
        return _equal(tables.pair_char, second, tables.pair_from[first], tables.pair_from[first + 1])


def _equal(chars: memoryview, wanted: int, start: int, end: int) -> range:
    """The places in chars[start:end], which is sorted, that hold `wanted`."""
    low = bisect_left(chars, wanted, start, end)
    return range(low, bisect_left(chars, wanted + 1, low, end))
