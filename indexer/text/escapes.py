"""Characters that are shown as addresses, JSON, JavaScript or mails write them: %E5%82%AC, \\u50ac, %u50ac, =E5=82=AC.

Addresses stay as they are, and so do code and what stands alone: an escape in quotation marks, or a single one.
"""

import re
from collections.abc import Callable

FEWEST = 8
"""Escapes in a row that are no code even behind a quotation mark."""

_PERCENT = re.compile("%[89A-F][0-9A-F](?:%[0-9A-F]{2})+", re.IGNORECASE)
_MAIL = re.compile("=E[2-9](?:=[89AB][0-9A-F]){2}(?:=[0-9A-F]{2}|=\r?\n)*")
_SCRIPT = re.compile(r"(?:(?:\\{1,4}|%)u[0-9a-f]{4})+", re.IGNORECASE)
_BARE = re.compile("(?:u(?:[4-9][0-9a-f]{3}|ff[0-5][0-9a-f]|30[01][0-9a-f]|20[12][0-9a-f])){3,}")
_OF_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")
_CODE = re.compile("u([0-9a-f]{4})", re.IGNORECASE)
_ESCAPE = re.compile("%[0-9A-F]{2}", re.IGNORECASE)
_BEFORE = re.compile(r"[!-~]*\Z")
_OF_ADDRESS = re.compile("[/?=&#@]|www[.]", re.IGNORECASE)
_QUOTES = "\"'`=[|"
_CHINESE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uff5e]")
_STRANGE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\u024f\ue000-\uf8ff\ufffd]")


def decode(text: str) -> tuple[str, int]:
    """The text with such stretches as what they stand for, and how many there were."""
    count = 0
    for sign, pattern, read in _KINDS:
        if sign in text:
            text, found = _decoded(text, pattern, read)
            count += found
    if _BARE.search(text):
        text, found = _decoded(text, _BARE, _script)
        count += found
    return text, count


def read_json(text: str) -> str:
    """The text with each escape of JSON as its character, wherever it stands."""
    return _OF_JSON.sub(lambda it: chr(int(it[1], 16)), text)


def _decoded(text: str, pattern: re.Pattern[str], read: Callable[[str], str]) -> tuple[str, int]:
    pieces, done, count = [], 0, 0
    for match in pattern.finditer(text):
        shown = read(match[0])
        if len(shown) < 2 or not _CHINESE.search(shown) or _STRANGE.search(shown) or _is_meant(text, match, len(shown)):
            continue
        pieces += [text[done : match.start()], shown]
        done, count = match.end(), count + 1
    return "".join([*pieces, text[done:]]), count


def _is_meant(text: str, match: re.Match[str], size: int) -> bool:
    """Whether the stretch is part of an address, or of code."""
    at = match.start()
    if match[0][0] == "%" and match[0][1] not in "uU":
        before = _BEFORE.search(text, max(0, at - 300), at)
        return bool(before and _OF_ADDRESS.search(_ESCAPE.split(before[0])[0]))
    return match[0][0] != "=" and text[at - 1 : at] in _QUOTES and at > 0 and size < FEWEST


def _address(shown: str) -> str:
    return _bytes(shown[1:].split("%"), "utf-8") or _bytes(shown[1:].split("%"), "gb18030")


def _mail(shown: str) -> str:
    return _bytes(re.sub("=\r?\n", "", shown)[1:].split("="), "utf-8")


def _bytes(digits: list[str], charset: str) -> str:
    try:
        return bytes.fromhex("".join(digits)).decode(charset)
    except UnicodeDecodeError:
        return ""


def _script(shown: str) -> str:
    """UTF-16, of which emoji take two."""
    return bytes.fromhex("".join(_CODE.findall(shown))).decode("utf-16-be", "replace")


_KINDS = (("%", _PERCENT, _address), ("=E", _MAIL, _mail), ("\\u", _SCRIPT, _script), ("%u", _SCRIPT, _script))
