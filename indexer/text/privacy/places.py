"""Finds licence plates, and addresses down to the door, in a shadow."""

import re
from collections.abc import Iterable, Iterator

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of, words

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-HJ-NP-Za-hj-np-z][ ·•.\-]{0,2}"
    r"(?=(?:[A-Za-z] ?){0,2}[0-9])(?:[A-HJ-NP-Za-hj-np-z0-9] ?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9\-])"
)
_HANZI = "[一二三四五六七八九十百零〇两]{1,4}|[甲乙丙丁]"
_NUMBER = f"(?:[甲乙丙丁]?[0-9]{{1,5}}[A-Za-z]?|[A-Za-z][0-9]{{0,2}}(?![A-Za-z0-9])|{_HANZI})"
_ROOM = "(?:[0-9]{3,4}|[一二三四五六七八九十零〇]{3,4})(?:室|户|房|号)?(?![0-9元年])"
# What counts doors, from the block down to the room; 号 alone is also a day of the month.
_DOOR = rf"第?{_NUMBER}(?:-[0-9A-Za-z]{{1,4}}){{0,3}}\s?(?:{any_of(words().doors)}|[街巷](?=[0-9]{{1,4}}号))"
_NO_DOOR = rf"(?!{any_of(words().after_a_day)}|[,，]?[0-9]{{1,2}}[点:：时])"
_ANY_DOOR = rf"(?:{_DOOR}|第?{_NUMBER}(?:-[0-9]{{1,4}})?\s?号)"
_WING = "(?:[东西南北中左右]{1,2}(?:单元|户|门|侧|边)|附[0-9]{1,3}号|之[0-9一二三四五六七八九十]{1,2})"
_LAST = rf"(?:[0-9]{{1,2}}-[0-9]{{1,4}}|{_ROOM})?(?:-[0-9]{{1,4}}){{0,2}}(?:[左右东西]手?边|[左右]户)?"
_DOORS = rf"(?:(?:{_ANY_DOOR}|{_WING})\s?){{0,6}}{_LAST}"
_DASHED = "(?:[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,4}|[0-9]{1,3}-[0-9]{2,4})(?![0-9])"
# A place's name stops at what may stand before it.
_STOPS = (
    "(?<!城)市|(?<!小)镇|[省区县乡在住到去来址是为从了至与你我他她的往把将路号这那哪条每]"
    "|(?<![祥永仁义泰安雍嘉协中顺人太])和(?![平谐睦美顺兴])|于(?!家)"
)
_NAME = rf"(?:(?!{_STOPS})[{CJK}]){{1,6}}"
_TOWN = rf"(?:{_NAME}(?:街道|镇|乡))?"
_STREET = rf"{_NAME}(?:路|大道|街|巷|胡同)(?:[东西南北中]?[一二三四五六]?段|[东西南北中])?"
_PART = "[一二三四五六七八九十0-9]{1,3}街区|[东西南北中甲乙丙丁A-Za-z一二三四五六七八九十0-9]{1,2}区|[东西南北]|区"
_SECTION = f"(?:[一二三四五六七八九0-9]期)?(?:{_PART})?"
_ESTATE_NAME = rf"{_NAME}{any_of(words().estates)}{_SECTION}"
_APART = r"(?![0-9元年块点:人次]|[.,][0-9])"
_ROAD = re.compile(
    rf"{_TOWN}{_STREET}\s?(?:{_NUMBER}(?:-[0-9]{{1,4}})?\s?(?:号|弄)(?!线|文|令|公告|召|码)"
    rf"(?:(?:附{_NUMBER}号)?(?:[{CJK} ]{{0,12}}?(?:{_DOOR}\s?{_DOORS}|{_DASHED})|{_NAME}[0-9]{{3,4}}[室房]?{_APART})"
    rf"|\s?{_DOORS})|{_DOOR}\s?{_DOORS})"
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
    rf"(?:第?{_NUMBER}[组队社委排]\s?(?:{_ANY_DOOR}){{0,3}}|(?:[东西南北中上下]{{1,2}}区)?{_NUMBER}号{_NO_DOOR}|(?<=[组队屯]){_NUMBER}(?:号|户))"
)
_BLOCKS = "(?:号楼|栋|幢|座|单元)"
# Any name goes where what follows it leaves no doubt: 晒光坪45号附8号6-2, 西二坊37号604, 翡翠滨江T3-2201, 东风二村17-6.
_DOUBTLESS = "|".join(
    (
        rf"{_NUMBER}\s?号\s?(?:附{_NUMBER}号|{_DASHED}|{_NUMBER}{_BLOCKS})\s?{_DOORS}",
        rf"(?<=[坊里村巷街路弄院庄条园苑桥])[0-9]{{1,4}}号\s?[0-9]{{3,4}}[室房]?{_APART}",
        r"(?:[A-Z][0-9]{0,2}|[0-9]{1,2}#)[0-9]?-[0-9]{3,4}(?![0-9])",
        r"(?<=[村区苑园])[0-9]{1,3}-[0-9]{1,4}(?![0-9\-])",
        rf"[0-9]{{1,3}}街坊{_DOOR}\s?{_DOORS}",
    )
)
_SURE = re.compile(
    rf"{_NAME}(?<![月第])(?:{_DOUBTLESS})|(?<=门牌)号?[:：]?{_NUMBER}号"
    rf"|{_NUMBER}(?:单元|门)\s?(?:{_NUMBER}[楼层]\s?)?[0-9]{{3,4}}[室房]?{_APART}"
)
# A block where somebody is: 租在下沙八坊22栋.
_BLOCK = re.compile(rf"(?<=[住在到送寄租贴区县市镇道址：:回])(?:{_NAME}){{1,2}}{_NUMBER}(?:栋|幢|号楼|座)\s?{_DOORS}")
# What a village is made of: 川洞村大寨组, 刘寨村西刘营12户, 孙家沟村第二小队, 后厝32号.
_GROUP = rf"(?<=[村会乡镇]){_NAME}(?<![作案查导专小察项改领工维])(?:组|小队|生产队)"
_HAMLET = re.compile(
    rf"{_NAME}(?:村民委员会|村委会|居委会|村|街道|镇|乡|社区)(?![里上])"
    rf"(?:{_NAME}{_NUMBER}户|(?:{_NAME})??(?:第?{_NUMBER}(?:村民小组|小队|生产队|[组社排队])|{_GROUP}"
    rf"|(?<=[厝营庄屯湾冲坪坡岭沟垭头口寨堡组队坊桥塘坝洼垸岗店]){_NUMBER}[号户]{_NO_DOOR}))(?:\s?{_NUMBER}[号户排])?"
)
# Where a door may be: the patterns look only around it.
_COUNTS = re.compile(
    rf"{_NUMBER}\s?(?:{any_of(words().doors)}|号|#)|[0-9A-Z#][0-9]?-[0-9]"
    rf"|[村会乡镇][{CJK}]{{1,8}}?(?:[组队屯]|[0-9一二三四五六七八九十][号户])"
)
_WINDOW = (32, 48)
_BODIES = re.compile(any_of(words().bodies))
_HEADED = re.compile(rf"{any_of(words().bodies)}[,:( ](?:(?:办公|公司|注册|单位|联系)?地址[: ]?)?[{CJK}]{{0,12}}$")
_SEAT = re.compile(rf"[（(,，]?[{CJK}]{{2,14}}总部")
_HOMES = re.compile(any_of(words().homes))
# What a finder left of the same address before what it found, back to the town or district: 顺和, 开运街与, 江宁镇河.
_LEFT = re.compile(
    rf"(?:(?<=[区县市镇乡旗])|(?<=街道))(?!{_STOPS})(?:(?!{_STOPS})[{CJK}]){{1,4}}$"
    rf"|(?:{_NAME}(?:街道|镇|乡|村委会|村|路|街|大道|社区)(?:[与和])?(?:{_NAME}(?:路|街)(?:交汇处?|交叉口|旁|附近)?)?)$"
    rf"|(?<=[住在到送寄址租])\s?(?:(?!{_STOPS})[{CJK}]){{2,8}}\s$"
)
_PATTERNS = (_ROAD, _ESTATE, _VILLAGE, _FLAT, _SURE, _BLOCK, _HAMLET)


def plates(shadow: Shadow) -> Iterator[Found]:
    for match in _PLATE.finditer(shadow.plain):
        if re.search("[0-9]", match[0][2:]):
            yield Found(*match.span(), "plate")


def addresses(shadow: Shadow) -> Iterator[Found]:
    """Doors of people; those of public bodies and companies stay."""
    plain = shadow.plain
    spans = [
        match.span()
        for start, end in _joined((it.start() - _WINDOW[0], it.end() + _WINDOW[1]) for it in _COUNTS.finditer(plain))
        for pattern in _PATTERNS
        for match in pattern.finditer(plain, max(0, start), end)
    ]
    at = 0
    for start, end in _joined(spans):
        if not _of_a_body(plain, start, end):
            left = _LEFT.search(plain, max(at, start - 16), start)
            yield Found(left.start() if left else start, end, "address")
        at = end


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that overlap or touch as one."""
    whole = (0, 0)
    for start, end in sorted(spans):
        if whole[1] and start <= whole[1]:
            whole = (whole[0], max(whole[1], end))
            continue
        if whole[1]:
            yield whole
        whole = (start, end)
    if whole[1]:
        yield whole


def _of_a_body(plain: str, start: int, end: int) -> bool:
    before = re.split("[。！？；\n，,]", plain[max(0, start - 30) : start])[-1]
    after = re.split("[。！？；\n，,]", plain[end : end + 14])[0]
    return not _HOMES.search(before) and bool(
        _HEADED.search(plain, max(0, start - 30), start)
        or _BODIES.search(before)
        or _BODIES.search(after)
        or _SEAT.match(plain, end)
    )
