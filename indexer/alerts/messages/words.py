"""How the figures of a Notice are said in Chinese, in mails and in webhooks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit

from indexer.alerts.messages.notice import (
    Campaign,
    Change,
    Digest,
    Driver,
    Kind,
    Measure,
    Notice,
    Point,
    Quoted,
    Row,
    Share,
)

KIND: Mapping[Kind, str] = {
    "opened": "预警",
    "grew": "扩大",
    "eased": "回落",
    "closed": "结束",
    "escalated": "无人认领",
    "daily": "日报",
    "weekly": "周报",
    "drift": "采集异常",
    "test": "测试",
}
TONE: Mapping[Kind, str] = {"eased": "green", "closed": "green", "daily": "blue", "weekly": "blue", "drift": "amber"}
"""Colour of a kind; the others are red."""
_DRIVER = {"lender": "机构", "practice": "催收行为", "source": "来源", "story": "同一内容", "term": "用词"}
_ZONES = {"Asia/Shanghai": "北京时间"}
_BLOCKS = "▁▂▃▄▅▆▇█"
_WIDEST = 48
"""Characters of a sparkline at most."""


def kind(notice: Notice) -> str:
    return f"{KIND[notice.kind]}{' · 严重' if notice.severity == 'high' else ''}"


def number(value: float) -> str:
    """Whole where it is large or whole, else with one digit."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def ratio(measure: Measure) -> str:
    times = measure.ratio
    if times is None:
        return "从无到有" if measure.observed else "–"
    return "100 倍以上" if times > 100 else f"{number(times)} 倍"


def documents(measure: Measure) -> str:
    if measure.stories and measure.stories < measure.documents:
        return f"{measure.documents:,} 篇，去重后 {measure.stories:,} 件"
    return f"{measure.documents:,} 篇"


def share(it: Share) -> str:
    said = f"{it.count:,}"
    if it.share is not None:
        said += f"，占 {it.share:.0%}"
    if it.before is not None:
        said += f"，平常 {number(it.before)}"
    return said


def sentiment(change: Change) -> str:
    turn = "更负面" if change.now < change.before else "没有更负面"
    return f"均值 {change.now:.2f}，平常 {change.before:.2f}，{turn}（0 最负面，1 最正面）"


def campaign(it: Campaign) -> str:
    return f"{it.name} 占 {it.share:.0%}{'，多半是它造成的' if it.share > 0.5 else ''}"


def feeling(post: Quoted) -> str:
    return f"情感 {post.sentiment:.2f}"


def change(row: Row) -> str:
    """Against the period before."""
    if row.before is None or row.count == row.before:
        return "–" if row.before is None else "持平"
    if not row.before:
        return "新出现"
    return f"{(row.count - row.before) / row.before:+.0%}"


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def sparkline(points: Sequence[Point]) -> str:
    """The newest counts as blocks; a blank where nothing is known."""
    counts = [point.count for point in points[-_WIDEST:]]
    most = max((count for count in counts if count), default=1)
    return "".join(" " if it is None else _BLOCKS[round(it / most * (len(_BLOCKS) - 1))] for it in counts)


def preview(notice: Notice) -> str:
    """What a list of mails shows behind the subject."""
    said = [notice.summary]
    if measure := notice.measure:
        said += [measure.rarity, documents(measure)]
    if notice.drivers:
        said.append("、".join(it.name for it in notice.drivers[0].shares[:3]))
    if notice.digest:
        said.append(f"{len(notice.digest.alerts)} 个预警")
    return " · ".join(filter(None, said))


def chart_in_words(notice: Notice, zone: tzinfo) -> str:
    """What the picture shows, for those who don't see it."""
    if not notice.points:
        return ""
    known = [point for point in notice.points if point.count is not None]
    first, last = notice.points[0].at, notice.points[-1].at
    daily = last - first >= (len(notice.points) - 1) * timedelta(days=1) > timedelta()
    said = f"走势图，{_days(first, last + timedelta(days=1), zone) if daily else _span(first, last, zone)}"
    if known:
        top = max(known, key=lambda point: point.count or 0)
        at = _moment(top.at, zone)
        said += f"；最高 {number(top.count or 0)} 条，在 {at.removesuffix(' 00:00') if daily else at}"
        if top.upper is not None:
            said += f"（当时的上限 {number(top.upper)} 条）"
    if unknown := len(notice.points) - len(known):
        said += f"；{unknown} 个时段来源中断，数据未知"
    return f"{said}。"


def footer(notice: Notice, recipient: str) -> str:
    """Why this message came."""
    rule = f"规则「{notice.measure.rule}」触发。" if notice.measure and notice.measure.rule else ""
    return f"dunwatch 自动发送给 {recipient}。{rule}个人信息已遮盖。编号 {notice.id}"


def saying(zone: tzinfo) -> dict[str, Callable[[Any], str]]:
    """All of these by the names that the templates give them, with times in `zone`."""

    def moment(at: datetime) -> str:
        return _moment(at, zone)

    def window(measure: Measure) -> str:
        return f"{_span(measure.start, measure.end, zone)}（{_ZONES.get(str(zone), str(zone))}）"

    def when(post: Quoted) -> str:
        return moment(post.published_at) if post.published_at else "未注明日期"

    def period(digest: Digest) -> str:
        return _days(digest.start, digest.end, zone)

    def driver_name(driver: Driver) -> str:
        return _DRIVER[driver.kind]

    plain = (number, ratio, documents, share, sentiment, campaign, feeling, change, host)
    return {function.__name__: function for function in (*plain, moment, window, when, period, driver_name)}


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From when to when, without saying the same day twice."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    said = _moment(start, zone)
    if first.date() == last.date():
        return f"{said}–{last:%H:%M}"
    return f"{said} – {_moment(end, zone)}"


def _days(start: datetime, end: datetime, zone: tzinfo) -> str:
    """A period of whole days by its first and last day, another by its moments."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.time() != last.time() or first.hour or first.minute:
        return _span(start, end, zone)
    last -= timedelta(days=1)
    days = [f"{day.year}年{day.month}月{day.day}日" for day in (first, last)]
    return days[0] if days[0] == days[1] else " – ".join(days)
