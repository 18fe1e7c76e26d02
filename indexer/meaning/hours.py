"""Clock times in Chinese text, and whether they lie outside of the hours in which collection is permitted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.text.sentences import Span

_NUMBER = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_EARLY = (
    "次日",
    "第二天",
    "翌日",
    "隔天",
    "凌晨",
    "清晨",
    "早晨",
    "清早",
    "早上",
    "今早",
    "明早",
    "今晨",
    "上午",
    "早",
)
_NOON = ("中午", "下午")
_LATE = ("傍晚", "晚上", "今晚", "昨晚", "当晚", "每晚", "夜里", "夜间", "半夜", "深夜", "午夜", "晚", "夜")
_PARTS = sorted((*_EARLY, *_NOON, *_LATE), key=len, reverse=True)
_HOUR = r"\d{1,2}|二?十[一二三四五六七八九]?|[一二两三四五六七八九]|零"
_CLOCK = re.compile(
    rf"(?<![\d.:：/\-])(?P<hour>{_HOUR})(?:[:：](?P<minute>[0-5]\d)(?![\d:：%])|[点时](?!候|间|刻|常|时|代|期|效|段)"
    rf"(?:钟|整)?(?P<spoken>半|[0-5]?\d分?|[二三四五]?十?[一二三四五六七八九十]分?|多|来)?)"
    rf"(?P<side>以?[前后]|之[前后]|左右)?"
)
_NEARLY = ("快", "将近", "差不多", "已经", "都", "已")
_TO = re.compile(r"(?:至|到|\-|—|~|～)$")
_DAY = 24 * 60


class Hours(NamedTuple):
    """From when until when collection is permitted, in minutes of the day."""

    begin: int
    end: int


def outside(text: str, hours: Hours) -> Iterator[Span]:
    """Places of `text` that name a time at which collection isn't permitted."""
    for match in _CLOCK.finditer(text):
        begin = match.start()
        begin -= next((len(word) for word in _NEARLY if text.endswith(word, 0, begin)), 0)
        part = next((word for word in _PARTS if text.endswith(word, 0, begin)), "")
        begin -= len(part)
        minute = _minute(match, part)
        if minute is None:
            continue
        side = (match["side"] or "")[-1:]
        if side == "前" or _TO.search(text, max(0, begin - 6), begin):
            minute -= 1  # a span of time that ends then
        elif side == "后" and minute >= 20 * 60:
            minute = max(minute, hours.end)  # open towards the night
        if not hours.begin <= minute < hours.end:
            yield Span(begin, match.end())


def _minute(match: re.Match[str], part: str) -> int | None:
    """Minute of the day; None where the text doesn't tell morning from evening, or names no time of day."""
    hour = _value(match["hour"])
    if hour > 24:
        return None
    written = match["minute"] or ""
    if not part and not written and 1 <= hour <= 11:
        return None
    spoken = match["spoken"] or ""
    minute = int(written) if written else 30 if spoken == "半" else _value(spoken.removesuffix("分"))
    if (part in _LATE and 5 <= hour <= 11) or (hour == 12 and part in (*_LATE, "凌晨")) or (part in _NOON and hour < 6):
        hour += 12
    return (60 * hour + min(minute, 59)) % _DAY


def _value(number: str) -> int:
    """The value of digits or of Chinese numerals below 100; 0 where there are none."""
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    return (10 * _NUMBER.get(tens, 1) if ten else 0) + _NUMBER.get(ones, 0)
