"""Alerts copied into the cluster, where Kibana's dashboards look at them."""

from indexer.alerts.alert import Alert, Alerts
from indexer.kibana.records import AlertRecord, Backend, keep_alerts
from indexer.state import State

COPIED = 200
"""Alerts that are copied, the newest."""


def copy(backend: Backend, state: State) -> None:
    """Does nothing on the embedded store; a cluster that fails is a line in the log."""
    keep_alerts(backend, [_record(it) for it in Alerts(state).newest(COPIED)])


def _record(it: Alert) -> AlertRecord:
    """An alert as Kibana's dashboards look at it."""
    measure = it.facts.measure
    expected = measure.expected if measure else 0.0
    return AlertRecord(
        id=str(it.seq),
        rule=it.rule,
        series=it.subject.partition(":")[0],
        lender=it.facts.lenders[0] if it.facts.lenders else None,
        practice=it.facts.practices[0] if it.facts.practices else None,
        opened_at=it.opened_at,
        updated_at=it.updated_at,
        closed_at=it.closed_at,
        state=it.state,
        observed=it.observed,
        expected=expected,
        ratio=it.observed / max(expected, 0.5),
        headline=it.facts.headline,
        url=it.facts.view,
    )
