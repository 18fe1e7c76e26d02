"""Findings that are about the same documents are one incident: a storm of complaints is told once, not seven times.

Lenders are kept apart, as each has followers of its own: what all lenders have in common (a practice, a source) goes
with the lender that explains most of it, and puts lenders together only where no single one does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from indexer.alerts.alert import Alert, Member
from indexer.alerts.finding import Finding, lender_of
from indexer.store.base import Search, Store

SAME = 0.5
"""Part of the smaller one's stories that two findings must share to be one incident."""
NEAR = timedelta(hours=3)
MOST_STORIES = 500
MOST_FINDINGS = 100
"""Findings of one check that are looked at, the strongest first."""
SPECIFIC = ("story", "lender_practice", "term", "saved", "lender", "practice", "campaign", "source")
SHARED = ("practice", "campaign", "source")
"""Series that lenders have in common."""


@dataclass(frozen=True)
class Incident:
    """Findings about the same stories. `alert` is the one that they belong to, live or closed lately."""

    findings: tuple[Finding, ...]
    stories: frozenset[str]
    """Of what lenders have in common only where nothing more specific was found."""
    alert: Alert | None = None

    @property
    def first(self) -> Finding:
        """The most specific of those that hold most of what was too much, then the strongest.

        Of one lender's incident only what is about it: what lenders share may hold another one's as well.
        """
        alone = len({it.lender for it in self.findings if it.lender}) == 1
        own = [it for it in self.findings if not (alone and it.of in SHARED)]
        most = max(it.observed - it.expected for it in own)
        telling = [it for it in own if it.observed - it.expected >= 0.6 * most]
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
    for finding in sorted(findings[:MOST_FINDINGS], key=_tier):
        stories = stories_of(store, finding.search)
        number = _belongs(finding, stories, groups, owners)
        if number is None and len(stories) == MOST_STORIES:  # the newest of two may differ where most is the same
            number = next((place for place, group in enumerate(groups) if _mostly(store, group, finding)), None)
        if number is None and finding.of in SHARED:
            number = next((place for place, group in enumerate(groups) if _goes_on(store, group, finding)), None)
        if number is None:
            number = len(groups)
            groups.append(_united(groups, _parts(finding, stories, groups)))
        group = groups[number]
        core = stories if finding.of not in SHARED or not group.stories else frozenset()
        groups[number] = replace(group, findings=(*group.findings, finding), stories=group.stories | core)
    return [group for group in groups if group.findings]


def stories_of(store: Store, search: Search) -> frozenset[str]:
    """The stories that a search finds, the newest few hundred."""
    hits = store.search(replace(search, sort="time"), limit=MOST_STORIES).hits
    return frozenset(hit.document.story for hit in hits)


def _tier(finding: Finding) -> int:
    """What is about a lender and more comes before what is about lenders, and that before what they share."""
    return 2 if finding.of in SHARED else 1 if finding.of == "lender" else 0


def _belongs(
    finding: Finding, stories: frozenset[str], groups: Sequence[Incident], owners: Mapping[Member, int]
) -> int | None:
    """The place of the group that a finding belongs to, if there is one yet."""
    owner = owners.get(Member(finding.rule, finding.subject))
    if _tier(finding) == 0 and owner is not None:
        return owner
    fits = _explains if finding.of in SHARED else _same
    overlapping = [place for place, group in enumerate(groups) if fits(group.stories, stories, finding)]
    if overlapping:
        return max(overlapping, key=lambda place: (len(groups[place].stories & stories), -place))
    if owner is not None:
        return owner
    return next((place for place, group in enumerate(groups) if _at_once(group, finding)), None)


def _parts(finding: Finding, stories: frozenset[str], groups: Sequence[Incident]) -> list[int]:
    """Places of the new groups that explain together what lenders have in common; none where they don't."""
    if finding.of not in SHARED:
        return []
    parts = [
        place
        for place, group in enumerate(groups)
        if group.findings and not group.alert and len(group.stories & stories) >= SAME * len(group.stories)
    ]
    together = frozenset[str]().union(*(groups[place].stories for place in parts))
    return parts if _explains(together, stories, finding) else []


def _united(groups: list[Incident], parts: Sequence[int]) -> Incident:
    """One group of several, which are emptied."""
    several = [groups[place] for place in parts]
    for place in parts:
        groups[place] = Incident((), frozenset())
    findings = tuple(finding for it in several for finding in it.findings)
    return Incident(findings, frozenset[str]().union(*(it.stories for it in several)))


def _same(some: frozenset[str], others: frozenset[str], finding: Finding) -> bool:
    """Whether half of the smaller one's stories are shared, or what the finding has beside the shared is ordinary."""
    shared = len(some & others)
    return shared > 0 and (shared >= SAME * min(len(some), len(others)) or _rest_is_ordinary(finding, shared))


def _explains(some: frozenset[str], others: frozenset[str], finding: Finding) -> bool:
    """Whether stories are half of what is too much about a finding, or what else it has is ordinary."""
    shared = len(some & others)
    too_much = min(len(others), finding.observed - finding.expected)
    return shared > 0 and (shared >= SAME * too_much or _rest_is_ordinary(finding, shared))


def _mostly(store: Store, group: Incident, finding: Finding) -> bool:
    """Whether half of a large finding's documents are those of the largest of a group, counted in the store."""
    other = max(group.findings, key=lambda it: it.observed, default=None)
    if other is None:
        return False
    mine, theirs = finding.search.filters, other.search.filters
    if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
        return False
    since, until = max(finding.start, other.start), min(finding.end, other.end)
    both = replace(finding.search, filters={**mine, **theirs}, since=since, until=until)
    return store.search(both, limit=0).total >= SAME * store.search(finding.search, limit=0).total


def _rest_is_ordinary(finding: Finding, shared: int) -> bool:
    return finding.observed - shared <= (finding.upper or finding.expected)


def _goes_on(store: Store, group: Incident, finding: Finding) -> bool:
    """Whether half of what is too much about something that lenders share is of a group's lender, hours apart from what
    is known of it: a storm rises here and there in turn.
    """
    if group.alert is not None:
        about, measure = lender_of(group.alert.subject), group.alert.facts.measure
        known = [(about, measure.start, group.alert.unusual_at)] if measure and group.alert.state != "closed" else []
    else:
        known = [(it.lender, it.start, it.end) for it in group.findings]
    near = {lender for lender, start, end in known if start <= finding.end + NEAR and finding.start <= end + NEAR}
    too_much = finding.observed - finding.expected
    return any(
        store.search(replace(finding.search, filters={**finding.search.filters, "lender": (it,)}), limit=0).total
        >= SAME * too_much
        for it in near - {""}
    )


def _at_once(group: Incident, finding: Finding) -> bool:
    """Whether both are about one lender at one time. With an alert, hours tell: a day lasts until midnight."""
    if not finding.lender:
        return False
    if group.alert is None:
        same = [it for it in group.findings if it.lender == finding.lender]
        return any(it.start < finding.end and finding.start < it.end for it in same)
    measure, live = group.alert.facts.measure, group.alert.state != "closed"
    return bool(
        live
        and measure
        and finding.by == "hour"
        and lender_of(group.alert.subject) == finding.lender
        and measure.start < finding.end
        and finding.start < group.alert.unusual_at
    )
