"""The daily and the weekly digest: what a day or a week was like, beside the one before."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from indexer.alerts.alert import Alert, Alerts
from indexer.alerts.explain import Addresses
from indexer.alerts.messages.notice import Digest, Listed, Notice, Row, Table
from indexer.alerts.rules import Alerts as Config
from indexer.alerts.rules import weekday
from indexer.store.base import Search, Store

Period = Literal["daily", "weekly"]
LENGTH: dict[Period, timedelta] = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
NAME: dict[Period, str] = {"daily": "日报", "weekly": "周报"}
STATE = {"open": "进行中", "eased": "趋缓", "closed": "已结束"}
ROWS = 10
MOST_ALERTS = 50


def due(
    alerts: Alerts, config: Config, store: Store, zone: tzinfo, now: datetime, addresses: Addresses
) -> Iterator[Notice]:
    """The digests whose time has come and that were not made yet; after a pause only the last of each."""
    wanted = {period for recipient in config.recipients for period in recipient.digest}
    local = now.astimezone(zone)
    periods: tuple[Period, ...] = ("daily", "weekly")
    for period in periods:
        if period not in wanted:
            continue
        at = local.replace(hour=config.digests.at.hour, minute=config.digests.at.minute, second=0, microsecond=0)
        while at > local or (period == "weekly" and weekday(at) != config.digests.weekday):
            at -= timedelta(days=1)
        last = alerts.done_at(period)
        if last is None:  # the first one comes when its time has come once
            with alerts.state.transaction():
                alerts.mark_done(period, now)
        elif last < at:
            end = at.replace(hour=0, minute=0)
            yield make(period, alerts, store, end - LENGTH[period], end, addresses)


def make(period: Period, alerts: Alerts, store: Store, start: datetime, end: datetime, addresses: Addresses) -> Notice:
    """The digest of [start, end)."""
    now, before = _facets(store, start, end), _facets(store, start - (end - start), start)
    listed = tuple(
        _listed(alert, addresses)
        for alert in alerts.newest(MOST_ALERTS, since=start)
        if alert.opened_at < end and not alert.silenced
    )
    tables = [
        ("投诉最多的机构", "lender", "lenders"),
        ("催收行为（指称）", "practice", "practices"),
        ("来源", "source", ""),
    ]
    total = sum(dict(now["kind"]).values())
    was = sum(dict(before["kind"]).values())
    return Notice(
        id=f"{period}-{start:%Y-%m-%d}",
        kind=period,
        headline=f"{NAME[period]} {start:%m-%d}：{total} 件，{len(listed)} 个预警",
        summary=f"共 {total} 件（去重后），上一{'日' if period == 'daily' else '周'} {was} 件。",
        digest=Digest(
            start=start,
            end=end,
            alerts=listed,
            tables=tuple(_table(title, now[name], before[name], about) for title, name, about in tables if now[name]),
        ),
        view=f"{addresses.base}/alerts" if addresses.base else "",
    )


def _facets(store: Store, start: datetime, end: datetime) -> dict[str, list[tuple[str, int]]]:
    """Stories of complaints and news by lender, asserted practice, source and kind."""
    filters = {"voice": ("complaint", "news"), "generated": ("false",), "reprint": ("false",)}
    search = Search(filters=filters, since=start, until=end)
    facets = store.search(search, limit=0, facets=("lender", "stance", "source", "kind")).facets
    asserted = [(value.removesuffix(":asserted"), n) for value, n in facets["stance"] if value.endswith(":asserted")]
    return {
        "lender": list(facets["lender"]),
        "practice": asserted,
        "source": list(facets["source"]),
        "kind": list(facets["kind"]),
    }


def _table(title: str, now: list[tuple[str, int]], before: list[tuple[str, int]], about: str) -> Table:
    was = dict(before)
    rows = [
        Row(name=name, count=count, before=was.get(name, 0), **({about: (name,)} if about else {}))
        for name, count in now[:ROWS]
    ]
    return Table(title=title, rows=tuple(rows))


def _listed(alert: Alert, addresses: Addresses) -> Listed:
    measure = alert.facts.measure
    return Listed(
        headline=alert.facts.headline,
        state=STATE[alert.state],
        observed=alert.observed,
        expected=measure.expected if measure else 0.0,
        started_at=measure.start if measure else alert.opened_at,
        view=addresses.alert(alert.seq),
        rule=alert.rule,
        severity=alert.severity,
        lenders=alert.facts.lenders,
        practices=alert.facts.practices,
    )
