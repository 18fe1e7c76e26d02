"""Times as Chinese pages write them: full, without a year, or counted back from when the page was fetched."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

EARLIEST = 1995
"""Year before which nothing was published on the web."""
AHEAD = timedelta(days=1)
"""How far ahead of the fetch a time may lie (clocks, zones); what lies further is no time of publication."""

_CLOCK = (
    r"(?:\s*(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|晚|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:时点]\s*(?P<minute>\d{1,2})?\s*(?:[:分]\s*(?P<second>\d{1,2})?(?:\.\d+)?\s*秒?)?))?"
    r"\s*(?P<pm>AM|PM)?"
)
_WEEKDAY = r"(?:\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?)?"
_DATE = re.compile(
    rf"(?:(?P<year>\d{{4}})\s*[-/.年]\s*|(?P<short>\d{{2}})[-/.年](?=\d{{1,2}}[-/.月]\d))?"
    rf"(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号]?{_WEEKDAY}[T,]?{_CLOCK}",
    re.I,
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
)
_DAY = re.compile(rf"(?P<name>今天|今日|昨天|昨日|前天|前日){_CLOCK}", re.I)
_CLOCK_ONLY = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
_AGO = re.compile(
    r"(?P<count>\d{1,4}|[一二两三四五六七八九十半]|几)\s*个?(?P<unit>秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜|月|年)之?[前]"
)
_JUST = re.compile("刚刚|刚才|just now")
_DAY_IN_URL = re.compile(
    r"/(20[0-3]\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|[/_-][a-z]{1,3}(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_BEFORE = re.compile(
    r"^(?:(?:发布|发表|更新|创建|投诉|提交|编辑|首发|回复)(?:时间|日期|于|在)?|于|时间|日期|posted(?: on)?)\s*[:]?\s*",
    re.I,
)
_BEHIND = re.compile(r"\s*(?:发布|发表|更新|回复|投诉|编辑过?|\(?北京时间\)?)$")

_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九十")} | {"两": 2, "几": 3, "半": 0.5}
_DAYS_BACK = {"今": 0, "昨": 1, "前": 2}
_UNITS = {"秒": 1, "分": 60, "小": 3600, "钟": 3600, "天": 86400, "日": 86400, "周": 604800, "星": 604800, "礼": 604800}
_UNITS |= {"月": 30 * 86400, "年": 365 * 86400}


def parse_time(text: str, *, timezone: str, now: datetime) -> datetime | None:
    """The moment (UTC) that `text` names, if it names one and nothing else; None otherwise.

    Understood are ISO 8601, RFC 5322 (feeds), Unix seconds and milliseconds, 2024年10月3日 下午3:05, 10-03 (the last
    one that is past), 昨天 12:30, 3小时前, 刚刚. Times without an offset are meant in the IANA zone `timezone`; `now`
    (aware) is when the page was fetched. A moment later than a day ahead of that or before 1995 is none.
    """
    written = _bare(text)
    if not written or len(written) > 60:
        return None
    zone = ZoneInfo(timezone)
    try:
        found = (
            _standard(written, zone) or _ago(written, now) or _recent(written, zone, now) or _date(written, zone, now)
        )
        plausible = found is not None and found.year >= EARLIEST and found <= now + AHEAD
        return found.astimezone(UTC) if found is not None and plausible else None
    except (ValueError, OverflowError):
        return None


def day_in_url(url: str, *, timezone: str, now: datetime) -> datetime | None:
    """The beginning of the day that an address on the web names: /2026/10/03/, /20261003/, t20261003_1.html."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0] if url.startswith("http") else ""
    match = _DAY_IN_URL.search(f"/{path}")
    return parse_time("-".join(filter(None, match.groups())), timezone=timezone, now=now) if match else None


def is_counted_back(text: str) -> bool:
    """Whether a time is said as how long ago it was, as 3小时前 and 刚刚 are."""
    written = _bare(text)
    return bool(_JUST.fullmatch(written) or _AGO.fullmatch(written))


def _bare(text: str) -> str:
    written = unicodedata.normalize("NFKC", text[:200]).strip(" \t\n|·-—[]【】»")
    return _BEHIND.sub("", _BEFORE.sub("", written)).strip()


def _standard(written: str, zone: tzinfo) -> datetime | None:
    """ISO 8601 with a time, RFC 5322, or Unix time."""
    if _EPOCH.fullmatch(written):
        return datetime.fromtimestamp(int(written[:10]), UTC)
    try:
        if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d", written):
            return _in(datetime.fromisoformat(written), zone)
        if re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}", written):
            return datetime.strptime(written, "%a %b %d %H:%M:%S %z %Y")
        if re.match(r"(?:[A-Za-z]{3,9},?\s)?\s*\d{1,2}\s[A-Za-z]{3}", written):
            return _in(parsedate_to_datetime(written), zone)
    except ValueError:
        pass
    return None


def _ago(written: str, now: datetime) -> datetime | None:
    if _JUST.fullmatch(written):
        return now
    if not (match := _AGO.fullmatch(written)):
        return None
    count = float(match["count"]) if match["count"].isdigit() else _NUMERALS[match["count"]]
    return now - timedelta(seconds=count * _UNITS[match["unit"][0]])


def _recent(written: str, zone: tzinfo, now: datetime) -> datetime | None:
    """昨天 12:30, or a bare 12:30, which is today's, or yesterday's where today's is still to come."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if match := _DAY.fullmatch(written):
        return _at(today - timedelta(days=_DAYS_BACK[match["name"][0]]), match)
    if match := _CLOCK_ONLY.fullmatch(written):
        hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        moment = today.replace(hour=hour, minute=minute, second=second)
        return moment if moment <= now else moment - timedelta(days=1)
    return None


def _date(written: str, zone: tzinfo, now: datetime) -> datetime | None:
    if match := _COMPACT.fullmatch(written):
        parts = [int(part) for part in match.groups() if part]
        return datetime(*parts, tzinfo=zone)  # type: ignore[misc,arg-type]
    if not (match := _DATE.fullmatch(written)):
        return None
    month, day = int(match["month"]), int(match["day"])
    if match["year"] or match["short"]:
        year = int(match["year"] or 2000 + int(match["short"]))
        return _at(datetime(year, month, day, tzinfo=zone), match)
    if "." in written and not match["hour"]:
        return None  # 10.3 is a number
    year = now.astimezone(zone).year
    for candidate in (year, year - 1, year - 2, year - 3):  # 02-29 may lie years back
        try:
            moment = _at(datetime(candidate, month, day, tzinfo=zone), match)
        except ValueError:
            continue
        if moment <= now + AHEAD:
            return moment
    return None


def _at(day: datetime, clock: re.Match[str]) -> datetime:
    """That day, at the time that a match of _CLOCK says."""
    if not clock["hour"]:
        return day
    hour = int(clock["hour"])
    half = (clock["half"] or clock["pm"] or "").upper()
    if hour < (3 if half == "中午" else 12) and half in ("中午", "下午", "傍晚", "晚上", "晚", "PM"):
        hour += 12
    elif half in ("凌晨", "AM") and hour == 12:
        hour = 0
    return day.replace(hour=hour, minute=int(clock["minute"] or 0), second=int(clock["second"] or 0))


def _in(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
