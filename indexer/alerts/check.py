"""One look at everything: counts, findings, incidents, alerts, and the messages that go out, queued with them."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from indexer.alerts import digest, failing, notices, posts, saved
from indexer.alerts.acknowledge import Links
from indexer.alerts.alert import Alerts
from indexer.alerts.explain import Addresses
from indexer.alerts.finding import Finding
from indexer.alerts.findings import TESTED, Rules
from indexer.alerts.incidents import Incident, incidents
from indexer.alerts.life import GROWN, Life, Outgoing, bursts
from indexer.alerts.messages.letters import Letters
from indexer.alerts.messages.notice import Notice, Point
from indexer.alerts.messages.outbox import Outbox
from indexer.alerts.messages.recipients import who_gets
from indexer.alerts.messages.unsubscribe import declined
from indexer.alerts.rules import Alerts as Config
from indexer.alerts.series import Counter
from indexer.sources import drifts
from indexer.state import State
from indexer.store.base import Store
from indexer.text.privacy import Masker

log = logging.getLogger("dunwatch.alerts")


MOST_ALERTS = 500
"""Alerts that findings may belong to."""


@dataclass(frozen=True)
class Checked:
    """What one check did: findings, alerts opened, messages queued. `busy`: another process was at it."""

    findings: int = 0
    opened: int = 0
    messages: int = 0
    busy: bool = False


@dataclass(frozen=True)
class Watch:
    """Looks for what is unusual in a store and keeps what it finds in the state. `unlawful`: ids of such practices."""

    config: Config
    store: Store
    state: State
    masker: Masker
    key: bytes
    zone: ZoneInfo
    unlawful: frozenset[str]

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.config.base_url)

    def check(self, now: datetime) -> Checked:
        """Find what is unusual at `now`, and queue what has to be told. Raises StoreError, StateError.

        Alerts and messages are written together, or not at all; a check killed in between is made again by the next.
        """
        with self._alone() as alone:
            return self._check(now) if alone else Checked(busy=True)

    def _check(self, now: datetime) -> Checked:
        alerts = Alerts(self.state)
        rules = self.rules(now)
        found = [
            *rules.findings(),
            *posts.findings(self.config, self.store, now),
            *saved.findings(self.state, self.store, now),
        ]
        found.sort(key=lambda it: -it.strength)
        recent = alerts.newest(MOST_ALERTS, since=now - TESTED - self.config.cooldown)
        told = [(alert, alerts.members(alert.seq)) for alert in recent]
        met = [(it, self._facts(it, rules, now)) for it in incidents(self.store, found, told)]
        digests = list(digest.due(alerts, self.config, self.store, self.zone, now, self.addresses))
        with self.state.transaction():
            life = Life(alerts, self.config, self.zone, now, self.addresses)
            outgoing = [one for incident, facts in met for one in life.meet(incident, facts)]
            outgoing += life.rest()
            outgoing += [Outgoing(notice, 0) for notice in (*digests, *drifts.look(self.state, now, self.addresses))]
            outgoing += [Outgoing(notice, 0) for notice in failing.due(alerts, self.zone, self.addresses)]
            for notice in digests:
                alerts.mark_done(notice.kind, now)
            queued = self.queue(outgoing, now)
            alerts.mark_done("check", now)
        opened = sum(one.notice.kind == "opened" for one in outgoing)
        for one in outgoing:
            log.info("%s: %s", one.notice.kind, one.notice.headline)
        return Checked(len(found), opened, queued)

    def rules(
        self, now: datetime, *, live: bool = True, back: timedelta = timedelta(), tested: timedelta = TESTED
    ) -> Rules:
        """The rules over the counts up to `now`, `back` further than the baseline."""
        counter = Counter(self.store, self.state, now, self.config.baseline + back, tested, live=live)
        return Rules(self.config, counter, self.zone, self.unlawful)

    def queue(self, outgoing: Iterable[Outgoing], now: datetime) -> int:
        """Write the letters of messages into the outbox; joins an open transaction. Returns how many were new."""
        outbox, links = Outbox(self.state), Links(self.key, self.config.base_url)
        letters = Letters(self.config, self.masker, self.key, self.zone)
        off = declined(self.state)
        queued = 0
        for notice, seq, only in outgoing:
            people = who_gets(notice, self.config.recipients, off)
            if only:
                people = [it for it in self.config.recipients if it.name in only]
            for person in people:
                told = notice.model_copy(update={"acknowledge": links.make(seq, person.name) if seq else ""})
                queued += outbox.enqueue(letters.to([person], told, now), now)
        return queued

    def _facts(self, incident: Incident, rules: Rules, now: datetime) -> Notice | None:
        """What is told of it; None where its alert has told as much already."""
        first, alert = incident.first, incident.alert
        of = notices.charted_of(first)
        peak = rules.series(of, first.where).most(first.value, first.start, first.end) if of else 0
        before = 0
        if alert and alert.state != "closed":
            if not bursts(alert, peak):
                if first.observed <= alert.observed:
                    return None
            elif first.observed < GROWN * alert.told:  # the whole has not doubled: it is the hour that is told
                first, before = replace(first, by="hour"), alert.peak
        return notices.of_incident(
            self.store, incident, self._chart(first, rules, now), self.addresses, peak=peak, before=before
        )

    def _chart(self, finding: Finding, rules: Rules, now: datetime) -> tuple[Point, ...]:
        of = notices.charted_of(finding)
        if of is None:
            return ()
        return notices.chart(
            rules.series(of, finding.where), finding, self.config.sensitivity, now.astimezone(self.zone)
        )

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        lock = FileLock(self.state.path.with_name("alerts.lock"), mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
