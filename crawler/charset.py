"""Bytes of a page to text, whatever its headers claim: gb2312 that is GB18030, nothing at all, or simply wrong."""

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

LOOKED_AT = 60_000
"""Bytes from which the charset is judged."""
#: The forty most frequent characters of modern Chinese in both scripts (a fifth to a quarter of any text).
COMMON = frozenset("的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你對这個們來為國說時對會還经款")
CANDIDATES = ("gb18030", "big5")
DECLARED_BONUS = 0.05
"""How much better another charset must read to be taken instead of the declared one."""
_NONE_OF_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd\ue000-\uf8ff]")
_HALF = re.compile(r"(\\\\|\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w)|\\u[dD][89a-fA-F]\w\w")
"""The escape of half a character; what is whole is in the group."""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "utf-8"}


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a page. `charset` is what the HTTP header says, if it does; a byte order mark beats it.

    Bytes that are UTF-8 are read as such whatever was declared: by chance nothing else looks like it. Otherwise the
    declared charsets and the usual Chinese ones are tried, and the one that reads most like Chinese is taken. Bytes
    that don't fit are replaced, NUL is left out. Never raises.
    """
    return _decoded(body, charset).replace("\0", "")


def _decoded(body: bytes, charset: str | None) -> str:
    marked, mark = read_bom(body)
    if marked and mark:
        return body[len(mark) :].decode(marked, "replace")
    head = body[:LOOKED_AT]
    if _is_utf8(head):
        return body.decode("utf-8", "replace")
    declared = [_wider(name) for name in (charset, html_body_declared_encoding(body)) if name]
    known = [name for name in dict.fromkeys([*declared, *CANDIDATES]) if _is_known(name)]
    best = max(known, key=lambda name: _likeness(head, name) + (DECLARED_BONUS if name in declared else 0))
    return body.decode(best, "replace")


def whole_characters(json: str) -> str:
    """The JSON with a replacement character for each half of one, which cutting a text amid an emoji leaves behind."""
    return _HALF.sub(lambda it: it[1] or r"\ufffd", json)


def is_text(body: bytes) -> bool:
    """Whether the bytes can be a page of text in some charset; pictures, archives and the like can't.

    A control character in a hundred bytes is borne with, and one in any page: servers leave a NUL behind now and then.
    """
    head = body[:LOOKED_AT]
    if read_bom(head)[0]:
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b" for byte in head)
    return controls <= max(1, len(head) // 100)


def _is_utf8(head: bytes) -> bool:
    """Whether it is UTF-8, but for a character cut at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def _wider(name: str) -> str:
    """The charset under which a page with that label is to be read (as the WHATWG Encoding Standard has it)."""
    resolved = (resolve_encoding(name) or name).lower()
    return _WIDER.get(resolved, resolved)


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return name not in ("utf-8", "cp1252") and not name.startswith("utf")


def _likeness(head: bytes, name: str) -> float:
    """How much the bytes read as Chinese in that charset: common characters, less what no text has."""
    text = head.decode(name, "replace")
    wide = sum(map("\u2e80".__lt__, text)) or 1
    return (sum(map(COMMON.__contains__, text)) - 2 * len(_NONE_OF_TEXT.findall(text))) / wide
