"""The table of drifts: opened when the crawls of a source show signs, told once, closed and told when they are gone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from indexer.alerts.alert import Alerts
from indexer.alerts.explain import Addresses
from indexer.alerts.messages.notice import Notice
from indexer.sources.drift import Crawl, Kind, Sign, is_over, signs
from indexer.state import State, timestamp

NEWEST = 120
"""Crawls of a source that are looked at."""
LATE = timedelta(minutes=5)
"""Crawls that ended so long before the last look are looked at again, as their end may have been written after it."""
WORDS: dict[Kind, tuple[str, str]] = {
    "lists": ("lists without links", "列表页找不到链接"),
    "pages": ("pages or posts that can't be read", "网页或帖子读不出内容"),
    "lost": ("posts that pages held and that can't be read any more", "原有的回帖读不出来"),
    "text": ("posts without text", "内容没有正文"),
    "time": ("posts without a time", "内容没有时间"),
    "author": ("posts without an author", "内容没有作者"),
    "errors": ("pages that could not be fetched", "抓取出错"),
    "robots": ("addresses that robots.txt forbids", "被 robots.txt 禁止"),
    "silence": ("crawls in a row without anything new", "连续抓取没有新内容"),
}
"""What a sign is called, in English for the command line and in Chinese for page and mail."""
_SIGNS = TypeAdapter(tuple[Sign, ...])


@dataclass(frozen=True)
class Drift:
    """A source that drifts, since when it is known, and by which signs."""

    seq: int
    source: str
    opened_at: datetime
    signs: tuple[Sign, ...]


def open_drifts(state: State) -> tuple[Drift, ...]:
    """Those that last, by source."""
    rows = state.db.execute("select seq, source, opened_at, signs from drift where well_at is null order by source")
    return tuple(
        Drift(row["seq"], row["source"], datetime.fromisoformat(row["opened_at"]), _SIGNS.validate_json(row["signs"]))
        for row in rows
    )


def told(sign: Sign, language: int = 1) -> str:
    """A sign in words: English (0) or Chinese (1)."""
    words = WORDS[sign.kind][language]
    if sign.kind == "silence":
        return f"{words} {sign.bad} 次" if language else f"{sign.bad} {words}"
    share = f"{sign.bad}/{sign.all}"
    if language:
        return f"{words} {share}（最近 {sign.crawls} 次抓取；此前 {sign.before:.0%}）"
    return f"{words}: {share} in the last {sign.crawls}, {sign.before:.0%} before"


def look(state: State, now: datetime, addresses: Addresses) -> Iterator[Notice]:
    """Open and close drifts by the crawls that ended since the last look; what is to be told. Use in a transaction."""
    alerts, there = Alerts(state), {drift.source: drift for drift in open_drifts(state)}
    last = alerts.done_at("drift")
    rows = state.db.execute(
        "select distinct source from run where finished_at > ? order by source",
        (timestamp(min(last, now) - LATE) if last else "",),
    )
    for (source,) in rows.fetchall():
        drift = there.get(source)
        notice = _goes_on(state, drift, now) if drift else _begins(state, source, now)
        if notice:
            yield notice.model_copy(update={"view": addresses.sources()})
    alerts.mark_done("drift", now)


def _begins(state: State, source: str, now: datetime) -> Notice | None:
    crawls = _crawls(state, source)
    found = signs(crawls)
    if not found:
        return None
    first = crawls[-max(sign.crawls for sign in found)].seq
    with state.transaction() as db:
        row = db.execute(
            "insert into drift (source, opened_at, first, signs) values (?, ?, ?, ?)",
            (source, timestamp(now), first, json.dumps([sign.model_dump() for sign in found])),
        )
    said = "；".join(told(sign) for sign in found)
    return Notice(
        id=f"drift-{row.lastrowid}",
        kind="drift",
        headline=f"来源 {source[:20]}：{WORDS[found[0].kind][1]}",
        summary=f"{said}。网站可能改了版：用 dunwatch source test {source} 查看，再改 config/sources.yaml。",
    )


def _goes_on(state: State, drift: Drift, now: datetime) -> Notice | None:
    newest = _crawls(state, drift.source, of=drift.seq)[-1:]
    if not newest or not is_over(drift.signs, newest[0]):
        return None
    with state.transaction() as db:
        db.execute("update drift set last = ?, well_at = ? where seq = ?", (newest[0].seq, timestamp(now), drift.seq))
    hours = max(1, round((now - drift.opened_at) / timedelta(hours=1)))
    lasted = f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时"
    return Notice(
        id=f"drift-{drift.seq}",
        kind="drift",
        number=2,
        headline=f"来源 {drift.source[:20]} 恢复正常",
        summary=f"异常持续约 {lasted}：{'；'.join(WORDS[sign.kind][1] for sign in drift.signs)}。",
    )


def _crawls(state: State, source: str, *, of: int | None = None) -> Sequence[Crawl]:
    """The newest crawls that ended, in order of time, without those of earlier drifts; with `of` since it began."""
    rows = state.db.execute(
        "select seq, started_at, counts from run where source = ?1 and finished_at is not null and not exists ("
        "  select 1 from drift where source = ?1 and last is not null and run.seq >= first and run.seq < last)"
        " and seq >= coalesce((select first from drift where seq = ?2), 0) order by seq desc limit ?3",
        (source, of, NEWEST),
    )
    found = [Crawl(row["seq"], datetime.fromisoformat(row["started_at"]), json.loads(row["counts"])) for row in rows]
    return found[::-1]
