"""Finds telephone numbers, identity cards and bank cards in a shadow. Check digits by python-stdnum."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import luhn
from stdnum.cn import ric

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of, words

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
_HOTLINE = re.compile(rf"(?<![0-9.])[48]00(?:[ \-—–./]?[0-9]){{7}}(?![0-9]){_EXTENSION}")
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
_MORE_LOCAL = re.compile(r"\s?[/、,，]\s?(?P<n>[2-9][0-9]{6,7})(?![0-9])")
_STARS = re.compile(
    r"(?<![0-9A-Za-z])(?P<head>[1-9][0-9]{2,13})[ ]?(?P<stars>[*xX×●•＊#_]{3,14})[ ]?"
    r"(?P<tail>(?:[0-9]{1,4}[0-9Xx]?)?)(?![0-9A-Za-z*])"
)
_STARRED_CARD = re.compile(
    r"(?<![0-9A-Za-z])[3-6][0-9]{3}(?:[ \-][*xX×●]{4}){1,3}[ \-][0-9]{1,4}(?:[ \-][0-9]{1,3})?(?![0-9A-Za-z])"
)
_ID = re.compile(r"(?<![0-9A-Za-z])[1-9](?:[ \-]?[0-9]){16}[ \-]?[0-9Xx](?![0-9A-Za-z])")
_ID_CUED = re.compile(
    rf"{any_of(words().identity)}(?:号?码?|后?[:： ]|是|为){{0,3}}"
    r"(?P<n>[1-9](?:[ \-]?[0-9]){13,16}[ \-]?[0-9Xx])(?![0-9A-Za-z])"
)
_PASS = re.compile(
    rf"{any_of(words().passes)}(?:号码?|证?件?号?|后?[:： ]|是|为){{0,3}}"
    r"(?P<n>[A-Z]{1,2}[0-9]{7,10})(?![0-9A-Za-z])",
    re.I,
)
_OLD_ID = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{14}(?![0-9A-Za-z])")
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_BIRTH = re.compile("(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_CARD = re.compile(
    r"(?<![0-9A-Za-z.])(?:[0-9]{12,21}|[0-9]{4}([ \-._])[0-9]{4}\1[0-9]{4}\1[0-9]{1,4}(?:\1[0-9]{1,4})?"
    r"|[0-9]{6}[ \-][0-9]{6,13})(?![0-9A-Za-z.])"
)
_CARD_CUED = re.compile(
    rf"{any_of(words().bank)}(?:号码?|[:： ]|是|为){{0,3}}"
    r"(?P<n>[1-9](?:[ \-._]?[0-9]){14,18})(?![0-9A-Za-z])"
)
_CARD_BEGIN = re.compile("62|4|5[1-5]|3[4-7]|9[0-9]{4}8|60|68|69")


def identity_cards(shadow: Shadow) -> Iterator[Found]:
    """By cue, by check digit, or by province and birthday: people mistype, or invent, the check digit."""
    for text in filter(None, (shadow.plain, shadow.spelled)):
        for match in _ID.finditer(text):
            number = _digits(match[0]).upper()
            if not (_PROVINCE.match(number) and _BIRTH.fullmatch(number[6:14])):
                continue
            if ric.calc_check_digit(number) == number[-1] or not _serial(shadow, match.start()):
                yield Found(*match.span(), "id_card")
    for match in _ID_CUED.finditer(shadow.plain):
        if len(_digits(match["n"])) in (15, 17, 18):
            yield Found(*match.span("n"), "id_card")
    for match in _PASS.finditer(shadow.plain):
        yield Found(*match.span("n"), "id_card")
    for match in _OLD_ID.finditer(shadow.plain):
        number = match[0]
        if _PROVINCE.match(number) and _BIRTH.fullmatch(number[6:12]) and not _serial(shadow, match.start()):
            yield Found(*match.span(), "id_card")


def starred(shadow: Shadow) -> Iterator[Found]:
    """Numbers with stars in the middle: 3201**********1234."""
    for match in _STARS.finditer(shadow.plain):
        head, length = match["head"], len(match["head"] + match["stars"] + match["tail"])
        before = _before(shadow, match.start())
        if _cue("serial").search(before):
            continue
        if _cue("identity").search(before) or (
            length in (15, 18) and _PROVINCE.match(head) and not head.startswith("62")
        ):
            yield Found(*match.span(), "id_card")
        elif re.match("1[3-9]", head) and 10 <= length <= 12:
            yield Found(*match.span(), "phone")
        elif length >= 12 and (_cue("bank").search(before) or _CARD_BEGIN.match(head)):
            yield Found(*match.span(), "bank_card")
    for match in _STARRED_CARD.finditer(shadow.plain):
        yield Found(*match.span(), "bank_card")


def bank_cards(shadow: Shadow) -> Iterator[Found]:
    for text in filter(None, (shadow.plain, shadow.spelled)):
        for match in _CARD_CUED.finditer(text):
            if not _counted(shadow, match.end()):
                yield Found(*match.span("n"), "bank_card")
    for match in _CARD.finditer(shadow.plain):
        number = _digits(match[0])
        if shadow.in_url(match.start()) or _counted(shadow, match.end()):
            continue
        if _cue("bank").search(_before(shadow, match.start())):
            if 12 <= len(number) <= 21 and not re.fullmatch("1[0-9]{12}", number):
                yield Found(*match.span(), "bank_card")
        elif _CARD_BEGIN.match(number) and 13 <= len(number) <= 19 and not _serial(shadow, match.start()):
            union_pay = len(number) in (16, 19) and number.startswith("62")
            if union_pay or not match[0].isdigit() or luhn.is_valid(number):  # groups of four say as much as a digit
                yield Found(*match.span(), "bank_card")


def phones(shadow: Shadow) -> Iterator[Found]:
    """Mobiles, landlines, 400 and 800 numbers, foreign numbers."""
    for match in _MOBILE.finditer(shadow.plain):
        if _is_mobile(match, shadow, spelled=False):
            yield Found(*match.span(), "phone", f"phone:{_digits(match['n'])}")
    for pattern in (_LANDLINE, _HOTLINE):
        for match in pattern.finditer(shadow.plain):
            if not (shadow.in_url(match.start()) or _counted(shadow, match.end()) or _serial(shadow, match.start())):
                yield Found(*match.span(), "phone", f"phone:{_national(match[0])}")
            if more := _MORE_LOCAL.match(shadow.plain, match.end()):
                yield Found(*more.span("n"), "phone", f"phone:{more['n']}")
    for match in _FOREIGN.finditer(shadow.plain):
        yield Found(*match.span(), "phone", f"phone:+{_digits(match[0]).removeprefix('00')}")
    for match in (*_LOCAL.finditer(shadow.plain), *_LOCAL_DIALLED.finditer(shadow.plain)):
        if not _counted(shadow, match.end()):
            yield Found(match.start("n"), match.end(), "phone", f"phone:{_digits(match['n'])}")


def spelled_phones(shadow: Shadow) -> Iterator[Found]:
    """Phones with numerals in characters, O for 0 or l for 1."""
    for match in _MOBILE.finditer(shadow.spelled):
        if _is_mobile(match, shadow, spelled=True):
            yield Found(*match.span(), "phone", f"phone:{_digits(match['n'])}")
    for pattern in (_LANDLINE, _HOTLINE):
        for match in pattern.finditer(shadow.spelled):
            if not (shadow.in_url(match.start()) or _counted(shadow, match.end()) or _serial(shadow, match.start())):
                yield Found(*match.span(), "phone", f"phone:{_national(match[0])}")


def _is_mobile(match: re.Match[str], shadow: Shadow, *, spelled: bool) -> bool:
    start, end = match.span()
    plain, number = shadow.plain, match["n"]
    if _beside_digits(plain, start, end) or _counted(shadow, end) or _serial(shadow, start):
        return False
    if shadow.in_url(start) and _is_page_number(plain, start, end):
        return False
    if match.start("n") > start or _cue("phone").search(_before(shadow, start)):
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


def _before(shadow: Shadow, start: int) -> str:
    return shadow.plain[max(0, start - 14) : start]


@cache
def _cue(kind: str) -> re.Pattern[str]:
    """The cue shortly before a number, at the end of what stands before it."""
    return re.compile(rf"{any_of(getattr(words(), kind))}(?:号码?|[^0-9\n。；;，,！!？?\0]){{0,4}}$", re.I)


def _serial(shadow: Shadow, start: int) -> bool:
    return bool(_cue("serial").search(_before(shadow, start)))


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"\.[0-9]|\s?{any_of(set(words().units) - {'个', '名', '家', '条'})}")


def _counted(shadow: Shadow, end: int) -> bool:
    """Whether a unit follows: an amount or a count."""
    return bool(_units().match(shadow.plain, end))


def _digits(text: str) -> str:
    return re.sub("[^0-9Xx]", "", text)


def _national(text: str) -> str:
    """A landline's digits without country code and extension."""
    main = re.split(r"转|分机|ext|(?<=[0-9]{4})-(?=[0-9]{1,4}$)(?<=[0-9]{7}-)", text)[0]
    digits = re.sub("[^0-9]", "", main)
    if main.startswith(("+86", "0086")):
        digits = "0" + digits.removeprefix("00").removeprefix("86").removeprefix("0")
    return digits
