"""An alert as JSON: what `dunwatch alerts list --json` and /api/alerts give."""

from datetime import UTC, datetime

from indexer.alerts.alert import Alert


def told(it: Alert) -> dict[str, object]:
    """An alert with plain values; docs/alerts.md says what each is."""
    measure = it.facts.measure
    return {
        "id": it.seq,
        "rule": it.rule,
        "subject": it.subject,
        "state": it.state,
        "severity": it.severity,
        "headline": it.facts.headline,
        "lenders": it.facts.lenders,
        "practices": it.facts.practices,
        "opened_at": iso(it.opened_at),
        "start": iso(measure.start) if measure else None,
        "end": iso(measure.end) if measure else None,
        "unusual_at": iso(it.unusual_at),
        "closed_at": iso(it.closed_at) if it.closed_at else None,
        "observed": it.observed,
        "expected": measure.expected if measure else None,
        "documents": measure.documents if measure else None,
        "acknowledged_at": iso(it.acknowledged_at) if it.acknowledged_at else None,
        "acknowledged_by": it.acknowledged_by,
        "note": it.note,
        "owner": it.owner,
        "silenced": it.silenced,
        "messages": dict(it.messages),
    }


def iso(moment: datetime) -> str:
    """UTC with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
