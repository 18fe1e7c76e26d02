"""The life of an alert: opened, grows, eases, closed; cooldown, silence, acknowledgement, escalation.

Pure but for the tables: what goes out is returned as Notices, to be queued in the same transaction.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from math import sqrt
from typing import NamedTuple

from indexer.alerts import notices
from indexer.alerts.alert import Alert, Alerts, Member
from indexer.alerts.explain import Addresses
from indexer.alerts.finding import Finding
from indexer.alerts.incidents import Incident
from indexer.alerts.messages.notice import SEVERITIES, Kind, Notice
from indexer.alerts.rules import Alerts as Config

GROWN = 2
"""How many times what was last told, of the whole or of its fullest hour, makes another message."""
BY_CHANCE = 3.0
"""Standard deviations that an hour must have beyond that: the fullest of many is large by chance."""


class Outgoing(NamedTuple):
    """A message to be sent. `only`: names of the recipients, where it doesn't go to all who follow it."""

    notice: Notice
    alert: int
    only: tuple[str, ...] = ()


class Life:
    """What a check makes of incidents and of the alerts that are live. Use it within a transaction."""

    def __init__(self, alerts: Alerts, config: Config, zone: tzinfo, now: datetime, addresses: Addresses) -> None:
        self._alerts, self._config, self._zone, self._now = alerts, config, zone, now
        self._addresses = addresses

    def meet(self, incident: Incident, facts: Notice | None) -> Iterator[Outgoing]:
        """An incident goes on with the alert that it belongs to, or opens one."""
        if incident.alert and incident.alert.state != "closed":
            yield from self._goes_on(incident.alert, incident, facts)
        elif facts and self._is_news(incident):
            yield from self._opens(incident, facts)

    def rest(self) -> Iterator[Outgoing]:
        """What has not been unusual for a while eases and is closed; what nobody acknowledged escalates."""
        for alert in self._alerts.live():
            quiet = self._now - alert.unusual_at
            if quiet >= self._config.close_after and not (alert.messages and self._silence(alert.facts)):
                yield from self._closes(alert)
                continue
            if quiet >= self._config.ease_after and alert.state == "open":
                alert = replace(alert, state="eased", updated_at=self._now)
                self._alerts.save(alert)
                self._alerts.happened(alert.seq, self._now, "eased")
            yield from self._waited(alert)

    def _is_news(self, incident: Incident) -> bool:
        """Not what a closed alert told already, nor within its cooldown, unless it is twice as large."""
        last = incident.alert
        if last is None or last.closed_at is None or incident.first.observed >= GROWN * last.observed:
            return True
        fresh = all(finding.start >= last.unusual_at for finding in incident.findings)
        return fresh and self._now - last.closed_at >= self._config.cooldown

    def _opens(self, incident: Incident, facts: Notice) -> Iterator[Outgoing]:
        first = incident.first
        severity = max((it.severity for it in incident.findings), key=SEVERITIES.index)
        silence = self._silence(facts)
        alert = Alert(
            rule=first.rule,
            subject=first.subject,
            severity=severity,
            opened_at=self._now,
            updated_at=self._now,
            unusual_at=self._unusual(incident),
            observed=first.observed,
            told=first.observed,
            facts=facts,
            owner=next((owner for lender in facts.lenders if (owner := self._config.owners.get(lender))), ""),
            silenced=silence,
            stories=incident.stories,
        )
        seq = self._alerts.add(alert)
        alert = replace(alert, seq=seq, facts=self._addressed(facts, seq, severity, alert.owner))
        self._joined(alert, incident)
        self._alerts.happened(seq, self._now, "silenced" if silence else "opened", said=silence or facts.headline)
        yield from self._tells(alert, "opened")

    def _goes_on(self, alert: Alert, incident: Incident, facts: Notice | None) -> Iterator[Outgoing]:
        observed, before = incident.first.observed, alert
        burst = bool(facts and facts.measure and bursts(alert, facts.measure.peak))
        grew = (burst or observed >= GROWN * alert.told) and not self._silence(alert.facts)
        alert = replace(alert, unusual_at=max(alert.unusual_at, self._unusual(incident)), stories=incident.stories)
        if facts and (observed > alert.observed or burst):
            now = self._addressed(facts, alert.seq, alert.severity, alert.owner)
            if facts.measure and not grew:
                now = now.model_copy(update={"measure": facts.measure.model_copy(update={"peak": alert.peak})})
            most = max(observed, alert.observed)
            alert = replace(alert, observed=most, facts=now, updated_at=self._now, unusual_at=self._now)
        if alert.state == "eased" and alert.unusual_at > before.unusual_at:
            alert = replace(alert, state="open", updated_at=self._now)
            self._alerts.happened(alert.seq, self._now, "again")
        self._joined(alert, incident)
        if grew:
            self._alerts.happened(alert.seq, self._now, "grew", said=alert.facts.headline)
            yield from self._tells(replace(alert, told=max(observed, alert.told)), "grew")

    def _closes(self, alert: Alert) -> Iterator[Outgoing]:
        facts = notices.ended(alert, self._now)
        alert = replace(alert, state="closed", closed_at=self._now, updated_at=self._now)
        self._alerts.save(alert)
        self._alerts.happened(alert.seq, self._now, "closed", said=facts.summary)
        if alert.messages and self._config.tell_closed:
            yield from self._tells(alert, "closed", facts)

    def _waited(self, alert: Alert) -> Iterator[Outgoing]:
        """A silence that is over, or an acknowledgement that nobody gave."""
        if self._silence(alert.facts):
            return
        if alert.silenced:
            alert = replace(alert, silenced="")
            self._alerts.happened(alert.seq, self._now, "opened", said=alert.facts.headline)
            yield from self._tells(alert, "opened")
        elif (
            self._config.escalate_after
            and not (alert.acknowledged_at or "escalated" in alert.messages)
            and self._now - alert.opened_at >= self._config.escalate_after
        ):
            self._alerts.happened(alert.seq, self._now, "escalated", said="、".join(self._config.escalate_to))
            yield from self._tells(alert, "escalated", only=self._config.escalate_to)

    def _tells(
        self, alert: Alert, kind: Kind, facts: Notice | None = None, only: tuple[str, ...] = ()
    ) -> Iterator[Outgoing]:
        if alert.silenced:
            self._alerts.save(alert)
            return
        number = alert.messages.get(kind, 0) + 1
        alert = replace(alert, messages={**alert.messages, kind: number}, updated_at=self._now)
        self._alerts.save(alert)
        notice = (facts or alert.facts).model_copy(
            update={"kind": kind, "number": number, "note": alert.note, "owner": alert.owner}
        )
        yield Outgoing(notice, alert.seq, only)

    def _joined(self, alert: Alert, incident: Incident) -> None:
        self._alerts.save(alert)
        ends = [(Member(it.rule, it.subject), min(it.end, self._now)) for it in incident.findings]
        self._alerts.join(alert.seq, ends)

    def _unusual(self, incident: Incident) -> datetime:
        """End of the last unusual window.

        For an alert that is live, hours tell whether it goes on, as a day lasts until midnight whatever happens; so
        does a day that begins after all that was unusual so far, and a rule's window that is longer than it takes to
        close: what still exceeds it is not over.
        """
        ends = [it.end for it in incident.findings]
        if incident.alert and incident.alert.state != "closed":
            known = incident.alert.unusual_at
            ends = [known, *(it.end for it in incident.findings if self._tells_now(it) or it.start >= known)]
        return min(max(ends), self._now)

    def _tells_now(self, finding: Finding) -> bool:
        long = finding.by is None and finding.end - finding.start > self._config.close_after
        return finding.by == "hour" or long

    def _silence(self, facts: Notice) -> str:
        held = self._config.silenced(facts.rule, set(facts.lenders), set(facts.practices), self._now, self._zone)
        return (held.why or "静默时段") if held else ""

    def _addressed(self, facts: Notice, seq: int, severity: str, owner: str) -> Notice:
        view = self._addresses.alert(seq)
        return facts.model_copy(update={"id": f"alert-{seq}", "severity": severity, "owner": owner, "view": view})


def bursts(alert: Alert, peak: int) -> bool:
    """Whether the fullest hour is twice what was told and more than the fullest of many is by chance."""
    usual = GROWN * alert.peak
    return 0 < usual <= peak - BY_CHANCE * sqrt(usual)


def acknowledge(alerts: Alerts, seq: int, who: str, note: str, now: datetime) -> Alert | None:
    """Somebody looks after it: kept with name and note. The first one counts; later notes are added as events."""
    with alerts.state.transaction():
        alert = alerts.get(seq)
        if alert is None:
            return None
        if alert.acknowledged_at is None:
            alert = replace(alert, acknowledged_at=now, acknowledged_by=who[:60], note=note[:2000], updated_at=now)
            alerts.save(alert)
            alerts.happened(seq, now, "acknowledged", who=who, said=note)
        elif note:
            alerts.happened(seq, now, "noted", who=who, said=note)
        return alert
