"""Shadows of a text: the same length, character under character, with every way to write a digit made one.

Finders look at the shadow and point into the text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from indexer.text.privacy.found import MASKS, Found

GONE = "\0"
"""Stands for a character that is masked already: no finder's pattern has it."""
CJK = "\u3400-\u9fff"
_TOKEN = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_URL = re.compile(r"(?:https?://|www\.)[!-Z\\^-~\[\]]++")
_NUMERALS = "〇零○洞一壹弌幺二贰弍两三叁叄弎四肆五伍六陆七柒拐八捌九玖勾"
_NUMERAL_DIGITS = "000011112222333344556677788999"
# What sounds like a numeral counts within eleven of them only, some of which are none.
_SOUNDS = "林灵令领妖要腰依伊衣医儿尔而散伞似思吾舞务流溜刘留妻期漆琦气吧巴爸扒酒久韭旧"
_SOUND_DIGITS = "00001111111222334455566667777788889999"
# Written for digits only next to others: O for 0, I and l for 1.
_SPELLED = re.compile(f"[{_NUMERALS}OoIl][^\n{CJK}]{{0,3}}[0-9{_NUMERALS}]|[0-9][^\n{CJK}]{{0,3}}[{_NUMERALS}OoIl]")
_SOUNDED = re.compile(f"(?:[0-9{_NUMERALS}{_SOUNDS}OoIl][ -]?){{11,18}}")


@dataclass(frozen=True)
class Shadow:
    """`plain`: width, circles, superscripts and the like undone; `spelled`: numerals in characters are digits as well.

    `spelled` is empty where no numeral stands near a digit or another numeral. `urls` are the spans of addresses.
    """

    plain: str
    spelled: str
    urls: tuple[tuple[int, int], ...]

    def without(self, found: Iterable[Found]) -> "Shadow":
        """The shadow in which what was found is gone."""
        spans = sorted((it.start, it.end) for it in found)
        if not spans:
            return self
        return Shadow(_blank(self.plain, spans), _blank(self.spelled, spans) if self.spelled else "", self.urls)

    def in_url(self, start: int) -> bool:
        """Whether an address holds the character `start`."""
        place = bisect_right(self.urls, (start, len(self.plain))) - 1
        return place >= 0 and start < self.urls[place][1]


def shadow(text: str) -> Shadow:
    """The shadows of a text; masks in it are gone already."""
    plain = text if text.isascii() else text.translate(_plain())
    plain = _blank(plain, [match.span() for match in _TOKEN.finditer(text)])
    spelled = ""
    if _SPELLED.search(plain):
        sounded = _SOUNDED.sub(lambda match: match[0].translate(_sounded()), plain)
        spelled = sounded.translate(_spelled())
    return Shadow(plain, spelled, tuple(match.span() for match in _URL.finditer(plain)))


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    pieces = []
    at = 0
    for start, end in spans:
        pieces += [text[at:start], GONE * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


@cache
def _plain() -> dict[int, str]:
    """Full-width characters to ASCII, and every character that Unicode knows as a digit to that digit."""
    table = {ord("З"): "3", ord("з"): "3", ord("О"): "O", ord("о"): "o"}  # Cyrillic ones
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
    for code in range(0x80, 0x20000):
        digit = unicodedata.numeric(chr(code), None) if unicodedata.category(chr(code)) in ("Nd", "No") else None
        if digit is not None and digit in range(10):
            table[code] = str(int(digit))
    return table


@cache
def _spelled() -> dict[int, str]:
    return dict(zip(map(ord, _NUMERALS + "OoIl"), _NUMERAL_DIGITS + "0011", strict=True))


@cache
def _sounded() -> dict[int, str]:
    return dict(zip(map(ord, _SOUNDS), _SOUND_DIGITS, strict=True))
