"""What commands show on a terminal: progress, plain log lines, findings as text or JSON."""

import json
import logging
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo

import click

from indexer.document import Document, Practice
from indexer.health import Health, Rejected, is_shown
from indexer.retention import Going
from indexer.sources.drifts import told
from indexer.store.base import By, Results, Search, Trend
from indexer.store.highlight import snippet

LOG_EVERY = 10.0
"""Seconds between two log lines of progress where there is no terminal."""
BAR = 40
"""Characters of the longest bar of a trend."""


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A function that takes how many more are done: a bar on a terminal, a log line now and then elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
            yield bar.update
        return
    done, told = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal done, told
        done += more
        if time.monotonic() - told > LOG_EVERY:
            told = time.monotonic()
            logging.getLogger("dunwatch").info("%s: %d of %d", label, done, length)

    yield tell


def clean(text: str) -> str:
    """Text from the web without what a terminal would obey: controls, escapes, directional marks."""
    return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)


def counts(numbers: Mapping[str, object], as_json: bool) -> str:
    """`read 5 · new 5 · indexed 5`, or the same as a JSON object."""
    return json.dumps(numbers) if as_json else " · ".join(f"{name} {number}" for name, number in numbers.items())


def document(it: Document, zone: tzinfo) -> str:
    """A Document on a few lines: what it is, what it says, how sure."""
    dated = f"{it.published_at.astimezone(zone):%Y-%m-%d %H:%M}" if it.published_at else "undated"
    lines = [
        click.style(clean(it.title or it.body[:40] or "(no text)"), bold=True),
        f"  {dated} · {it.voice}{' (sample)' if it.generated else ''} · sentiment {it.sentiment:.2f}"
        f" {it.sentiment_label} · {it.source}",
    ]
    if it.lenders:
        lines.append(f"  lenders: {', '.join(it.lenders)}")
    lines += [
        f"  {practice.id} ({practice.stance}, {practice.severity}): {clean(practice.quote)[:120]}"
        for practice in _strongest(it)
    ]
    return "\n".join([*lines, f"  {clean(it.url)}"])


def _strongest(it: Document) -> list[Practice]:
    order = {"asserted": 0, "possible": 1, "denied": 2}
    firsts: dict[str, Practice] = {}
    for practice in sorted(it.practices, key=lambda practice: order[practice.stance]):
        firsts.setdefault(practice.id, practice)
    return list(firsts.values())


def results(found: Results, search: Search, zone: tzinfo) -> str:
    """The total, each hit with the words around what was searched, and the most frequent lenders and practices."""
    blocks = [f"{found.total} found"]
    for hit in found.hits:
        text = document(hit.document, zone)
        if search.text:
            start, end = snippet(hit.document.body, search.text)
            text += f"\n  …{clean(hit.document.body[start:end])}…"
        blocks.append(text)
    for name in ("lender", "practice"):
        if top := found.facets.get(name):
            blocks.append(f"{name}: " + ", ".join(f"{value} {count}" for value, count in top[:8]))
    return "\n\n".join(blocks)


def results_json(found: Results) -> str:
    """One JSON object: `total`, `hits` (each a Document with its `score`), `facets` (name → value → count)."""
    hits = [{**hit.document.model_dump(mode="json"), "score": hit.score} for hit in found.hits]
    facets = {name: dict(values) for name, values in found.facets.items()}
    return json.dumps({"total": found.total, "hits": hits, "facets": facets}, ensure_ascii=False)


def trend(it: Trend, by: By) -> str:
    """A line a period: when, how many, mean sentiment, a bar."""
    most = max((bucket.count for bucket in it.buckets), default=0)
    lines = [
        f"{_period(bucket.start, by)}  {bucket.count:6d}  "
        f"{'   –' if bucket.mean_sentiment is None else f'{bucket.mean_sentiment:.2f}'}  "
        f"{'█' * round(BAR * bucket.count / most) if most else ''}".rstrip()
        for bucket in it.buckets
    ]
    return "\n".join([*lines, f"{it.undated} without a date"])


def _period(start: datetime, by: By) -> str:
    return f"{start:%Y-%m-%d %H:00}" if by == "hour" else f"{start:%Y-%m-%d}"


def trend_json(it: Trend) -> str:
    """One JSON object: `buckets` (each `start`, `count`, `mean_sentiment`) and `undated`."""
    buckets = [
        {"start": bucket.start.isoformat(), "count": bucket.count, "mean_sentiment": bucket.mean_sentiment}
        for bucket in it.buckets
    ]
    return json.dumps({"buckets": buckets, "undated": it.undated})


def status(it: Health, documents: int | None, zone: tzinfo, as_json: bool) -> str:
    """What is there (None: the store is away), what waits, and the last crawl of each source and the next."""
    if as_json:
        runs = [
            {**vars(run), "started_at": _iso(run.started_at), "finished_at": _iso(run.finished_at)} for run in it.runs
        ]
        numbers = {"documents": documents, "waiting": it.waiting, "rejected": it.rejected, "runs": runs}
        failures = [{**vars(failed), "at": _iso(failed.at)} for failed in it.outbox.failures]
        outbox = {**vars(it.outbox), "oldest": _iso(it.outbox.oldest), "failures": failures}
        drifts = [
            {
                "source": drift.source,
                "opened_at": _iso(drift.opened_at),
                "signs": [it.model_dump() for it in drift.signs],
            }
            for drift in it.drifts
        ]
        plans = [
            {**vars(plan), "due_at": _iso(plan.due_at), "failing_since": _iso(plan.failing_since)} for plan in it.plans
        ]
        more = {"alerts": it.alerts, "outbox": outbox, "drifts": drifts, "next": plans}
        return json.dumps({**numbers, **more}, ensure_ascii=False)
    known: dict[str, object] = {"documents": "unknown" if documents is None else documents}
    known |= {"waiting": it.waiting, "rejected": it.rejected, "alerts": it.alerts}
    lines = [counts({**known, "messages waiting": it.outbox.waiting, "failed": it.outbox.failed}, False)]
    if it.outbox.oldest:
        waits = f"messages wait since {it.outbox.oldest.astimezone(zone):%Y-%m-%d %H:%M}"
        lines.append(f"{waits}: {clean(it.outbox.last_answer) or 'not tried yet'}")
    lines += [f"not sent to {clean(it.recipient)}: {clean(it.answer)}" for it in it.outbox.failures]
    for drift in it.drifts:
        since = f"{drift.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
        lines += [f"DRIFT {clean(drift.source)} since {since}: {told(sign, 0)}" for sign in drift.signs]
    for run in it.runs:
        shown = ", ".join(f"{name} {number}" for name, number in run.counts.items() if number and is_shown(name))
        lines.append(
            f"{run.source}: {run.started_at.astimezone(zone):%Y-%m-%d %H:%M} {run.outcome or 'running'}: {shown}"
            + (f": {clean(run.error)}" if run.error else "")
        )
    for plan in it.plans:
        why = f" ({clean(plan.why)})" if plan.why else ""
        lines.append(f"{plan.source}: next {plan.due_at.astimezone(zone):%Y-%m-%d %H:%M}{why}")
    return "\n".join(lines)


def going(it: Going, *, evidence: bool, done: bool) -> str:
    """What retention deletes or would delete, a line a month, and what becomes of the evidence."""
    verb = "deleted" if done else "would delete"
    lines = [
        f"{verb} {month.name}: {month.documents} documents, {month.versions} versions of posts" for month in it.months
    ]
    if it.evidence:
        told = f"{len(it.evidence)} WARC files of before {it.first}"
        lines.append(f"{verb} {told}" if evidence else f"keeps {told} (--evidence deletes them)")
    lines.append(f"keeps {it.first} and later")
    if not done and (it.months or (evidence and it.evidence)):
        lines.append("nothing was deleted: --yes does it")
    return "\n".join(lines)


def rejected(it: Rejected, zone: tzinfo, as_json: bool) -> str:
    """One refusal on a line."""
    if as_json:
        return json.dumps({**vars(it), "at": _iso(it.at)}, ensure_ascii=False)
    return f"{it.at.astimezone(zone):%Y-%m-%d %H:%M} {it.stage} {clean(it.source)} {clean(it.url)}: {clean(it.reason)}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
