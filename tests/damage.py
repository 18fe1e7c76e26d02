"""Damages clean text as the web does, byte for byte, so that tests know what repair must give back."""

import random

from opencc import OpenCC
from pypinyin import Style, pinyin

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
