"""What is told of an incident, an alert's end, a day: made from counts and documents, without a word of rendering."""

from datetime import datetime, timedelta

import numpy as np

from indexer.alerts.alert import Alert
from indexer.alerts.coverage import HOUR
from indexer.alerts.explain import Addresses, Explanation
from indexer.alerts.finding import Finding
from indexer.alerts.incidents import Incident
from indexer.alerts.messages.notice import Also, Measure, Notice, Point, in_short
from indexer.alerts.rules import Of
from indexer.alerts.series import Series
from indexer.alerts.statistics.counts import Counts
from indexer.alerts.statistics.sensitivity import Sensitivity
from indexer.alerts.statistics.spikes import judge
from indexer.store.base import Store

CHART = 7 * 24
"""Hours that the chart shows of a series by the hour."""
CHART_DAYS = 42
WHAT = {"source": "来源", "campaign": "推广团伙", "term": "新词", "story": "单篇", "saved": "搜索"}


def title(finding: Finding) -> str:
    """The series in words: 「马上消费金融 · 爆通讯录」."""
    name = finding.value.replace("|", " · ")
    return f"{WHAT[finding.of]} {name}" if finding.of in WHAT else name


def headline(finding: Finding, observed: int) -> str:
    """What happened, in at most 40 characters."""
    name = title(finding)[:18]
    if finding.kind == "engagement":
        return f"{finding.told}：高热帖文"
    if finding.kind in ("new", "first_unlawful"):
        return f"{name} 首次出现，{observed} 条"
    if finding.kind == "new_term":
        return f"{name} 出现于 {observed} 篇"
    if finding.kind == "negative_share":
        return f"{name} {finding.told}"
    return f"{name} {observed} 条，平常{_ordinary(finding.expected)} 条"


def burst(finding: Finding, peak: int, before: int) -> str:
    """What happened within a rise that is known, in at most 40 characters."""
    return f"{title(finding)[:18]} 一小时 {peak} 条，此前最多 {before} 条"


def rarity(finding: Finding) -> str:
    """How unusual, in words: how often chance alone would bring such a window."""
    if not finding.p_value or finding.p_value >= 0.05:
        return finding.told
    windows = 1 / max(finding.p_value, 1e-9)
    span = finding.end - finding.start
    days = windows * max(min(span, timedelta(days=1)), HOUR) / timedelta(days=1)
    often = f"{days / 365:,.0f} 年" if days >= 730 else f"{days:,.0f} 天" if days >= 2 else f"{days * 24:,.0f} 小时"
    return f"若纯属偶然，{f'约 {often}' if days < 36_500 else '百年以上'}才会有一次" + (
        f"；{finding.told}" if finding.told else ""
    )


def of_incident(
    store: Store, incident: Incident, points: tuple[Point, ...], addresses: Addresses, *, peak: int = 0, before: int = 0
) -> Notice:
    """The facts about an incident, as a Notice whose id, kind and links are still to be set.

    `peak` are the stories of its fullest hour; `before`, of a burst, those of the fullest hour before it.
    """
    finding = incident.first
    why = Explanation(store, finding, addresses)
    measure = Measure(
        series=title(finding),
        rule=finding.rule,
        start=finding.start,
        end=finding.end,
        observed=finding.observed,
        expected=finding.expected,
        upper=finding.upper,
        rarity=rarity(finding),
        documents=why.total,
        stories=why.distinct,
        peak=peak,
    )
    also = _also(incident)
    return Notice(
        id="alert-0",
        kind="opened",
        headline=(burst(finding, peak, before) if before else headline(finding, finding.observed))[:40],
        summary=in_short(also) or finding.told,
        also=also,
        rule=finding.rule,
        severity=finding.severity,
        lenders=tuple(dict.fromkeys([*why.lenders(), *(name for it in also for name in it.lenders)])),
        practices=tuple(dict.fromkeys([*why.practices(), *(name for it in also for name in it.practices)])),
        measure=measure,
        points=points,
        drivers=why.drivers(),
        quotes=why.quotes(),
        sentiment=why.sentiment(),
        campaign=why.campaign(),
    )


def _also(incident: Incident) -> tuple[Also, ...]:
    """What else is unusual in it, each once; a lender not beside what it does."""
    told = {it.lender for it in incident.findings if it.of == "lender_practice"}
    others = {
        it.subject: it
        for it in incident.findings
        if it.subject != incident.first.subject and not (it.of == "lender" and it.lender in told)
    }
    return tuple(
        Also(
            name=title(it),
            lenders=(it.lender,) if it.lender else (),
            practices=(it.value.partition("|")[2],) if it.of == "lender_practice" else (),
        )
        for it in others.values()
    )


def chart(series: Series, finding: Finding, sensitivity: Sensitivity, now: datetime) -> tuple[Point, ...]:
    """The series of a finding with its expected band: by the hour, or by day for windows of a day and more."""
    if finding.value not in series.place:
        return ()
    row = slice(series.place[finding.value], series.place[finding.value] + 1)
    zone = now.tzinfo
    if finding.by == "hour":
        counts = Counts(series.start, HOUR, series.values[row], zone, series.exposure[row])
        windows = min(CHART, counts.windows)
    else:
        assert zone is not None
        first, values, exposure = series.by_day(zone)
        counts = Counts(first, timedelta(days=1), values[row], zone, exposure[row])
        windows = min(CHART_DAYS, counts.windows)
    judged = judge(counts, windows, sensitivity)
    return tuple(
        Point(
            at=counts.time(judged.first + place),
            count=None if np.isnan(value := counts.values[0, judged.first + place]) else int(value),
            expected=_number(judged.expected[0, place]),
            lower=_number(judged.lower[0, place]),
            upper=_number(judged.upper[0, place]),
        )
        for place in range(windows)
    )


def ended(alert: Alert, now: datetime) -> Notice:
    """The summary that closes an alert."""
    measure = alert.facts.measure
    lasted = alert.unusual_at - (measure.start if measure else alert.opened_at)
    hours = max(1, round(lasted / HOUR))
    told = f"{hours // 24} 天 {hours % 24} 小时" if hours >= 48 else f"{hours} 小时"
    by = f"，由 {alert.acknowledged_by} 处理" if alert.acknowledged_by else "，无人认领"
    return alert.facts.model_copy(
        update={
            "kind": "closed",
            "also": (),
            "headline": f"已平息：{alert.facts.headline}"[:40],
            "summary": f"持续约 {told}，高峰 {alert.observed} 条；此后 {_since(now - alert.unusual_at)}未再异常{by}。",
        }
    )


def charted_of(finding: Finding) -> Of | None:
    """The kind of series that a finding's chart shows, if it is one that is counted."""
    counted: dict[str, Of] = {
        "lender": "lender",
        "practice": "practice",
        "lender_practice": "lender_practice",
        "source": "source",
        "campaign": "campaign",
    }
    return counted.get(finding.of)


def _since(gap: timedelta) -> str:
    return f"{max(1, round(gap / HOUR))} 小时"


def _ordinary(expected: float) -> str:
    if expected < 0.5:
        return "不足 1"
    return f" {expected:.0f}" if expected >= 3 else f" {expected:.1f}".removesuffix(".0")


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)
