"""How likely characters of a text are a person's name: a logistic regression over the odds of the characters, of those
beside them, and the words that they could belong to. Its weights are learned by learn.py."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from operator import mul
from pathlib import Path

from indexer.text.privacy import odds
from indexer.text.privacy.ordinary import ordinary
from indexer.text.privacy.words import compound_surnames, single_surnames, words

WEIGHTS = Path(__file__).parent / "weights.txt"

# Log odds. What a name needs behind a cue that is sure (被告：), likely (我妈), in a signature, or faint (联系).
SURE = -6.0
LIKELY = -2.2
SIGNATURE = -4.0
FAINT = -0.3
BARE = (2.5, 0.5)
"""What a name needs without any cue, with a given name of one character and of two."""
IN_A_ROW = 2.5
"""How much more where it stands in a row of things (金钱豹、石榴裙)."""
LISTED = 2.0
"""What a name needs before another that may be one."""
TITLED = -1.5
"""What a name needs before a title."""
PERSON = -4.5
"""The same before a title that only persons have."""
_PLACE = -8.0
_CUT = -5.0
"""The corpus is segmented, and so says too little about words that a name would cut: 张伟威胁."""
NEVER = -99.0

FREQUENT = 6_000
"""Only words as frequent as this many cut a name short: 东经 begins within 孟晓东经本院, but is rare."""
WORST_SURNAME = -5.0
WORST_BESIDE = -2.5
"""Odds that are worse only say that the corpus is another sort of text."""
_WORST_BEHIND = -1.0
"""The same behind a name that a cue announces."""
INTRODUCE = frozenset("个叫姓是找位名给让的据由跟系络称请约派个和与及向被将对同替从欠问")
_PLACES = frozenset("称说了吗呢垭庄市县镇村区省街港沱湾乡人店河寺庙桥卡贷呗银信")
"""No name ends with them that says nothing else: 李家沱."""
_CLOSES = re.compile("敬上|谨上|收(?![\u3400-\u9fff])|手印|亲笔")


def end_of_name(text: str, start: int, least: float, *, whole: bool = False, word: float = 0.0) -> int:
    """Where a name that begins at `start`, behind a cue, ends; 0 where none of at least these odds does.

    `whole`: the characters must end where the name does. `word`: see _bonus.
    """
    middle = surname_at(text, start)
    if not middle or (text[start] in words().never_names and least > SURE):
        return 0
    best, best_end = least, 0
    for size in (2, 1):
        end = middle + size
        if whole and goes_on(text, end) and not _CLOSES.match(text, end):
            continue
        bonus = _bonus(text, start, middle, end, word) if word and not best_end else 0.0
        value = likelihood(text, start, middle, end, cued=True, sure=least <= SURE, least=best - bonus)
        if value > best:
            best, best_end = value, end
        elif bonus and value + bonus > least:
            best_end = end
    return best_end


def ending_at(text: str, end: int, introduced: Collection[int], least: float, *, word: float = 0.0) -> int | None:
    """Where the likeliest name begins that ends at `end`; None where none of at least these odds does."""
    best, best_start = least, None
    for middle in (end - 2, end - 1):
        for start in surname_ends(text, middle):
            cued = is_introduced(text, start, introduced)
            bonus = _bonus(text, start, middle, end, word) if cued and word and best_start is None else 0.0
            value = likelihood(text, start, middle, end, cued=cued, least=best - bonus)
            if value >= best:
                best, best_start = value, start
            elif bonus and value + bonus >= least:
                best_start = start
    return best_start


def surname_ends(text: str, end: int) -> Iterator[int]:
    """Where the surnames begin that end at `end`, a compound one first."""
    for size in (2, 1):
        if end - size >= 0 and surname_at(text, end - size) == end:
            yield end - size


def surname_at(text: str, start: int) -> int:
    """Where the surname ends that begins at `start`; 0 where none does."""
    if text[start : start + 2] in compound_surnames():
        return start + 2
    return start + 1 if text[start : start + 1] in single_surnames() else 0


def is_introduced(text: str, start: int, introduced: Collection[int]) -> bool:
    """Whether a name may well begin here, by what stands before."""
    before = text[start - 1 : start] if start else ""
    return start in introduced or odds.kind(before) == odds.OTHER or before in INTRODUCE


def _bonus(text: str, start: int, middle: int, end: int, word: float) -> float:
    """What a name gains whose given name is likely somebody's, `word` times more than that counts anyway.

    So words that people are called by too (高峰, 宁静, 鲁大海) pass behind a cue that wants a name.
    """
    own = odds.of_given(text[middle:end]) / (end - middle)
    return word * own if own > 0 and text[start : start + 2] not in words().not_names else 0.0


def likelihood(
    text: str, start: int, middle: int, end: int, *, cued: bool = False, sure: bool = False, least: float = NEVER
) -> float:
    """Log odds that `start`..`end` is a name with its surname before `middle`; where they are less than `least`, no
    more than that is known.

    Where a cue says that a name comes (`cued`), what stands before doesn't count. Where it is `sure`, neither do words
    that are longer than the name.
    """
    own = text[middle:end]
    if len(own) < end - middle or not _is_chinese(own) or own in _not_given():
        return NEVER
    weights = _weights()[len(own) - 1]
    value: float = sum(map(mul, weights, _characters(text, start, middle, end, cued=cued)))
    value += _PLACE if own[-1] in _PLACES or own[0] == "家" else 0.0
    if value < least:  # words only lower it
        return value
    value += _CUT if is_frequent(text[end - 1 : end + 1]) else 0.0
    value += sum(map(mul, weights[_CHARACTERS:], _words(text, start, middle, end, cued=cued, sure=sure)))
    return value


def evidence(text: str, start: int, middle: int, end: int) -> tuple[float, ...]:
    """What is seen of a candidate that nothing announces, in the order of the weights."""
    beside = _characters(text, start, middle, end, cued=False)
    return (*beside, *_words(text, start, middle, end, cued=False, sure=False))


_CHARACTERS = 5


def _characters(text: str, start: int, middle: int, end: int, *, cued: bool) -> tuple[float, ...]:
    """What the characters of a candidate and those beside it say: as many figures as _CHARACTERS."""
    before = odds.OTHER if cued else odds.kind(text[start - 1 : start] if start else "")
    return (
        1.0,
        max(odds.of_surname(text[start:middle]), WORST_SURNAME),
        odds.of_given(text[middle:end]),
        max(odds.of(before).before, WORST_BESIDE),
        max(odds.of(odds.kind(text[end : end + 1])).behind, _WORST_BEHIND if cued else WORST_BESIDE),
    )


def _words(text: str, start: int, middle: int, end: int, *, cued: bool, sure: bool) -> tuple[float, ...]:
    """Which words the characters of a candidate could belong to."""
    pieces = {text[start : start + size] for size in (2, 3, 4) if start + size <= end or not sure or goes_on(text, end)}
    listed = not pieces.isdisjoint(words().not_names)
    return (
        not cued and start > 0 and is_word_pair(text[start - 1 : start + 1]),
        listed or not pieces.isdisjoint(ordinary()),
        listed or not pieces.isdisjoint(ordinary(FREQUENT)),
        not sure and text[middle:end] in ordinary(FREQUENT),
        is_frequent(text[end - 1 : end + 1]),
    )


def goes_on(text: str, end: int) -> bool:
    """Whether another Chinese character follows."""
    return odds.kind(text[end : end + 1]) != odds.OTHER


def stands_apart(text: str, start: int, end: int) -> bool:
    """Whether a word that is somebody's name in this text may be it here: it isn't part of a longer word."""
    before = text[start - 1 : start] if start else ""
    return is_introduced(text, start, ()) or odds.of(before).before > 0 or not goes_on(text, end)


def is_frequent(pair: str) -> bool:
    return pair in ordinary(FREQUENT) or pair in words().not_names


def is_word_pair(pair: str) -> bool:
    return pair in ordinary() or pair in words().not_names


def is_word(text: str, start: int) -> bool:
    """Whether a word of two to four characters begins here that a name could be mistaken for."""
    return any(is_word_pair(text[start : start + size]) for size in (2, 3, 4))


def _is_chinese(text: str) -> bool:
    return all(odds.kind(char) != odds.OTHER for char in text)


@cache
def _not_given() -> frozenset[str]:
    return words().not_given.union(words().titles, words().kin)


@cache
def _weights() -> tuple[tuple[float, ...], ...]:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(map(float, line.split())) for line in lines)
