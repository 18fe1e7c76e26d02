"""Words that were disguised to get past a filter: 催*收, cui收, 亻崔收, 崔收 → 催收; only where nothing else is meant.

Every disguise of one of the words in evasion.yaml is looked for. A hit counts where it makes the text
much likelier, as Chinese, than it is as it stands; one that is made of another character that sounds the same needs
a text on this field, and no family name before it, as well.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from pypinyin import lazy_pinyin

from indexer import configfile
from indexer.text.likelihood import likelihood
from indexer.text.pinyin import TONED
from indexer.text.simplify import in_gb2312
from indexer.text.words import Words

WORDS = Path(__file__).with_name("evasion.yaml")
MARGIN = 9.5
"""Nats by which a text must become likelier."""
USUAL = 10.0
"""Nats that a word of this field costs at most, whatever stands before."""
WITHIN = 2.0
"""Nats by which a character is likelier within a word than at the beginning of one."""
TIED = 3.0
"""Nats from which two characters are more of a word than those that a disguise would make of them."""
BOUND = 2.5
"""Nats up to which a character belongs to the one before it: 收到, whatever stands before."""

_PUT_BETWEEN = "[*＊.·•・_\\-~～^#|/\\\\+＋=—–－'`☆★●○◆■□◎※\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f200-\U0001faff ]"
_TONES = str.maketrans(TONED, "aaaaeeeeiiiioooouuuuuuuuu")
_HAS_TONES = re.compile(f"[{TONED}]")
_LETTER = re.compile("[a-z0-9'@]")
_ROWS = (0x249C, 0x24B6, 0x24D0, 0x1F110, 0x1F130, 0x1F150, 0x1F170, *range(0x1D400, 0x1D6A4, 26))
"""Where alphabets of dressed letters begin: in parentheses, circled, squared, bold, italic …"""
_DRESSED = {first + place: chr(ord("a") + place) for first in _ROWS for place in range(26)}
_DRESSED |= dict(zip(map(ord, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢаеіорсухѕһ"), "abcdefghijklmnoprstuvwzaeiopcyxsh", strict=True))
_IS_DRESSED = re.compile("[ᴀ-ᴢꜰꜱа-ѕһ\u249c-\u24e9\U0001d400-\U0001d6a3\U0001f110-\U0001f189]")

Kind = Literal["word", "letters", "apart", "sound"]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: list[str]
    apart: dict[str, list[str]]
    products: str
    surnames: str
    own: list[str]
    named: list[str]
    goes_on: list[str]
    whole: list[str]


class _Disguise(NamedTuple):
    word: str
    kind: Kind


class _Found(NamedTuple):
    """A disguised word at characters start..end of the text as it is written."""

    start: int
    end: int
    word: str


def undisguise(text: str) -> tuple[str, int]:
    """The text with its words as they were meant, and how many were disguised."""
    pieces, done, count = [], 0, 0
    for found in _find(text):
        pieces += [text[done : found.start], found.word]
        done, count = found.end, count + 1
    return "".join([*pieces, text[done:]]), count


def _find(text: str) -> Iterator[_Found]:
    plain = text.lower()
    if _HAS_TONES.search(plain):
        plain = plain.translate(_TONES)
    if _IS_DRESSED.search(plain):
        plain = plain.translate(_DRESSED)
    if len(plain) != len(text):  # a few letters have a longer lower case
        return
    cuts = [match.span() for match in _separated().finditer(plain)]
    places = _kept(len(text), cuts)
    plain = "".join(map(plain.__getitem__, places)) if cuts else plain
    patterns, disguises = _disguised()
    for which, start, end in disguises.leftmost(plain):
        word, kind = patterns[which]
        first, last = places[start], places[end - 1] + 1
        separated = last - first > end - start
        if (separated or kind != "word") and _is_sure(plain, start, end, word, kind, separated=separated):
            yield _Found(first, last, word)


@cache
def _separated() -> re.Pattern[str]:
    """What is put between the characters of a word; not what stands for one of them (上🚪)."""
    shown = "".join(sorted({char for forms in _words().apart.values() for it in forms for char in it}))
    letter = "[\u4e00-\u9fffa-z]"
    return re.compile(f"{_PUT_BETWEEN}(?<={letter}.)(?<![{shown}])(?:(?![{shown}]){_PUT_BETWEEN}){{0,2}}(?={letter})")


def _kept(size: int, cuts: list[tuple[int, int]]) -> "range | list[int]":
    """The places of the characters that stay when `cuts` are taken out."""
    if not cuts:
        return range(size)
    borders = [0, *(border for cut in cuts for border in cut), size]
    return [at for start, end in zip(borders[::2], borders[1::2], strict=True) for at in range(start, end)]


def _is_sure(plain: str, start: int, end: int, word: str, kind: Kind, *, separated: bool) -> bool:
    before, after = plain[start - 1 : start] or "\n", plain[end : end + 1] or "\n"
    shown = plain[start:end]
    if before == word[0] or _letters_go_on(before, shown, after):
        return False
    if kind in ("letters", "apart"):
        return True
    cost = likelihood().cost
    if cost(word[-1], after) < BOUND and len(word) == 2:
        return False
    if kind == "word":
        inside = min(_bond(one, other) for one, other in pairwise(word))
        return inside > max(_bond(before, word[0]), _bond(word[-1], after))
    if _is_said(plain, start, end, word) or (len(word) == 2 and not _is_of_the_field(plain, start, end)):
        return False
    return _cost(before + shown + after) - _meant(before, word, after) > MARGIN


def _is_said(plain: str, start: int, end: int, word: str) -> bool:
    """Whether what sounds like the word is a name, or belongs to the words around: 剩余|期限, 代款代付, 抖音|私信."""
    before, shown, after = plain[start - 1 : start] or "\n", plain[start:end], plain[end : end + 2]
    if len(word) == 2 and _is_a_name(before, shown, after):
        return True
    place = next(at for at in range(len(word)) if shown[at] != word[at])
    if shown[place] in plain[max(0, start + place - 2) : start + place] + plain[start + place + 1 : start + place + 3]:
        return True  # 代收代付
    if place == 0 and _bond(before, shown[0]) > TIED:
        return True
    if shown[-1] != word[-1] and _bond(shown[-1], after[:1]) > TIED:
        return True
    return any(plain.startswith(it, at) for it in _words().whole for at in (start - 1, end - 1) if at >= 0)


def _meant(before: str, word: str, after: str) -> float:
    """What it costs that the word is meant: it begins and ends as a word does."""
    cost, rarity = likelihood().cost, likelihood().rarity
    inside = min(USUAL, cost(before, word[0]) + _cost(word))
    return inside + max(cost(word[-1], after), rarity(after) - WITHIN)


def _letters_go_on(before: str, shown: str, after: str) -> bool:
    borders = ((before, shown[0]), (shown[-1], after))
    return any(_LETTER.match(one) and _LETTER.match(other) for one, other in borders)


def _is_a_name(before: str, shown: str, after: str) -> bool:
    if before in _words().surnames:
        return True
    if shown[0] not in _words().surnames:
        return False
    begins = not "\u4e00" <= before <= "\u9fff"
    return after.startswith(tuple(_words().named)) or (begins and not after.startswith(tuple(_words().goes_on)))


def _is_of_the_field(plain: str, start: int, end: int) -> bool:
    """Whether another word of the field stands near."""
    near = plain[max(0, start - 200) : start] + "\n" + plain[end : end + 200]
    return bool(_field().search(near))


def _bond(one: str, other: str) -> float:
    """How much more often than by chance the second follows the first, in nats."""
    return likelihood().rarity(other) - likelihood().cost(one, other)


def _cost(text: str) -> float:
    cost = likelihood().cost
    return sum(cost(one, other) for one, other in pairwise(text))


@cache
def _words() -> _Words:
    return configfile.load(WORDS, _Words)


@cache
def _field() -> re.Pattern[str]:
    return re.compile("|".join([*_words().words, "欠|贷|催|债|借条|平台|客服|威胁|通讯|还钱"]))


@cache
def _disguised() -> tuple[list[_Disguise], Words]:
    """Each disguise once, and what finds them."""
    patterns: dict[str, _Disguise] = {word: _Disguise(word, "word") for word in _words().words}
    for word in _words().words:
        for shown, kind in _disguises(word):
            patterns.setdefault(shown, _Disguise(word, kind))
    return list(patterns.values()), Words(list(patterns))


def _disguises(word: str) -> Iterator[tuple[str, Kind]]:
    sounds = _sounds(word)
    for count in range(1, len(word)):
        for places in combinations(range(len(word)), count):
            yield "".join(sounds[place] if place in places else char for place, char in enumerate(word)), "letters"
    for place, char in enumerate(word):
        for apart in _words().apart.get(char, ()):
            yield word[:place] + apart + word[place + 1 :], "apart"
        if word[-1] in _words().products and place < len(word) - 1:
            continue
        for other in _sounding().get(sounds[place], ()):
            shown = word[:place] + other + word[place + 1 :]
            if shown not in _words().own and (len(word) > 2 or not _is_written(shown)):
                yield shown, "sound"


def _is_written(shown: str) -> bool:
    """Whether the characters stand together in ordinary text."""
    return all(other in likelihood().followers(one) for one, other in pairwise(shown))


def _sounds(word: str) -> list[str]:
    """How its characters are usually read, in plain letters."""
    return [sound.replace("ü", "u").replace("v", "u") for sound in lazy_pinyin(word)]


@cache
def _sounding() -> dict[str, list[str]]:
    """The characters that simplified text is written with by their usual sound."""
    found: dict[str, list[str]] = {}
    for char in filter(in_gb2312, map(chr, range(0x4E00, 0x9FA6))):
        found.setdefault(_sounds(char)[0], []).append(char)
    return found
