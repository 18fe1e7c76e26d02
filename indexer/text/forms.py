"""Characters in another form than the usual one: entities, invisible ones, full-width letters and digits."""

import html
import re
import unicodedata

from indexer.text.filtered import CLOSE, OPEN

assert OPEN < CLOSE

# Escaped once more than they should be. Markup characters (&lt; &gt; &amp;) stand unless they were escaped twice:
# a text may speak of them.
_NAMES = (
    "nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|sbquo|bdquo|laquo|raquo|mdash|ndash|hellip|middot|bull|quot|apos|"
    "times|divide|deg|yen|pound|euro|cent|copy|reg|trade|sect|permil|plusmn"
)
_NUMBER = "#(?:\\d{2,6}|x[0-9a-f]{2,5});"
_ENTITY = re.compile(
    rf"&(?:amp;){{0,4}}(?:(?:{_NAMES});|{_NUMBER}|#[2-4]\d{{4}}(?![\d;\u00ad]))|&(?:amp;){{1,4}}(?:lt|gt|amp);",
    re.IGNORECASE,
)
_LESSON = re.compile("HTML|XML|字符(?:引用|实体)|转义", re.IGNORECASE)
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_HAN = "\u3400-\u9fff"
# Zero-width and directional marks, soft hyphen, byte order mark, controls but tab and newline, noncharacters; joiners
# but between emoji and in scripts that need them; variation selectors and combining marks on Chinese characters.
_UNSEEN = (
    "\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\ufff9-\ufffb"
    f"\x00-\x08\x0b-\x1f\x7f{OPEN}-\ufdef\ufffe\uffff"
)
_JOINERS = "\u200c\u200d"
_COMBINING = "\u0300-\u036f\u0483-\u0489\u20d0-\u20f0\ufe00-\ufe0f"
_BYTES = "\x80-\x9f\u00ad"
_INVISIBLE = (
    f"[{_UNSEEN}]|(?<![{_EMOJI}\ufe0f\u0600-\u0fff])[{_JOINERS}]|[{_JOINERS}](?![{_EMOJI}\u0600-\u0fff])"
    f"|(?<=[{_HAN}])[{_COMBINING}]+"
)
_BUT_BYTES = re.compile(_INVISIBLE)
_ALL = re.compile(f"{_INVISIBLE}|[{_BYTES}]")
_ANY = re.compile(f"[{_UNSEEN}{_JOINERS}{_COMBINING}{_BYTES}]")
"""Most texts have none of them, and one class is looked for ten times as fast as the pattern."""
_WIDE = "０-９Ａ-Ｚａ-ｚ"
# Signs are full-width in Chinese as well: they count only beside full-width letters and digits, those of
# Chinese punctuation only between them.
_ANY_WIDE = re.compile(f"[{_WIDE}＠／]")
_FULLWIDTH = re.compile(
    f"[{_WIDE}＠]|(?<=[{_WIDE}])[％＋－＝＿＃＆＊／＼＄＜＞．]|[＋－＿＃＆／＄．](?=[{_WIDE}])"
    f"|(?<=[{_WIDE}])：(?=[{_WIDE}／])|(?<=[０-９])，(?=[０-９]{{3}}(?![０-９]))|(?<=[{_WIDE}])？(?=[{_WIDE}]+＝)|／(?=／)|(?<=／)／"
)


def unescape(text: str) -> tuple[str, int]:
    """The text with entities as characters, and how many; lines that speak of HTML stay."""
    if "&" not in text:
        return text, 0
    if not _LESSON.search(text):
        return _ENTITY.subn(_unescaped, text)
    lines = [(line, 0) if _LESSON.search(line) else _ENTITY.subn(_unescaped, line) for line in text.split("\n")]
    return "\n".join(line for line, _ in lines), sum(count for _, count in lines)


def _unescaped(match: re.Match[str]) -> str:
    text = match[0]
    for _ in range(6):
        text = html.unescape(text)
    return text


def show(text: str, *, keep_bytes: bool = False) -> tuple[str, int]:
    """The text without characters that nobody sees, and how many; those that may be bytes of a charset can be kept."""
    if not _ANY.search(text):
        return text, 0
    return (_BUT_BYTES if keep_bytes else _ALL).subn("", text)


def narrow(text: str) -> tuple[str, int]:
    """The text with full-width letters, digits and their signs in the usual form, and how many."""
    if not _ANY_WIDE.search(text):
        return text, 0
    return _FULLWIDTH.subn(lambda match: unicodedata.normalize("NFKC", match[0]), text)
