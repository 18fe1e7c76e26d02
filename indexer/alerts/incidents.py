"""Findings that are about the same documents are one incident: a storm of complaints is told once, not seven times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.alerts.alert import Alert, Member
from indexer.alerts.finding import Finding
from indexer.store.base import Search, Store

SAME = 0.5
"""Part of the smaller one's stories that two findings must share to be one incident."""
MOST_STORIES = 500
MOST_FINDINGS = 100
"""Findings of one check that are looked at, the strongest first."""
SPECIFIC = ("story", "lender_practice", "term", "lender", "practice", "campaign", "source")


@dataclass(frozen=True)
class Incident:
    """Findings about the same stories. `alert` is the one that they belong to, live or closed lately."""

    findings: tuple[Finding, ...]
    stories: frozenset[str]
    alert: Alert | None = None

    @property
    def first(self) -> Finding:
        """The most specific of those that hold most of what was too much, then the strongest."""
        most = max(it.observed - it.expected for it in self.findings)
        telling = [it for it in self.findings if it.observed - it.expected >= 0.6 * most]
        return min(telling, key=lambda it: (SPECIFIC.index(it.of), -it.observed, -it.strength))

    @property
    def members(self) -> list[Member]:
        return [Member(it.rule, it.subject) for it in self.findings]


def incidents(
    store: Store, findings: Sequence[Finding], alerts: Sequence[tuple[Alert, Sequence[Member]]] = ()
) -> list[Incident]:
    """The findings put together, with each other and with `alerts` (the newest first, each with its members)."""
    groups = [Incident((), alert.stories, alert) for alert, _ in alerts]
    owners: dict[Member, int] = {}
    for place, (_, members) in enumerate(alerts):
        for member in members:
            owners.setdefault(member, place)
    for finding in findings[:MOST_FINDINGS]:
        stories = stories_of(store, finding.search)
        number = owners.get(Member(finding.rule, finding.subject))
        if number is None:
            number = next((place for place, group in enumerate(groups) if _same(group.stories, stories, finding)), None)
        if number is None:
            number = len(groups)
            groups.append(Incident((), frozenset()))
        group = groups[number]
        groups[number] = replace(group, findings=(*group.findings, finding), stories=group.stories | stories)
    return [group for group in groups if group.findings]


def stories_of(store: Store, search: Search) -> frozenset[str]:
    """The stories that a search finds, the newest few hundred."""
    hits = store.search(replace(search, sort="time"), limit=MOST_STORIES).hits
    return frozenset(hit.document.story for hit in hits)


def _same(some: frozenset[str], others: frozenset[str], finding: Finding) -> bool:
    """Whether half of the smaller one's stories are shared, or what the finding has beside the shared is ordinary."""
    shared, smaller = len(some & others), min(len(some), len(others))
    if not shared:
        return False
    return shared >= SAME * smaller or finding.observed - shared <= (finding.upper or finding.expected)
