"""Finds licence plates, and addresses down to the door, in a shadow."""

import re
from collections.abc import Iterator

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of, words

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-HJ-NP-Za-hj-np-z][ ·•.\-]{0,2}"
    r"(?=(?:[A-Za-z] ?){0,2}[0-9])(?:[A-HJ-NP-Za-hj-np-z0-9] ?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9\-])"
)
_NUMBER = "(?:[甲乙丙丁]?[0-9]{1,5}[A-Za-z]?|[A-Za-z](?![A-Za-z])|[一二三四五六七八九十百零〇两]{1,4}|[甲乙丙丁])"
_ROOM = "(?:[0-9]{3,4}|[一二三四五六七八九十零〇]{3,4})(?:室|户|房|号)?(?![0-9元年])"
# What counts doors, from the block down to the room; 号 alone is also a day of the month.
_DOOR = rf"第?{_NUMBER}(?:-[0-9A-Za-z]{{1,4}}){{0,3}}\s?{any_of(words().doors)}"
_NO_DOOR = rf"(?!{any_of(words().after_a_day)}|[,，]?[0-9]{{1,2}}[点:：时])"
_ANY_DOOR = rf"(?:{_DOOR}|第?{_NUMBER}(?:-[0-9]{{1,4}})?号)"
_WING = "(?:[东西南北中左右]{1,2}(?:单元|户|门|侧|边)|附[0-9]{1,3}号|之[0-9一二三四五六七八九十]{1,2})"
_LAST = rf"(?:[0-9]{{1,2}}-[0-9]{{1,4}}|{_ROOM})?(?:-[0-9]{{1,4}}){{0,2}}(?:[左右东西]手?边|[左右]户)?"
_DOORS = rf"(?:(?:{_ANY_DOOR}|{_WING})\s?){{0,6}}{_LAST}"
_DASHED = "(?:[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,4}|[0-9]{1,3}-[0-9]{2,4})(?![0-9])"
# A place's name stops at what may stand before it.
_STOPS = (
    "(?<!城)市|(?<!小)镇|[省区县乡在住到去来址是为从了至与你我他她的往把将路号这那哪条每]|和(?![平谐睦美顺兴])|于(?!家)"
)
_NAME = rf"(?:(?!{_STOPS})[{CJK}]){{1,6}}"
_TOWN = rf"(?:{_NAME}(?:街道|镇|乡))?"
_STREET = rf"{_NAME}(?:路|大道|街|巷|胡同)(?:[东西南北中]?[一二三四五六]?段|[东西南北中])?"
_PART = "[一二三四五六七八九十0-9]{1,3}街区|[东西南北中甲乙丙丁A-Za-z一二三四0-9]{1,2}区|[东西南北]|区"
_SECTION = f"(?:[一二三四五六七八九0-9]期)?(?:{_PART})?"
_ESTATE_NAME = rf"{_NAME}{any_of(words().estates)}{_SECTION}"
_ROAD = re.compile(
    rf"{_TOWN}{_STREET}\s?(?:{_NUMBER}(?:-[0-9]{{1,4}})?(?:号|弄)(?!线|文|令|公告|召|码)"
    rf"(?:[{CJK}]{{0,10}}?(?:{_DOOR}\s?{_DOORS}|{_DASHED})|\s?{_DOORS})|{_DOOR}\s?{_DOORS})"
)
_ESTATE = re.compile(
    rf"{_TOWN}(?:{_STREET})?{_ESTATE_NAME}\s?(?:{_DOOR}\s?{_DOORS}|{_NUMBER}号{_ANY_DOOR}\s?{_DOORS}"
    rf"|{_NUMBER}号{_NO_DOOR}|{_DASHED})"
)
# A block with a room, and the name before it, which ends like no other place (宏发上域3栋1904).
_FLAT = re.compile(
    rf"(?:(?<![{CJK}])|(?<=[家住在到址区县市镇乡路街号]))(?:{_STREET})?(?:{_NAME})?{_NUMBER}(?:号楼|栋|幢|座|#)\s?"
    rf"(?:{_NUMBER}(?:座|单元|门|梯)\s?|{_WING})?(?:{_NUMBER}[楼层]\s?)?{_ROOM}"
    rf"|{_NUMBER}(?:号楼|栋|幢|座)\s?(?:{_NUMBER}(?:单元|门)\s?)?(?:{_NUMBER}[楼层]\s?)?{_ROOM}"
)
_VILLAGE = re.compile(
    rf"{_TOWN}(?:{_NAME}(?:行政|自然)村)?(?:(?![全本每该各整]村){_NAME})(?:村|屯|庄|寨|生产队|大队|农场|林场|社区)(?:民?委会)?(?:[{CJK}]{{1,4}}[组队屯])?\s?"
    rf"(?:第?{_NUMBER}[组队社委排]\s?(?:{_ANY_DOOR}){{0,3}}|{_NUMBER}号{_NO_DOOR}|(?<=[组队屯]){_NUMBER}(?:号|户))"
)
_COUNTS = re.compile(rf"{_DOOR}|{_NUMBER}号|{_DASHED}")
_BODIES = re.compile(any_of(words().bodies))
_HEADED = re.compile(rf"(?:法院|检察院|派出所|管理局|监管局|总部)[,，:：(（][{CJK}]{{0,12}}$")
_SEAT = re.compile(rf"[（(,，]?[{CJK}]{{2,14}}总部")
_HOMES = re.compile(any_of(words().homes))


def plates(shadow: Shadow) -> Iterator[Found]:
    for match in _PLATE.finditer(shadow.plain):
        if re.search("[0-9]", match[0][2:]):
            yield Found(*match.span(), "plate")


def addresses(shadow: Shadow) -> Iterator[Found]:
    """Doors of people; those of public bodies and companies stay."""
    if not _COUNTS.search(shadow.plain):
        return
    for pattern in (_ROAD, _ESTATE, _VILLAGE, _FLAT):
        for match in pattern.finditer(shadow.plain):
            if not _of_a_body(shadow.plain, match.start(), match.end()):
                yield Found(*match.span(), "address")


def _of_a_body(plain: str, start: int, end: int) -> bool:
    before = re.split("[。！？；\n，,]", plain[max(0, start - 30) : start])[-1]
    after = re.split("[。！？；\n，,]", plain[end : end + 14])[0]
    return not _HOMES.search(before) and bool(
        _HEADED.search(plain, max(0, start - 30), start)
        or _BODIES.search(before)
        or _BODIES.search(after)
        or _SEAT.match(plain, end)
    )
