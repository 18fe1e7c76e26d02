"""The search that finds the documents an alert is about."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from indexer.alerts.alert import Alert
from indexer.alerts.finding import filter_of
from indexer.alerts.rules import Alerts as Rules
from indexer.configfile import ConfigError
from indexer.saved import SavedSearch
from indexer.store.base import FILTERS
from indexer.web.counted import COUNTED
from indexer.web.listing import Listing

Where = Mapping[str, Sequence[str]]


def alerted(alert: Alert, where: Where, saved: Sequence[SavedSearch]) -> Listing | None:
    """What it counted, reprints included, in its last unusual window; None where that can't be told any more.

    `where` is what its rule counts; `saved` are the saved searches there are, one of which it may be about.
    """
    measure = alert.facts.measure
    if measure is None:
        return None
    of, _, value = alert.subject.partition(":")
    name, value = filter_of(of, value)
    period = {"since": measure.start.isoformat(), "until": measure.end.isoformat()}
    if of == "term":
        return Listing(q=f'"{value}"', filters=_filters(where), **period)
    if of == "saved":
        kept = next((it for it in saved if it.name == value), None)
        return Listing(q=kept.q, filters=_filters(kept.filters), **period) if kept else None
    return Listing(filters=_filters({**where, name: (value,)}), **period) if name in FILTERS else None


def counts(config: Path, rule: str) -> Where:
    """What the rule of that name counts; where it is not in the file any more, what rules count unless told."""
    usual = {name: values for name, values in COUNTED.items() if name != "reprint"}
    try:
        rules = Rules.load(config).rules
    except ConfigError:
        return usual
    return next((it.where for it in rules if it.name == rule), usual)


def _filters(where: Where) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in where.items()}
