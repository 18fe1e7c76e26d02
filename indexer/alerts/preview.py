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


def preview(watch: Watch, now: datetime, days: int) -> list[Preview]:
    """The alerts of the last `days`, oldest first: what was found day after day, put together as checks would.

    What a source had published before it was watched counts here as if it had been.
    """
    alerts: list[_Alert] = []
    for at, findings in _found(watch, now, days):
        for incident in incidents(watch.store, findings):
            last = next((it for it in reversed(alerts) if it.goes_on_with(incident, watch.config.close_after)), None)
            if last is None:
                alerts.append(_Alert(at, [incident]))
            else:
                last.incidents.append(incident)
    return [it.preview() for it in alerts]


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


@dataclass
class _Alert:
    """Incidents, one after another, of what would have been one alert."""

    at: datetime
    incidents: list[Incident]

    def goes_on_with(self, incident: Incident, close_after: timedelta) -> bool:
        """Whether it would still have been live, and is about the same."""
        mine = [finding for it in self.incidents for finding in it.findings]
        near = min(it.start for it in incident.findings) - max(it.end for it in mine) <= close_after
        same = {it.subject for it in mine} & {it.subject for it in incident.findings}
        return near and (bool(same) or any(it.stories & incident.stories for it in self.incidents))

    def preview(self) -> Preview:
        peak = max(self.incidents, key=lambda it: it.first.observed).first
        return Preview(
            at=self.at,
            headline=notices.headline(peak, peak.observed),
            rules=tuple(dict.fromkeys(it.rule for incident in self.incidents for it in incident.findings)),
            observed=peak.observed,
            expected=peak.expected,
            start=peak.start,
            end=peak.end,
        )
