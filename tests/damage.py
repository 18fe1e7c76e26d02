"""Damages clean text as the web does, byte for byte, so that tests know what repair must give back."""

import random
import re
from collections.abc import Callable
from difflib import SequenceMatcher
from html import escape

from opencc import OpenCC
from pypinyin import Style, pinyin

from tests.disguises import OTHERWISE, SOUNDS, disguised, dressed, written
from tests.writings import (
    byte_order_marks,
    escaped,
    no_more_bytes,
    of_a_pdf,
    percent_encoded,
    quotes_misread,
    spaced,
    struck,
    unterminated,
    vertical,
)

Damage = Callable[[str, random.Random], str]

_TRADITIONAL, _SIMPLE = OpenCC("s2t"), OpenCC("t2s")


def traditional(text: str) -> str:
    return _TRADITIONAL.convert(text)


def annotated(text: str, *, share: float, seed: int, swallow: bool = False) -> str:
    """Traditional text with pinyin put behind characters by a site that searches GBK bytes, borders or not.

    A match across a border tears two characters apart; `swallow` is a decoder that takes the parenthesis with the
    torn byte (iconv and PHP do), otherwise it shows `?` and keeps it (browsers do).
    """
    chance = random.Random(seed)
    raw = traditional(text).encode("gb18030")
    out, at = b"", 0
    while at < len(raw):
        shown = raw[at : at + 2].decode("gb18030", "ignore")
        if len(shown) == 1 and _SIMPLE.convert(shown) != shown and chance.random() < share:
            syllable = pinyin(shown, style=Style.TONE)[0][0]
            out, at = out + raw[at : at + 2] + f"({syllable})".encode("gb18030"), at + 2
        else:
            out, at = out + raw[at : at + 1], at + 1
    shown = out.decode("gb18030", "replace")
    return shown.replace("\ufffd(", "?") if swallow else shown.replace("\ufffd", "?")


def shifted(text: str) -> str:
    """GBK whose first byte was lost: every character is made of the halves of two."""
    return text.encode("gb18030")[1:].decode("gb18030", "replace").replace("\ufffd", "?")


# Each damage of KINDS takes clean simplified text and a source of chance, and hits random places of it.

ENTITIES = {"“": "ldquo", "”": "rdquo", "‘": "lsquo", "’": "rsquo", "—": "mdash", "…": "hellip", "·": "middot"}
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def part(text: str, chance: random.Random) -> tuple[int, int]:
    """A random stretch of the text, or all of it."""
    if len(text) < 12 or chance.random() < 0.5:
        return 0, len(text)
    start = chance.randrange(len(text) - 8)
    return start, chance.randrange(start + 8, len(text) + 1)


def within(damage: Callable[[str, random.Random], str]) -> Damage:
    """The damage on a random stretch."""

    def damaged(text: str, chance: random.Random) -> str:
        start, end = part(text, chance)
        return text[:start] + damage(text[start:end], chance) + text[end:]

    return damaged


def misread(text: str, *codecs: str, errors: str = "replace") -> str:
    """UTF-8 read in each of the codecs, one after the other, and saved as UTF-8 again."""
    for codec in codecs:
        text = text.encode().decode(codec, errors)
    return text


def glued(text: str, chance: random.Random) -> str:
    """Pinyin behind some simplified characters, in half- or full-width parentheses."""
    left, right = chance.choice(("()", "（）"))
    readings = pinyin(list(text), style=Style.TONE)
    return "".join(
        f"{char}{left}{reading[0]}{right}" if "\u4e00" <= char <= "\u9fff" and chance.random() < 0.2 else char
        for char, reading in zip(text, readings, strict=True)
    )


def byte_lost(text: str, chance: random.Random) -> str:
    """GB18030 without one byte somewhere."""
    raw = text.encode("gb18030")
    lost = chance.randrange(len(raw))
    return (raw[:lost] + raw[lost + 1 :]).decode("gb18030", "replace").replace("\ufffd", "?")


def escaped_twice(text: str, chance: random.Random) -> str:
    numbers = chance.random() < 0.5
    pieces = []
    for char in text:
        if char in ENTITIES:
            pieces.append(f"&amp;{ENTITIES[char]};")
        elif numbers and char > "\x7f" and chance.random() < 0.5:
            pieces.append(f"&amp;#{ord(char)};" if chance.random() < 0.5 else f"&amp;#x{ord(char):x};")
        else:
            pieces.append(escape(escape(char)) if char in "\"'" else char)
    return "".join(pieces)


def fullwidth(text: str, chance: random.Random) -> str:
    return re.sub("[0-9A-Za-z@%.:/+-]", lambda match: chr(ord(match[0]) + 0xFEE0), text)


def zero_width(text: str, chance: random.Random) -> str:
    return "".join(char + (chance.choice(ZERO_WIDTH) if chance.random() < 0.2 else "") for char in text)


def torn(text: str, chance: random.Random) -> str:
    """Traditional, annotated byte by byte: `?` and shifted stretches."""
    return annotated(
        text, share=chance.choice((0.3, 0.6, 1.0)), seed=chance.randrange(10**6), swallow=chance.random() < 0.5
    )


def bytes_lost(text: str, chance: random.Random) -> str:
    """GB18030 without two bytes, far from each other or not."""
    return byte_lost(byte_lost(text, chance), chance)


def bracketed(text: str, chance: random.Random) -> str:
    """Pinyin behind some characters, in other brackets."""
    left, right = chance.choice(("[]", "【】", "{}", "<>", "〔〕"))
    return glued(text, chance).replace("(", left).replace("（", left).replace(")", right).replace("）", right)


KINDS: dict[str, Damage] = {
    "traditional characters": within(lambda text, _: traditional(text)),
    "pinyin behind simplified characters": glued,
    "pinyin behind traditional characters, glued by bytes": torn,
    "GBK, a byte lost": byte_lost,
    "UTF-8 read as GB18030": within(lambda text, _: misread(text, "gb18030")),
    "UTF-8 read as GBK, bytes lost": within(lambda text, _: misread(text, "gbk")),
    "UTF-8 read as Latin-1": within(lambda text, _: misread(text, "latin-1")),
    "UTF-8 read as Windows-1252, bytes lost": within(lambda text, _: misread(text, "cp1252")),
    "GBK read as Latin-1": within(lambda text, _: text.encode("gb18030").decode("latin-1")),
    "UTF-8 read as Latin-1 twice": within(lambda text, _: misread(text, "latin-1", "latin-1")),
    "UTF-8 read as GB18030 twice": within(lambda text, _: misread(text, "gb18030", "gb18030")),
    "UTF-8 read as Latin-1, then as GB18030": within(lambda text, _: misread(text, "latin-1", "gb18030")),
    "entities twice": escaped_twice,
    "full-width forms": fullwidth,
    "zero-width characters": zero_width,
    "disguised words": disguised,
    "words in dressed letters": written(SOUNDS, dressed),
    "words disguised otherwise": written(OTHERWISE, lambda shown, _: shown),
    "entities without an end": within(unterminated),
    "percent-encoded": within(percent_encoded),
    "Unicode escapes": within(escaped),
    "punctuation read as Windows-1252": quotes_misread,
    "GBK, two bytes lost": bytes_lost,
    "byte order marks": byte_order_marks,
    "combining marks": struck,
    "small and vertical forms": vertical,
    "radicals for characters": of_a_pdf,
    "blanks between characters": within(spaced),
    "replacement characters read as GBK": no_more_bytes,
    "pinyin in other brackets": bracketed,
}
STACKED: dict[str, tuple[str, ...]] = {
    " + ".join(names): names
    for names in (
        ("disguised words", "zero-width characters"),
        ("disguised words", "traditional characters", "zero-width characters"),
        ("disguised words", "full-width forms", "entities twice"),
        ("disguised words", "pinyin behind simplified characters"),
        ("disguised words", "pinyin behind traditional characters, glued by bytes"),
        ("full-width forms", "pinyin behind traditional characters, glued by bytes", "zero-width characters"),
        ("traditional characters", "GBK, a byte lost"),
        ("traditional characters", "UTF-8 read as GB18030"),
        ("disguised words", "UTF-8 read as Latin-1"),
        ("pinyin behind traditional characters, glued by bytes", "UTF-8 read as Latin-1"),
        ("pinyin behind traditional characters, glued by bytes", "UTF-8 read as GB18030"),
        ("UTF-8 read as GB18030", "entities twice"),
        ("entities twice", "zero-width characters", "traditional characters"),
    )
}


def damaged(kind: str, text: str, chance: random.Random) -> str:
    """The text with a damage of KINDS or STACKED."""
    for name in STACKED.get(kind, (kind,)):
        text = KINDS[name](text, chance)
    return text


def given_back(meant: str, mended: str) -> float:
    """How many characters of `meant` are in `mended`, less what is in excess."""
    same = sum(block.size for block in SequenceMatcher(None, meant, mended, autojunk=False).get_matching_blocks())
    return max(0, same - max(0, len(mended) - len(meant)))
