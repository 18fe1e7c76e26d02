"""Finds licence plates, and addresses down to the door, in a shadow."""

import re
from collections.abc import Iterator

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of, words

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•.\-]?"
    r"(?=[A-Za-z]{0,2}[0-9])[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9\-])"
)
_NUMBER = "[0-9A-Za-z一二三四五六七八九十百]{1,5}"
_INNER = rf"(?:(?:{_NUMBER}(?:-[0-9]{{1,4}})?\s?(?:号楼|号院|栋|幢|座|单元|楼|层|室|户|房|弄|号))|-[0-9]{{1,5}})"
# A road's name stops at what may stand before it.
_NAME = rf"(?:(?![省市区县镇乡在住到去来址是为从了至和与你我他她村的到往把将路号])[{CJK}]){{1,6}}"
_ROAD = re.compile(
    rf"{_NAME}(?:路|街|大道|巷|胡同|弄|大街|里)(?:[东西南北中]段?)?\s?{_NUMBER}(?:-[0-9]{{1,4}})?(?:号|弄)(?!线|文|令|公告|召|码|[0-9])"
    rf"(?:[{CJK}]{{0,8}}?{_INNER}(?:\s?{_INNER}){{0,5}}(?:[0-9]{{3,4}}(?![0-9元年]))?)?"
)
_ESTATE = re.compile(
    rf"{_NAME}(?:小区|花园|家园|苑|公寓|新村|社区|城|湾|府|里|庭|园)(?:[一二三四五六七八九0-9]期)?[东西南北]?区?\s?"
    rf"{_NUMBER}\s?(?:号楼|栋|幢|座|号)(?:\s?{_INNER}){{0,4}}(?:\s?-?[0-9]{{3,4}}(?![0-9元年]))?"
)
_FLAT = re.compile(
    rf"{_NUMBER}(?:号楼|栋|幢|座)\s?(?:[0-9一二三四五六七八九十]{{1,2}}(?:单元|门)\s?)?[0-9]{{3,4}}(?:室|号|房|户)?(?![0-9元年])"
)
_VILLAGE = re.compile(
    rf"{_NAME}(?:村|屯|庄|寨)(?:民?委会)?(?:[{CJK}]{{1,4}}[组队])?(?:{_NUMBER}[组队社])?{_NUMBER}(?:号|户)(?!线|文|令|码)"
)
_BODIES = re.compile(any_of(words().bodies))
_HOMES = re.compile(any_of(words().homes))


def plates(shadow: Shadow) -> Iterator[Found]:
    for match in _PLATE.finditer(shadow.plain):
        if re.search("[0-9]", match[0][2:]):
            yield Found(*match.span(), "plate")


def addresses(shadow: Shadow) -> Iterator[Found]:
    """Doors of people; those of public bodies and companies stay."""
    for pattern in (_ROAD, _ESTATE, _VILLAGE, _FLAT):
        for match in pattern.finditer(shadow.plain):
            if not _of_a_body(shadow.plain, match.start(), match.end()):
                yield Found(*match.span(), "address")


def _of_a_body(plain: str, start: int, end: int) -> bool:
    before = re.split("[。！？；\n，,]", plain[max(0, start - 30) : start])[-1]
    after = re.split("[。！？；\n，,]", plain[end : end + 14])[0]
    return not _HOMES.search(before) and bool(_BODIES.search(before) or _BODIES.search(after))
