"""Finds identity cards, passports and bank cards in a shadow. Check digits by python-stdnum."""

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.cn import ric

from indexer.text.privacy.beside import before, counted, cue, digits, has_number, serial
from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import Shadow
from indexer.text.privacy.words import any_of, words

_STARS = re.compile(
    r"(?<![0-9A-Za-z])(?P<head>[1-9][0-9]{2,13})[ ]?(?P<stars>[*xX×●•＊#_]{3,14})[ ]?"
    r"(?P<tail>(?:[0-9]{1,4}[0-9Xx]?)?)(?![0-9A-Za-z*])"
)
_STAR = re.compile("[*xX×●•＊#_]{2}")
_STARRED_CARD = re.compile(
    r"(?<![0-9A-Za-z])[3-6][0-9]{3}(?:[ \-](?:[0-9]{2})?[*xX×●]{2,4}){1,3}[ \-][0-9]{1,4}(?:[ \-][0-9]{1,3})?"
    r"(?![0-9A-Za-z])"
)
_STARRED_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9][ \-]?[*xX×●]{4}[ \-]?[0-9]{4}(?![0-9A-Za-z])")
_ID = re.compile(r"(?<![0-9A-Za-z])[1-9](?:[ \-]?[0-9]){16}[ \-]?[0-9Xx](?![0-9A-Za-z])")
_ID_CUED = re.compile(
    rf"{any_of(words().identity)}(?:号?码?|后?[:： ]|是|为){{0,3}}"
    r"(?P<n>[1-9](?:[ \-]?[0-9]){13,16}[ \-]?[0-9Xx])(?![0-9A-Za-z])"
)
_PASS = re.compile(
    rf"{any_of(words().passes)}(?:号码?|证?件?号?|后?[:： ]|是|为){{0,3}}"
    r"(?P<n>[A-Z]{1,2}[0-9]{7,10}|[0-9]{8,18}|[0-9]{17}X)(?![0-9A-Za-z])",
    re.I,
)
_SOLDIER = re.compile(r"[军士警海空政后参联装武][字官士]?第?(?P<n>[0-9]{6,8})(?=号)")
# The last digits of an identity card: 身份证后四位1234, 身份证尾号003X.
_ID_PART = re.compile(
    rf"{any_of(words().identity)}(?:号码?|的|最)?(?:[后末尾前][0-9四五六八两]?位?数?(?:号码?|数字)?)"
    r"(?:[:： ]|是|为){0,2}(?P<n>[0-9]{3,7}[0-9Xx])(?![0-9A-Za-z*●])"
)
_MORE_PARTS = re.compile(
    r"[^卡机单\n。]{0,12}[后末前][四六八468]位数?(?:号码?)?(?:[:： ]|是|为){0,2}"
    r"(?P<n>[0-9]{3,7}[0-9Xx])(?![0-9A-Za-z*●])"
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
_UNION_PAY = re.compile("(?<![0-9A-Za-z.])62(?:[0-9]{14}|[0-9]{17})(?![0-9A-Za-z.])")
_CARD_BEGIN = re.compile("62|4|5[1-5]|3[4-7]|9[0-9]{4}8|60|68|69")


def identity_cards(shadow: Shadow) -> Iterator[Found]:
    """By cue, by check digit, or by province and birthday: people mistype, or invent, the check digit."""
    for text in filter(None, (shadow.plain, shadow.spelled)):
        for match in _ID.finditer(text):
            number = digits(match[0]).upper()
            if not (_PROVINCE.match(number) and _BIRTH.fullmatch(number[6:14])):
                continue
            if ric.calc_check_digit(number) == number[-1] or not serial(shadow, match.start()):
                yield Found(*match.span(), "id_card")
    for match in _ID_CUED.finditer(shadow.plain):
        if len(digits(match["n"])) in (15, 17, 18):
            yield Found(*match.span("n"), "id_card")
    for pattern in (_PASS, _ID_PART, _SOLDIER):
        for match in pattern.finditer(shadow.plain):
            yield Found(*match.span("n"), "id_card")
            if pattern is _ID_PART and (more := _MORE_PARTS.match(shadow.plain, match.end())):
                yield Found(*more.span("n"), "id_card")
    for match in _OLD_ID.finditer(shadow.plain):
        number = match[0]
        if _PROVINCE.match(number) and _BIRTH.fullmatch(number[6:12]) and not serial(shadow, match.start()):
            yield Found(*match.span(), "id_card")


def starred(shadow: Shadow) -> Iterator[Found]:
    """Numbers with stars in the middle: 3201**********1234."""
    if not _STAR.search(shadow.plain):
        return
    for match in _STARS.finditer(shadow.plain):
        head, length = match["head"], len(match["head"] + match["stars"] + match["tail"])
        beside = before(shadow, match.start())
        if cue("serial").search(beside):
            continue
        if cue("identity").search(beside) or (
            length in (15, 18) and _PROVINCE.match(head) and not head.startswith("62")
        ):
            yield Found(*match.span(), "id_card")
        elif re.match("1[3-9]", head) and 10 <= length <= 12:
            yield Found(*match.span(), "phone")
        elif length >= 12 and (cue("bank").search(beside) or _CARD_BEGIN.match(head)):
            yield Found(*match.span(), "bank_card")
    for match in _STARRED_CARD.finditer(shadow.plain):
        yield Found(*match.span(), "bank_card")
    for match in _STARRED_PHONE.finditer(shadow.plain):
        yield Found(*match.span(), "phone")


def bank_cards(shadow: Shadow) -> Iterator[Found]:
    if not (has_number(shadow.plain) or has_number(shadow.spelled)):
        return
    for text in filter(None, (shadow.plain, shadow.spelled)):
        for match in _CARD_CUED.finditer(text):
            if not counted(shadow, match.end()):
                yield Found(*match.span("n"), "bank_card")
    for match in _UNION_PAY.finditer(shadow.spelled):
        yield Found(*match.span(), "bank_card")
    for match in _CARD.finditer(shadow.plain):
        number = digits(match[0])
        if shadow.in_url(match.start()) or counted(shadow, match.end()):
            continue
        if cue("bank").search(before(shadow, match.start())):
            if 12 <= len(number) <= 21 and not re.fullmatch("1[0-9]{12}", number):
                yield Found(*match.span(), "bank_card")
        elif _CARD_BEGIN.match(number) and 13 <= len(number) <= 19 and not serial(shadow, match.start()):
            union_pay = len(number) in (16, 19) and number.startswith("62")
            if union_pay or not match[0].isdigit() or luhn.is_valid(number):  # groups of four say as much as a digit
                yield Found(*match.span(), "bank_card")
