"""How people are called without their whole name: 小王, 老李, 阿强, 芳姐, 客服莉莉."""

import re
from collections.abc import Collection, Iterator
from functools import cache

from indexer.text.privacy import odds
from indexer.text.privacy.person import is_introduced, is_word_pair
from indexer.text.privacy.words import words

_FAMILIAR = re.compile("[小老大](?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])[哥姐子]|阿(?=[\u3400-\u9fff])")
_TWICE = re.compile("(?P<char>[\u3400-\u9fff])(?P=char)(?![\u3400-\u9fff]{0,1}(?P=char))")
SPOKEN_OF = re.compile('[说告打给让叫问发要来又也就啊呀哥姐总经师他她我你 \t\n,，:：、。！？!?”"]|$')
"""What stands behind somebody who is called: a verb of speech, a pronoun or nothing."""
_LIKELY = 1.5
"""The odds that a single character of a given name needs beside 小, 阿, 哥 and 姐."""


def called(text: str, introduced: Collection[int]) -> Iterator[tuple[int, int]]:
    for match in _FAMILIAR.finditer(text):
        start, at = match.span()
        if match[0] in "哥姐":
            if _is_own(text, start - 1, start - 1, introduced) and not is_word_pair(text[start - 1 : at]):
                yield start - 1, start
        elif match[0] == "阿":
            own = text[at]
            known = odds.of(own).given > 0 and own not in words().not_called and SPOKEN_OF.match(text, at + 1)
            if known and is_introduced(text, start, introduced) and not is_word_pair(text[start : at + 1]):
                yield start, at + 1
        elif match[0] == "子":
            first = start - 1
            begins = first in introduced or odds.kind(text[first - 1 : first] if first else "") == odds.OTHER
            is_named = begins and _is_own(text, first, first, introduced) and SPOKEN_OF.match(text, at)
            if is_named and not is_word_pair(text[first:at]):
                yield first, at
        elif _is_surname(text, start, at, introduced):
            yield at, at + 1
        elif (
            match[0] == "小"
            and _is_own(text, at, start, introduced)
            and SPOKEN_OF.match(text, at + 1)
            and text[start - 1 : start] != "“"
            and not is_word_pair(text[start : at + 1])
        ):
            yield start, at + 1


def twice(text: str, introduced: Collection[int]) -> Iterator[tuple[int, int]]:
    """Given names of one character that is said twice: 婷婷你别怕."""
    for match in _TWICE.finditer(text):
        start, end = match.span()
        if (
            odds.of(text[start]).given >= _LIKELY
            and is_introduced(text, start, introduced)
            and (start in introduced or SPOKEN_OF.match(text, end) or text[end] in "与和系、在")
            and doubled(text, start)
        ):
            yield start, end


def _is_own(text: str, at: int, start: int, introduced: Collection[int]) -> bool:
    """Whether the character at `at` is somebody's given name, called from `start` on."""
    is_likely = text[at] not in words().not_called and odds.of(text[at]).given >= _LIKELY
    return is_likely and (text[start - 1 : start] == "我" or is_introduced(text, start, introduced))


def doubled(text: str, at: int) -> bool:
    """Whether a given name of one character twice begins here (莉莉), which no cue's usual words are (天天)."""
    pair = text[at : at + 2]
    return (
        len(pair) == 2
        and pair[0] == pair[1]
        and odds.kind(pair[0]) != odds.OTHER
        and pair[0] not in words().not_doubled
        and odds.of(pair[0]).given > 0
        and not is_word_pair(pair)
    )


def _is_surname(text: str, start: int, at: int, introduced: Collection[int]) -> bool:
    name, before = text[at], text[start - 1 : start] if start else ""
    if name not in _common() or is_word_pair(text[start : at + 1]) or is_word_pair(before + text[start]):
        return False
    if is_word_pair(text[at : at + 2]):
        return False
    sure = name not in words().common_words and text[start] != "大"
    return sure or (is_introduced(text, start, introduced) and SPOKEN_OF.match(text, at + 1) is not None)


@cache
def _common() -> frozenset[str]:
    return frozenset(words().common + words().common_words)
