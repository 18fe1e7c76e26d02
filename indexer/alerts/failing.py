"""Sources whose crawls fail again and again: said once, and once more when they are there again."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from indexer.alerts.alert import Alerts
from indexer.alerts.explain import Addresses
from indexer.alerts.messages.notice import Notice
from indexer.health import Plan, plans
from indexer.sources.drifts import open_drifts

TOLD_FROM = 3
"""Crawls in a row that fail until it is said."""
_DONE = "failing:"
"""What the names of sources begin with in the table of what was said, beside when the failures began."""


def due(alerts: Alerts, zone: tzinfo, addresses: Addresses) -> Iterator[Notice]:
    """The messages about sources that fail, or are there again, which were not sent yet; each is noted as sent.

    Use it within a transaction.
    """
    known = {plan.source: plan for plan in plans(alerts.state)}
    drifting = {drift.source for drift in open_drifts(alerts.state)}  # which was told, and for the same reason perhaps
    for plan in known.values():
        since = plan.failing_since if plan.failures >= TOLD_FROM and plan.source not in drifting else None
        if since and alerts.done_at(_DONE + plan.source) != since:
            alerts.mark_done(_DONE + plan.source, since)
            yield _failing(plan, since, zone, addresses)
    for row in alerts.state.db.execute("select what, at from alert_done where what like ?", (_DONE + "%",)).fetchall():
        name = row["what"].removeprefix(_DONE)
        if name not in known or not known[name].failures:
            alerts.state.db.execute("delete from alert_done where what = ?", (row["what"],))
            if name in known:
                yield _again(name, datetime.fromisoformat(row["at"]), zone, addresses)


def _failing(plan: Plan, since: datetime, zone: tzinfo, addresses: Addresses) -> Notice:
    local, following = since.astimezone(zone), plan.due_at.astimezone(zone)
    return _notice(plan.source, since, addresses, 1).model_copy(
        update={
            "headline": f"来源 {plan.source[:18]} 连续 {plan.failures} 次采集失败",
            "summary": f"自 {local:%m-%d %H:%M} 起没有一次成功。最近一次：{plan.error[:200] or '原因不明'}。"
            f"下次尝试：{following:%m-%d %H:%M}。其间该来源的数量未知，不按零计。",
        }
    )


def _again(name: str, since: datetime, zone: tzinfo, addresses: Addresses) -> Notice:
    return _notice(name, since, addresses, 2).model_copy(
        update={
            "headline": f"来源 {name[:18]} 恢复采集",
            "summary": f"自 {since.astimezone(zone):%m-%d %H:%M} 起连续失败，现已恢复。",
        }
    )


def _notice(name: str, since: datetime, addresses: Addresses, number: int) -> Notice:
    view = f"{addresses.base}/status" if addresses.base else ""
    return Notice(id=f"failing-{name}-{since:%Y%m%dT%H%M%S}", kind="drift", number=number, headline=name, view=view)
