"""snownlp's word segmentation, decoded several times faster; the words are the same, and a test holds that.

snownlp tags characters as begin, middle, end or single (Wang, Zong & Su 2009, a character-based generative trigram
model) and works out 64 probabilities for each character anew. Here those of each three characters are kept while they
are in use, and most are never needed: where the model has no such trigram, the first of the three counts for nothing.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from snownlp import seg

TAGS = ("b", "m", "e", "s")
BEFORE = ("", "BOS")
"""What snownlp puts before the first character."""
KEPT = 20_000
"""Triples of characters whose probabilities are kept (at most 2 KB each)."""
_CHINESE = re.compile("([\u4e00-\u9fa5]+)")

_Options = tuple[tuple[str, str], ...]
"""The tagged forms of a character, in the order of TAGS."""


def segment(text: str) -> list[str]:
    """The words of `text`, as snownlp's `seg.seg` gives them."""
    words: list[str] = []
    for piece in _CHINESE.split(text):
        words += _words(piece) if _CHINESE.match(piece) else piece.split()
    return words


def _words(chars: str) -> Iterator[str]:
    word = ""
    for char, tag in zip(chars, _tags(chars), strict=True):
        if tag == "m":
            word += char
        elif tag == "e":
            yield word + char
            word = ""
        else:
            if word:
                yield word
            word = char
    if word:
        yield word


def _tags(chars: str) -> str:
    """The likeliest tag of each character: Viterbi over pairs of tags, ties as snownlp breaks them."""
    first: _Options = (BEFORE,)
    second: _Options = (BEFORE,)
    scores, paths = [0.0], [""]  # for each tag of the last character, for each of the one before it
    for char in chars:
        third = _options(char)
        width = len(first)
        found, ways = [], []
        if not _is_known(char):  # as snownlp has it: the last way into each pair of tags goes on at no cost
            for tag in TAGS:
                for place in range(len(second)):
                    last = place * width + width - 1
                    found.append(scores[last])
                    ways.append(paths[last] + tag)
        else:
            table, at = _log_probabilities(first, second, third), 0
            for tag in TAGS:
                for place in range(len(second)):
                    start = place * width
                    best, way = scores[start] + table[at], start
                    for step in range(1, width):
                        score = scores[start + step] + table[at + step]
                        if score > best:
                            best, way = score, start + step
                    at += width
                    found.append(best)
                    ways.append(paths[way] + tag)
        scores, paths, first, second = found, ways, second, third
    return paths[scores.index(max(scores))]


@lru_cache(KEPT)
def _log_probabilities(first: _Options, second: _Options, third: _Options) -> tuple[float, ...]:
    """ln P(tagged third | tagged second, tagged first): by third, then second, then first."""
    log_prob = seg.segger.segger.log_prob
    if first[0][0] + second[0][0] + third[0][0] in _trigrams():
        return tuple(log_prob(one, two, three) for three in third for two in second for one in first)
    return tuple(value for value in _without_trigram(second, third) for _ in first)


@lru_cache(KEPT)
def _without_trigram(second: _Options, third: _Options) -> tuple[float, ...]:
    """The same where the first character counts for nothing."""
    log_prob, unseen = seg.segger.segger.log_prob, ("\0", "")
    return tuple(log_prob(unseen, two, three) for three in third for two in second)


@cache
def _trigrams() -> frozenset[str]:
    """The triples of characters that the model has seen in any tagging."""
    return frozenset(one[0] + two[0] + three[0] for one, two, three in seg.segger.segger.tri.d)


@lru_cache(KEPT)
def _options(char: str) -> _Options:
    return tuple((char, tag) for tag in TAGS)


@lru_cache(KEPT)
def _is_known(char: str) -> bool:
    return any(seg.segger.segger.uni.freq((char, tag)) for tag in TAGS)
