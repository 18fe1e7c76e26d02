"""Repairs what the web does to Chinese text: one pure function, kind of damage by kind of damage."""

import re
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType

from indexer.text.charsets import mend_charset
from indexer.text.escapes import decode
from indexer.text.evasion import undisguise
from indexer.text.filtered import restore
from indexer.text.forms import close_up, narrow, show, unescape, usual
from indexer.text.gbk_shift import mend_shift
from indexer.text.pinyin import unglue
from indexer.text.simplify import simplify

_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LOST = re.compile("[\ue000-\uf8ff\ufffd]")
_NO_MORE = re.compile("(?:锟斤拷)+锟?")
"""Replacement characters in UTF-8, read as GBK: what stood there is gone."""
_OF_CHARSETS = re.compile("乱码|编码|字符|烫烫|GBK|UTF|Unicode", re.IGNORECASE)
ROUNDS = 4
"""How often a text is gone through at most: mended bytes may show what else they suffered."""
LONG = 100_000
"""Characters from which a text is gone through once."""


@dataclass(frozen=True)
class Repaired:
    """Text as it was meant, and `repairs`: how often each kind of damage was mended.

    Kinds, in the order in which they are mended: entity, charset, invisible, gbk_shift, fullwidth, pinyin,
    traditional, evasion, restored; `unsure` counts spots that could not be mended. Words put back stand between the
    marks of indexer.text.filtered.
    """

    text: str
    repairs: MappingProxyType[str, int]


def repair(text: str) -> Repaired:
    """Undo damage; a text without damage comes back as it is, but for line ends and exotic spaces."""
    if not text:
        return Repaired(text, MappingProxyType({}))
    counts: Counter[str] = Counter()
    for _ in range(ROUNDS):
        text, found = _round(text)
        counts += found
        if not found or len(text) > LONG:
            break
    text, counts["restored"] = restore(text)
    return Repaired(text, MappingProxyType({kind: count for kind, count in counts.items() if count}))


def _round(text: str) -> tuple[str, Counter[str]]:
    counts: Counter[str] = Counter()
    text, counts["invisible"] = show(_LINE_ENDS.sub("\n", text), keep_bytes=True)
    text, counts["entity"] = unescape(text)
    text, escaped = decode(text)
    gone = 0
    if "锟斤拷" in text and not _OF_CHARSETS.search(text):
        text, gone = _NO_MORE.subn("", text)
    text, counts["charset"] = mend_charset(text)
    text, hidden = show(_LINE_ENDS.sub("\n", text))
    text, torn = unescape(text)
    text, counts["gbk_shift"], unsure = mend_shift(text)
    text = _SPACES.sub(" ", text)
    text, wide = narrow(text)
    text, other = usual(text)
    text, counts["pinyin"] = unglue(text)
    text, counts["traditional"] = simplify(text)
    text, spaced = close_up(text)
    text, counts["evasion"] = undisguise(text)
    text, lost = _LOST.subn("", text)
    return text, counts + Counter(
        invisible=hidden, entity=torn + escaped, fullwidth=wide + other, evasion=spaced, unsure=unsure + lost + gone
    )
