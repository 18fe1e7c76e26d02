"""Characters in another form than the usual one: entities, invisible and full-width ones, radicals, blanks between."""

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
# Chinese characters and punctuation without the semicolon; and what is left of an entity where a text was cut.
_OPEN_NUMBER = (
    "#(?:199[6-9]\\d|[2-4]\\d{4}|82[12]\\d|8230|65[0-5]\\d\\d|122[89]\\d)(?![\\d;\u00ad])"
    "|#x(?:[4-9][0-9a-f]{3}|20[12][0-9a-f]|30[01][0-9a-f]|ff[0-5][0-9a-f])(?![0-9a-f;\u00ad])"
    "|(?:nbsp|ldquo|rdquo|mdash|hellip|middot)(?![a-z0-9;=\u00ad])"
)
_CUT = re.compile(r"&(?:amp;)?(?:#\d{1,4}|#x[0-9a-f]{1,3}|nb|nbs|[lr]dq|[lr]dqu|hell|helli|mdas|amp)\Z", re.IGNORECASE)
_ENTITY = re.compile(
    rf"&(?:amp;){{0,4}}(?:(?:{_NAMES});|{_NUMBER}|{_OPEN_NUMBER})|&(?:amp;){{1,4}}(?:lt|gt|amp);",
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
_COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
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

_RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_RADICALS |= dict(
    zip(
        "⺁⺓⺟⺠⺷⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "厂幺母民羊月虎西见角贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_SMALL_FORMS = dict(
    zip(
        "﹐︐﹑︑﹔︔﹕︓﹖︖﹗︕﹙︵﹚︶︽︾︻︼﹁﹂﹃﹄",
        "，，、、；；：：？？！！（（））《》【】「」『』",
        strict=True,
    )
)
_RADICAL = re.compile(f"[{''.join(_RADICALS)}]")
_SMALL = re.compile(
    f"(?<=[{_HAN}“”])[{(forms := ''.join(_SMALL_FORMS))}]|[{forms}](?=[{_HAN}“”])|(?<=[{_HAN}][{forms}])[{forms}]"
)
_UNUSUAL = re.compile("[\u2e80-\u2fdf\ufe10-\ufe19\ufe30-\ufe6b]")
_CHINESE = re.compile(f"[{_HAN}]")
_SPACED = re.compile("(?:[\u4e00-\u9fff，。、；：？！] ){7,}[\u4e00-\u9fff，。、；：？！]")
_BETWEEN = re.compile("(?<=[\u4e00-\u9fff，。、；：？！]) (?=[\u4e00-\u9fff，。、；：？！])")
_EVERYWHERE = "，。！？的了是不我在有他这你们就也都被要说"


def unescape(text: str) -> tuple[str, int]:
    """The text with entities as characters, and how many; lines that speak of HTML stay."""
    if "&" not in text:
        return text, 0
    if not _LESSON.search(text):
        text, cut = _CUT.subn("", text)
        text, count = _ENTITY.subn(_unescaped, text)
        return text, count + cut
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


def usual(text: str) -> tuple[str, int]:
    """The text with the characters and punctuation of Chinese in their usual form, and how many had another.

    PDFs have radicals for the characters that look like them, Big5 small and vertical forms of punctuation. A line of
    radicals speaks of radicals, and signs that touch no Chinese character are a face.
    """
    if not _UNUSUAL.search(text):
        return text, 0
    count = 0
    lines = []
    for line in text.split("\n"):
        radicals = len(_RADICAL.findall(line))
        if radicals and radicals <= len(_CHINESE.findall(line)):
            line, found = _RADICAL.sub(lambda match: _RADICALS[match[0]], line), radicals
            count += found
        line, found = _SMALL.subn(lambda match: _SMALL_FORMS[match[0]], line)
        count += found
        lines.append(line)
    return "\n".join(lines), count


def close_up(text: str) -> tuple[str, int]:
    """The text without the blanks of lines that have one behind every character, and how many such stretches.

    A list of characters has such blanks as well: a line counts with a stretch that says something.
    """
    if not _SPACED.search(text):
        return text, 0
    count = 0
    lines = []
    for line in text.split("\n"):
        found = sum(map(_says, _SPACED.findall(line)))
        lines.append(_BETWEEN.sub("", line) if found else line)
        count += found
    return "\n".join(lines), count


def _says(shown: str) -> bool:
    return sum(char in _EVERYWHERE for char in shown) * 40 >= len(shown)


def narrow(text: str) -> tuple[str, int]:
    """The text with full-width letters, digits and their signs in the usual form, and how many."""
    if not _ANY_WIDE.search(text):
        return text, 0
    return _FULLWIDTH.subn(lambda match: unicodedata.normalize("NFKC", match[0]), text)
