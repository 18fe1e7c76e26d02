"""Rules that look at posts themselves: words that are new, and single posts that very many see."""

from collections.abc import Iterator
from datetime import datetime

from indexer.alerts.finding import Finding
from indexer.alerts.rules import Alerts, Engagement, NewTerm
from indexer.alerts.terms import significant
from indexer.document import Document
from indexer.store.base import Search, Store

MOST_READ = 300
"""Documents of a window, and of the time before it, whose words are compared."""
MOST_LOOKED_AT = 5_000
"""Posts whose counters are looked at."""
COUNTER = {"likes": "点赞", "replies": "回复", "shares": "转发", "views": "阅读", "heat": "热度"}


def findings(config: Alerts, store: Store, now: datetime) -> list[Finding]:
    """What the rules `new_term` and `engagement` find."""
    found: list[Finding] = []
    for rule in config.rules:
        if rule.enabled and isinstance(rule, NewTerm):
            found += _terms(rule, store, now)
        elif rule.enabled and isinstance(rule, Engagement):
            found += _engagement(rule, store, now)
    return found


def _terms(rule: NewTerm, store: Store, now: datetime) -> Iterator[Finding]:
    start = now - rule.window
    filters = {**rule.where, "reprint": ("false",)}
    ours = [it.document for it in store.search(Search(None, filters, start, now, "time"), limit=MOST_READ).hits]
    theirs = [
        it.document
        for it in store.search(Search(None, filters, start - rule.lookback, start, "time"), limit=MOST_READ).hits
    ]
    if len(ours) < rule.at_least or len(theirs) < 5 * rule.at_least:
        return
    for term in significant(ours, theirs, at_least=rule.at_least):
        if not term.before:
            told = f"新词「{term.word}」：{len(theirs)} 篇旧文中从未出现"
            yield Finding(rule.name, rule.kind, rule.severity, "term", term.word, start, now, term.now, 0.0,
                          where=rule.where, told=told)  # fmt: skip


def _engagement(rule: Engagement, store: Store, now: datetime) -> Iterator[Finding]:
    search = Search(filters=rule.where, since=now - rule.window, until=now, sort="time")
    for hit in store.search(search, limit=MOST_LOOKED_AT).hits:
        it = hit.document
        if it.published_at is None:
            continue
        if reached := [name for name, least in rule.counters.items() if it.engagement.get(name, 0) >= least]:
            most = max(reached, key=lambda name: it.engagement[name] / rule.counters[name])
            yield _seen(rule, it, most, now)


def _seen(rule: Engagement, it: Document, counter: str, now: datetime) -> Finding:
    count, least = it.engagement[counter], rule.counters[counter]
    told = f"单篇{COUNTER.get(counter, counter)} {count:,}"
    return Finding(rule.name, rule.kind, rule.severity, "story", it.story, it.at, now, 1, 0.0,
                   strength=count / least, where=rule.where, told=told)  # fmt: skip
