"""Repairs what the web does to Chinese text: one pure function, kind of damage by kind of damage."""

import html
import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType

from indexer.text.charsets import mend_charset
from indexer.text.evasion import undisguise
from indexer.text.filtered import CLOSE, OPEN, restore
from indexer.text.gbk_shift import mend_shift
from indexer.text.pinyin import unglue
from indexer.text.simplify import simplify

# Escaped once more than they should be. Markup characters (&lt; &gt; &amp;) are left: a text may speak of them.
_ENTITY = re.compile(
    r"&(?:amp;){0,3}(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|quot|#\d{2,6}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
# Zero-width and directional marks, soft hyphen, byte order mark, controls but tab and newline, noncharacters.
_INVISIBLE = re.compile(
    f"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f{OPEN}-\ufdef\ufffe\uffff]"
)
_FULLWIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LOST = re.compile("[\ue000-\uf8ff\ufffd]")

assert OPEN < CLOSE


@dataclass(frozen=True)
class Repaired:
    """Text as it was meant, and `repairs`: how often each kind of damage was mended.

    Kinds: entity, invisible, fullwidth, gbk_shift, pinyin, traditional, restored; `unsure` counts spots that
    could not be mended. Words put back stand between the marks of indexer.text.filtered.
    """

    text: str
    repairs: MappingProxyType[str, int]


def repair(text: str) -> Repaired:
    """Undo damage; a text without damage comes back as it is, but for line ends and exotic spaces."""
    counts: dict[str, int] = {}
    text, counts["entity"] = _ENTITY.subn(_unescape, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text, counts["charset"] = mend_charset(text)
    text, counts["invisible"] = _INVISIBLE.subn("", text)
    text, counts["gbk_shift"], counts["unsure"] = mend_shift(text)
    text = _SPACES.sub(" ", text)
    text, counts["fullwidth"] = _FULLWIDTH.subn(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text, counts["pinyin"] = unglue(text)
    text, counts["traditional"] = simplify(text)
    text, counts["evasion"] = undisguise(text)
    text, lost = _LOST.subn("", text)
    counts["unsure"] += lost
    text, counts["restored"] = restore(text)
    return Repaired(text, MappingProxyType({kind: count for kind, count in counts.items() if count}))


def _unescape(match: re.Match[str]) -> str:
    text = match[0]
    for _ in range(4):
        text = html.unescape(text)
    return text
