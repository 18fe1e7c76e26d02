"""Mends text whose bytes were read in the wrong charset and saved so, once or several times over.

UTF-8 read as GBK (鍌敹浜哄憳 for 催收人员) or as Windows-1252 (å‚¬æ”¶), GBK read as Windows-1252 (´ßÊÕ), Big5 read
as GBK (ぃΤ): the bytes are made again and read as what they were, and the new reading is taken where it is by far the
likelier Chinese. The rest of the family, such as Mac Roman, or quotes in English text, is ftfy's (Speer, 2019).
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import pairwise

import ftfy

from indexer.text import gbk
from indexer.text.gbk_prices import Prices, without_notes
from indexer.text.likelihood import likelihood
from indexer.text.pinyin import TONED
from indexer.text.simplify import simple
from indexer.text.tongue import MARK, Chinese, ChineseAsGbk, Tongue
from indexer.text.torn_utf8 import ANY, Lost, read

LAYERS = 4
"""How often the same bytes may have been read wrongly."""
MARGIN = 12.0
"""Nats by which the new reading must be likelier."""
UNLIKELY = 9.5
"""Nats a character, on average, from which a reading is no Chinese."""
FEWEST = 4
"""Characters of a reading up to which it may have ended too soon."""
JUDGED = 400
"""Characters of a stretch that are judged."""
BUDGET = 3000
"""Stretches of a text that are tried and torn characters that are guessed at most, about half a second's work."""
LONG = 20_000
"""Characters of a line up to which Big5 is tried, and ftfy asked."""

_WESTERN = {chr(byte): byte for byte in range(0x80, 0x100)}
_WESTERN |= {char: byte for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))}
_TRAIL = "".join(char for char, byte in _WESTERN.items() if byte < 0xC0)
_HIGH = f"[{re.escape(''.join(_WESTERN))}]"
_UTF8_AS_WESTERN = re.compile(f"(?<!{_HIGH})[\u00c2-\u00f4][{re.escape(_TRAIL)}\ufffd ]")
_GBK_AS_WESTERN = re.compile(f"{_HIGH}{{4,}}(?:[\x00-\x7f]*(?:{_HIGH}{{2}})+)*")
_BIG5_AS_GBK = re.compile(r"[ぁ-んΑ-ω][一-鿿\ue000-\uf8ff]|[一-鿿\ue000-\uf8ff][ぁ-んΑ-ω]")
_LEFT_TO_FTFY = re.compile("[\u00a0-\u02ff\u0400-\u04ff\u2013-\u2122\u2500-\u259f]{2}")
_ASCII = re.compile("[\x00-\x7f]+")

_CHINESE = frozenset((*range(0x40, 0x7F), *range(0x80, 0xC0), 0xC2, 0xC3, 0xC4, 0xC5, 0xC7, *range(0xE0, 0xF1)))
"""Bytes of Chinese and pinyin in UTF-8; what else GBK text has shows where a stretch ends."""
_AGAIN = frozenset((*_CHINESE, 0xCB, 0xCE, 0xCF, 0xD0, 0xD1))
"""Bytes of what Chinese in UTF-8 becomes that was read as GBK: Greek and Cyrillic letters among it."""
_LATIN = frozenset((*_CHINESE, 0xC6, 0xCB))
"""Bytes of Chinese in UTF-8 that was read as Windows-1252 and saved as UTF-8."""
_MARK = bytes((MARK,))
_LOST_BY_WESTERN: Lost = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
"""Bytes that Windows-1252 has no character for."""
_LOST_BY_GBK: Lost = (0x80, *range(0xA1, 0xB0))
"""First bytes of pairs that GBK has no character for."""

_Reread = Callable[[str, int], tuple[str, int, int]]
"""Reads a line anew at a place: gives the text, empty where it can't, and the start and end of the stretch."""


def mend_charset(text: str) -> tuple[str, int]:
    """The text, and how many stretches of it were read anew."""
    if text.isascii() or not any(pattern.search(text) for pattern in _gates()):
        return text, 0
    reader = _Reader()
    lines = [reader.line(line) for line in text.split("\n")]
    return "\n".join(lines), reader.count


class _Reader:
    """Reads the lines of one text; `count` stretches were read anew."""

    def __init__(self) -> None:
        price = Prices("")
        self.chinese, self.as_gbk = Chinese(price), ChineseAsGbk(price)
        self.budget, self.count = BUDGET, 0

    def line(self, line: str) -> str:
        mended = self._layer(line, LAYERS)
        if len(line) <= LONG and _LEFT_TO_FTFY.search(mended):
            better = ftfy.fix_encoding(mended)
            self.count += better != mended
            return better
        return mended

    def _layer(self, line: str, layers: int) -> str:
        """The line, read anew up to so many times."""
        if not layers or not any(pattern.search(line) for pattern in _gates()):
            return line
        for begins, reread, again in self._kinds():
            pieces, done = [], 0
            while self.budget > 0 and (begin := begins.search(line, done)):
                text, start, end = reread(line, begin.start())
                if again and layers > 1 and (len(text) < FEWEST or _utf8_as_gbk().search(text)):
                    repeated = again(line, begin.start())
                    if _utf8_as_gbk().search(repeated[0]):  # the likeliest Chinese is none
                        text, start, end = repeated
                text = self._layer(text, layers - 1)
                start, end = max(done, start), max(end, begin.end())
                shown = line[start:end]
                better = text != shown and _is_better(text, shown)
                self.count += better and layers == LAYERS
                pieces += [line[done:start], text if better else shown]
                done = end
            line = "".join([*pieces, line[done:]])
        return line

    def _kinds(self) -> tuple[tuple[re.Pattern[str], _Reread, _Reread | None], ...]:
        """Where each kind of stretch begins, what reads it, and what reads it where that gives such a stretch again."""
        once = partial(self._utf8, partial(_gbk, _CHINESE), _LOST_BY_GBK, self.chinese)
        twice = partial(self._utf8, partial(_gbk, _AGAIN), _LOST_BY_GBK, self.as_gbk)
        return (
            (_UTF8_AS_WESTERN, partial(self._utf8, _western, _LOST_BY_WESTERN, self.chinese), None),
            (_GBK_AS_WESTERN, _gbk_as_western, None),
            (_utf8_as_gbk(), once, twice),
            (_latin_as_gbk(), partial(self._utf8, partial(_gbk, _LATIN), _LOST_BY_GBK, self.chinese), None),
            (_BIG5_AS_GBK, _big5_as_gbk, None),
        )

    def _utf8(
        self, encode: Callable[[str], bytes], lost: Lost, tongue: Tongue, line: str, start: int
    ) -> tuple[str, int, int]:
        """Reads UTF-8 from `start` on, `encode` gives the bytes that were shown as a character, none where none were.

        The window grows: a line of many short stretches takes no longer than one of a single long one.
        """
        window, limit = 64, len(line)
        while True:
            raw, ends = bytearray(), {0: start}
            for at in range(start, min(start + window, limit)):
                if not (shown := encode(line[at])):
                    limit = at
                    break
                if line[at] == "€" and shown == b"\x80":
                    shown = _euro(raw, encode(line[at + 1 : at + 2]) if at + 1 < len(line) else b"")
                if raw[-1:] == _MARK and shown < b"\x40" and lost == _LOST_BY_GBK:
                    raw[-1] = ANY  # any byte is lost that can't be the first of a pair with this one
                raw += shown
                ends[len(raw)] = at + 1
            if raw[-1:] == _MARK and lost == _LOST_BY_GBK:
                raw[-1] = ANY  # half a pair at the end
            reading = read(bytes(raw), tongue, self.budget, lost)
            if start + window >= limit or reading.end < len(raw) - 8:
                break
            window *= 4
        self.budget -= reading.guesses * (2 if tongue is self.as_gbk else 1) + 1
        text, end = reading.text if reading.is_sure else "", reading.end
        if end not in ends:  # in the middle of a character, which then belongs to what follows
            text, end = text[:-1], end - 3
            while end not in ends:
                end -= 1
        return text, start, ends[end]


def _euro(raw: bytearray, following: bytes) -> bytes:
    """The bytes that were shown as a euro sign, by those before and behind: 80, or A2 E3, which ends a character of
    UTF-8 and begins one."""
    lead = next((place for place in (1, 2) if raw[-place : -place + 1 or None][:1] >= b"\xc0"), 0)
    wants = {0: 0, 1: 2, 2: 1}[lead] if raw[-lead:][:1] >= b"\xe0" else 0
    return b"\xa2\xe3" if wants == 1 and b"\x80" <= following[:1] < b"\xc0" else b"\x80"


def _western(char: str) -> bytes:
    if char == "\ufffd":
        return _MARK
    byte = ord(char) if char < "\x80" else _WESTERN.get(char, MARK)
    return bytes((byte,)) if byte < MARK else b""


def _gbk(bytes_of_utf8: frozenset[int], char: str) -> bytes:
    if char < "\x80":
        return char.encode()
    if char in "€\ufffd":
        return b"\x80" if char == "€" else _MARK
    pair = gbk.encode(char) or b""
    return pair if bytes_of_utf8.issuperset(pair) else b""


def _gbk_as_western(line: str, start: int) -> tuple[str, int, int]:
    match = _GBK_AS_WESTERN.match(line, start)
    raw = b"".join(map(_western, match[0])) if match else b""
    try:
        return raw.decode("gb18030"), start, start + len(raw)
    except UnicodeDecodeError:
        return "", start, start


def _big5_as_gbk(line: str, start: int) -> tuple[str, int, int]:
    """Reads from the last blank before `start` to the end of the line."""
    start = line.rfind(" ", 0, start) + 1
    try:
        raw = b"".join(char.encode() if char < "\x80" else gbk.encode(char) or b"\xff" for char in line[start:])
        return (raw.decode("big5hkscs") if len(line) <= LONG else ""), start, len(line)
    except UnicodeDecodeError:
        return "", start, len(line)


@cache
def _gates() -> tuple[re.Pattern[str], ...]:
    return _UTF8_AS_WESTERN, _utf8_as_gbk(), _latin_as_gbk(), _GBK_AS_WESTERN, _BIG5_AS_GBK, _LEFT_TO_FTFY


@cache
def _utf8_as_gbk() -> re.Pattern[str]:
    """A character of the first two bytes of a Chinese one in UTF-8, and one of its third and the next one's first; or
    pinyin in parentheses, whose vowel is one character then."""
    leads = (*range(0xE3, 0xEA), 0xEE, 0xEF)
    others = (0xCE, 0xCF, 0xD0, 0xD1, 0xE2)  # Greek, Cyrillic, frames: of what was read as GBK before
    heads, middles = _shown(leads, range(0x80, 0xC0)), _shown(range(0x80, 0xC0), (*range(0x80, 0xC0), *leads, *others))
    vowels = "".join(char for vowel in TONED if (char := gbk.shown(*vowel.encode())))
    return re.compile(f"[{heads}][{heads}{middles}€\ufffd\x00-\x7f]|\\([a-z]{{0,4}}[{vowels}][a-z]{{0,3}}\\)")


@cache
def _latin_as_gbk() -> re.Pattern[str]:
    """The first two Latin letters of UTF-8 read as Windows-1252, read as GBK."""
    heads = _shown((0xC3,), (*range(0xA3, 0xAA), 0xAF))
    return re.compile(f"[{heads}][{_shown((0xC2, 0xC3, 0xC5, 0xC6, 0xCB, 0xE2), range(0x80, 0xC0))}]")


def _shown(leads: Iterable[int], trails: Iterable[int]) -> str:
    return "".join(char for lead in leads for trail in trails if (char := gbk.shown(lead, trail)))


def _is_better(new: str, old: str) -> bool:
    """Whether the new reading is Chinese, and much likelier than the old one; Latin letters and digits don't count."""
    if "(" in new or "（" in new:
        whole, new = new, without_notes(new)
        if new.isascii() and not whole.isascii():  # nothing but pinyin
            return True
    share = min(1.0, JUDGED / max(1, len(new)))
    new, old = new[:JUDGED], old[: max(1, int(len(old) * share))]
    letters = len(_ASCII.sub("", new))
    return letters > 1 and _cost(new) < min(UNLIKELY * letters, _cost(old) - MARGIN)


def _cost(text: str) -> float:
    cost = likelihood().cost
    chars = "\n" + "".join(map(simple, text))
    return sum(cost(before, char) for before, char in pairwise(chars) if char > "\x7f")
