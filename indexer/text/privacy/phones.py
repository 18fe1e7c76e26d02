"""Finds telephone numbers in a shadow."""

import re
from collections.abc import Iterator

from indexer.text.privacy.beside import before, counted, cue, digits, has_number, serial
from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of

# Between two digits: at most three signs or two letters; never a line end, time, percent or money sign.
_SIGNS = rf"(?:[^0-9A-Za-z{CJK}\0\n\ufdd0\ufdd1:：%¥￥$=<>\[\]]{{0,3}}|[A-Za-z]{{1,2}})"
_COUNTRY = r"[(（]?(?:\+|00){}86[)）]?"
_MOBILE = re.compile(
    rf"(?<![0-9])(?:{_COUNTRY.format('?')}{_SIGNS})?(?P<n>1{_SIGNS}[3-9](?:{_SIGNS}[0-9]){{9}})(?![0-9])"
)
_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (1, 10), (3, 2, 2, 2, 2), (3, 2, 2, 4)}
_GROUPS |= {
    (2, 3, 3, 3),
    (3, 4, 2, 2),
    (3, 3, 3, 2),
    (5, 6),
    (3, 2, 3, 3),
    (2, 2, 2, 2, 2, 1),
    (1, 2, 2, 2, 2, 2),
    (1,) * 11,
}
_AREA = "0(?:10|2[0-57-9]|[3-9][0-9]{2})"
_EXTENSION = r"(?:[ \-]{0,2}(?:转|分机|ext\.?)[ :：]{0,2}[0-9]{1,6}|-[0-9]{1,4}(?![0-9\-]))?"
_LANDLINE = re.compile(
    rf"(?<![0-9.])(?:{_COUNTRY.format('')}[ \-]{{0,2}}\(?0?(?:10|2[0-57-9]|[3-9][0-9]{{2}})|\(?{_AREA})[)]?"
    rf"[ \-—–.]{{0,3}}(?:[2-9][0-9]{{2,3}}[ \-]?[0-9]{{4}})(?![0-9]){_EXTENSION}"
)
_SPACED_OUT = re.compile(r"(?<![0-9])0(?: [0-9]){2,3}[ \-—]{1,3}[2-9](?: [0-9]){6,7}(?![0-9])")
_HOTLINE = re.compile(rf"(?<![0-9.])[48] ?0 ?0(?:[ \-—–./]?[0-9]){{7}}(?![0-9]){_EXTENSION}")
_FOREIGN = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][ \-])(?:\+|00)(?:852|853|886|65|60|63|81|82|84|66|855|95|44|61|1)[ \-]{1,2}"
    r"[0-9](?:[ \-]?[0-9]){6,10}(?![0-9])"
)
_LOCAL = re.compile(
    rf"{any_of(['电话', '座机', '固话', '热线', '致电', '拨打', 'tel', '传真', '☎'])}(?:号码?|是|为|[:： .]){{0,3}}"
    rf"(?P<n>[2-9][0-9]{{2,3}}[ \-]?[0-9]{{4}})(?![0-9]){_EXTENSION}",
    re.I,
)
_LOCAL_DIALLED = re.compile(r"(?:打|拨|号码)(?:是|[:： ])?(?P<n>[2-9][0-9]{2,3}[ \-][0-9]{4})(?![0-9\-])")
_MORE_LOCAL = re.compile(r"\s?[/、,，]\s?(?P<n>[2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])")


def phones(shadow: Shadow) -> Iterator[Found]:
    """Mobiles, landlines, 400 and 800 numbers, foreign numbers."""
    if not has_number(shadow.plain):
        return
    for match in _MOBILE.finditer(shadow.plain):
        if _is_mobile(match, shadow, spelled=False):
            yield Found(*match.span(), "phone", f"phone:{digits(match['n'])}")
    for pattern in (_LANDLINE, _SPACED_OUT, _HOTLINE):
        for match in pattern.finditer(shadow.plain):
            if not (shadow.in_url(match.start()) or counted(shadow, match.end()) or serial(shadow, match.start())):
                yield Found(*match.span(), "phone", f"phone:{_national(match[0])}")
            if more := _MORE_LOCAL.match(shadow.plain, match.end()):
                yield Found(*more.span("n"), "phone", f"phone:{more['n']}")
    for match in _FOREIGN.finditer(shadow.plain):
        yield Found(*match.span(), "phone", f"phone:+{digits(match[0]).removeprefix('00')}")
    for match in (*_LOCAL.finditer(shadow.plain), *_LOCAL_DIALLED.finditer(shadow.plain)):
        if not counted(shadow, match.end()):
            yield Found(match.start("n"), match.end(), "phone", f"phone:{digits(match['n'])}")


def spelled_phones(shadow: Shadow) -> Iterator[Found]:
    """Phones with numerals in characters, O for 0 or l for 1."""
    for match in _MOBILE.finditer(shadow.spelled):
        if _is_mobile(match, shadow, spelled=True):
            yield Found(*match.span(), "phone", f"phone:{digits(match['n'])}")
    for pattern in (_LANDLINE, _HOTLINE):
        for match in pattern.finditer(shadow.spelled):
            if not (shadow.in_url(match.start()) or counted(shadow, match.end()) or serial(shadow, match.start())):
                yield Found(*match.span(), "phone", f"phone:{_national(match[0])}")


def _is_mobile(match: re.Match[str], shadow: Shadow, *, spelled: bool) -> bool:
    start, end = match.span()
    plain, number = shadow.plain, match["n"]
    if _beside_digits(plain, start, end) or counted(shadow, end) or serial(shadow, start):
        return False
    if shadow.in_url(start) and _is_page_number(plain, start, end):
        return False
    if match.start("n") > start or cue("phone").search(before(shadow, start)):
        return True
    signs = re.sub("[0-9]", "", number)
    if re.search("[A-Za-z]", signs) and re.match("[A-Za-z]", plain[max(0, start - 1) : start] + plain[end : end + 1]):
        return False
    letters = re.search("[A-Z]{2,8}$", plain[max(0, start - 8) : start])
    if letters and letters[0] not in ("QQ", "VX", "WX", "TEL"):  # BH13800012345
        return False
    groups = tuple(len(group) for group in re.split("[^0-9]+", number))
    if groups == (11,):
        return True
    if any(sign in signs for sign in "、，,/;；()"):
        return groups == (3, 4, 4)
    mixed = sum("0" <= char <= "9" for char in plain[slice(*match.span("n"))])
    between = set(re.findall("[^0-9]+", number))
    regular = len(between) == 1 and (groups[0] == 3 or not between & {" ", "  "})
    if set(signs) == {" "} and min(groups) > 1:
        return True
    return groups in _GROUPS or regular or (spelled and 0 < mixed < 11)


def _beside_digits(plain: str, start: int, end: int) -> bool:
    """Whether the number goes on: 0.13800138000, 13800138000.5."""
    return bool(
        re.search(r"[0-9][.]?$", plain[max(0, start - 2) : start]) or re.match(r"[.]?[0-9]", plain[end : end + 2])
    )


def _is_page_number(plain: str, start: int, end: int) -> bool:
    """Whether the digits in an address name a page of a site and nobody's phone."""
    before = plain[max(0, start - 20) : start]
    path = re.search(
        r"(?:/(?:view|detail|article|news|thread|complaint|status|question|answer|p|t|a|id)[/_\-]|[?&]\w{0,6}id=)$",
        before,
    )
    return bool(path) or bool(re.match(r"[./_\-]?(?:s?html?|\d)", plain[end : end + 6]))


def _national(text: str) -> str:
    """A landline's digits without country code and extension."""
    main = re.split(r"转|分机|ext|(?<=[0-9]{4})-(?=[0-9]{1,4}$)(?<=[0-9]{7}-)", text)[0]
    digits = re.sub("[^0-9]", "", main)
    if main.startswith(("+86", "0086")):
        digits = "0" + digits.removeprefix("00").removeprefix("86").removeprefix("0")
    return digits
