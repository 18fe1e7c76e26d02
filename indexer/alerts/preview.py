"""What the rules would have sent in the past, had they been in force: to set them before they wake anybody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from indexer.alerts import notices, posts
from indexer.alerts.check import Watch
from indexer.alerts.finding import Finding
from indexer.alerts.incidents import Incident, incidents
from indexer.alerts.rules import Spike

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Preview:
    """One alert that would have been sent, and the rules that found it."""

    at: datetime
    headline: str
    rules: tuple[str, ...]
    observed: int
    expected: float
    start: datetime
    end: datetime


def preview(watch: Watch, now: datetime, days: int) -> Iterator[Preview]:
    """The alerts of the last `days`, oldest first: what was found day after day, put together as a check does.

    What a source had published before it was watched counts here as if it had been.
    """
    told: list[Incident] = []
    for at, findings in _found(watch, now, days):
        for incident in incidents(watch.store, findings):
            if not any(_goes_on(before, incident, watch.config.close_after) for before in told[-200:]):
                told.append(incident)
                yield _preview(at, incident)
            else:
                told.append(incident)


def per_rule(alerts: list[Preview]) -> Counter[str]:
    """How many of them each rule found."""
    return Counter(rule for it in alerts for rule in it.rules)


def _found(watch: Watch, now: datetime, days: int) -> Iterator[tuple[datetime, list[Finding]]]:
    """Findings by the day whose end they would have been found by."""
    whole = watch.rules(now, live=False, back=timedelta(days=days))
    spikes = whole.spikes_since(now - timedelta(days=days))
    others = replace(watch, config=watch.config.model_copy(update={"rules": _but_spikes(watch)}))
    for day in range(days, -1, -1):
        at = now - day * DAY
        found = [it for it in spikes if at - DAY < it.end <= at or (day == 0 and it.end > at)]
        if others.config.rules:
            found += others.rules(at, live=False).findings()
            found += posts.findings(others.config, watch.store, at)
        if found:
            yield at, sorted(found, key=lambda it: -it.strength)


def _but_spikes(watch: Watch) -> tuple[object, ...]:
    return tuple(rule for rule in watch.config.rules if not isinstance(rule, Spike))


def _goes_on(before: Incident, incident: Incident, close_after: timedelta) -> bool:
    """Whether an alert that was told would still have been live, and about the same."""
    near = min(it.start for it in incident.findings) - max(it.end for it in before.findings) <= close_after
    same = {it.subject for it in before.findings} & {it.subject for it in incident.findings}
    return near and (bool(same) or bool(before.stories & incident.stories))


def _preview(at: datetime, incident: Incident) -> Preview:
    first = incident.first
    return Preview(
        at=at,
        headline=notices.headline(first, first.observed),
        rules=tuple(dict.fromkeys(it.rule for it in incident.findings)),
        observed=first.observed,
        expected=first.expected,
        start=first.start,
        end=first.end,
    )
