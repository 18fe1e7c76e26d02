"""Pinyin that a site glued behind traditional characters: 費(fèi) → 費. Readings by pypinyin."""

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import Style, pinyin

from indexer.text.likelihood import likelihood
from indexer.text.simplify import is_traditional

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
"""Vowels as pinyin writes them that no plain letter is."""
SYLLABLE = "[a-züêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
_GLUED = re.compile(rf"([\u3400-\u9fff\uf900-\ufaff])[(（\[【{{〔<]({SYLLABLE})[)）\]】}}〕>]", re.IGNORECASE)
_OPENS = re.compile(r"[(（\[【{〔<][a-züêāáǎàēéěèōóǒòńňǹḿ]", re.IGNORECASE)
_SPELLED = re.compile(rf"(?:{_GLUED.pattern}[ ，。！？；]?){{4,}}", re.IGNORECASE)
_TONE = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]", re.IGNORECASE)
_LESSON = re.compile("[拼读注发]音|读[作成为做]|念[作成]|多音|声调|字典|怎么[读念]|汉字|普通话|[的地得]字|音同|同音")
_NEUTRAL = frozenset("的了着吗呢吧们子么")
COMMON = 11.5
"""Nats (-ln P) up to which a character is so common that everybody can read it."""


def toneless(syllable: str) -> str:
    """Without tone marks, in lower case; ü stays."""
    plain = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "ü")
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def readings(char: str) -> frozenset[str]:
    """All readings of a character, with tone marks."""
    found = pinyin(char, style=Style.TONE, heteronym=True, errors="ignore")
    return frozenset(found[0]) if found else frozenset()


@lru_cache(50_000)
def reads(char: str, syllable: str) -> bool:
    """Whether `syllable`, with or without its tone mark, is a reading of the character."""
    known = readings(char)
    return syllable.lower() in known or toneless(syllable) in {toneless(reading) for reading in known}


def unglue(text: str) -> tuple[str, int]:
    """The text without glued pinyin, and how many were taken out.

    Damage annotates characters that differ between traditional and simplified, or common ones with their usual
    reading, here and there in a text. Who helps a reader annotates rare characters and unusual readings, and who
    teaches pinyin says so, or annotates one character after another: such a line stays as it is.
    """
    if not _OPENS.search(text):
        return text, 0
    count = 0
    lines = []
    for line in text.split("\n"):
        cleaned, removed = _unglue_line(line)
        lines.append(cleaned)
        count += removed
    return "\n".join(lines), count


def _unglue_line(line: str) -> tuple[str, int]:
    found = [match for match in _GLUED.finditer(line) if reads(match[1], match[2])]
    if not found:
        return line, 0
    judged = _beside_spelled(line, found)
    toned = [match for match in judged if _TONE.search(match[2]) or match[1] in _NEUTRAL]
    marked = sum(is_traditional(match[1]) for match in toned)
    needless = sum(_is_needless(match[1], match[2]) for match in toned)
    compared = len({match[1] for match in judged}) < len({(match[1], match[2].lower()) for match in judged})
    mistaken = marked + needless
    if compared or not mistaken or mistaken * 2 < len(judged) or _teaches(line, len(judged), marked):
        return line, 0
    return _GLUED.sub(lambda match: match[1] if reads(match[1], match[2]) else match[0], line), len(found)


def _beside_spelled(line: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The notes but those of words that are spelled as a whole, as a lesson does; damage may do so here and there."""
    runs = [run.span() for run in _SPELLED.finditer(line) if not is_traditional(run[0])]
    return [match for match in found if not any(start <= match.start() < end for start, end in runs)]


def _is_needless(char: str, syllable: str) -> bool:
    """Whether a simplified character is so common, and so read, that nobody annotates it for a reader."""
    if is_traditional(char) or likelihood().rarity(char) > COMMON:
        return False
    return pinyin(char, style=Style.TONE)[0][0] == syllable.lower()


def _teaches(line: str, found: int, marked: int) -> bool:
    """A pinyin lesson annotates most of its characters, those that no conversion would change among them."""
    characters = sum("\u3400" <= char <= "\u9fff" for char in line)
    if marked < found and (_LESSON.search(line) or found * 5 >= characters * 4 or characters < 2 * found < 16):
        return True
    return found > 2 and found == characters
