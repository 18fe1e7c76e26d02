"""Saved searches that a team wants to be told of: so many stories within so many hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from indexer.alerts.finding import Finding
from indexer.alerts.rules import SAVED
from indexer.saved import SavedSearch, SavedSearches
from indexer.state import State
from indexer.store.base import Search, Store
from indexer.store.query import QueryError

BEFORE = timedelta(days=28)
"""The time before the window from which its ordinary is told."""


def findings(state: State, store: Store, now: datetime) -> Iterator[Finding]:
    """Those that hold as many as was asked for now."""
    for saved in SavedSearches(state).all():
        if saved.at_least is not None and (found := _finding(saved, saved.at_least, store, now)):
            yield found


def _finding(saved: SavedSearch, at_least: int, store: Store, now: datetime) -> Finding | None:
    window = timedelta(hours=saved.hours)
    try:
        search = saved.search(now - window, now)
    except QueryError:  # kept by an earlier version of the language
        return None
    observed = _stories(store, search)
    if observed < at_least:
        return None
    before = _stories(store, replace(search, since=now - window - BEFORE, until=now - window))
    told = f"达到保存时设的 {at_least} 件"
    return Finding(SAVED, "threshold", "normal", "saved", saved.name, now - window, now, observed,
                   round(before * (window / BEFORE), 2), where=search.filters, told=told, query=saved.q)  # fmt: skip


def _stories(store: Store, search: Search) -> int:
    """How many stories it finds: reprints count once, unless it asks for them."""
    filters = {"reprint": ("false",), **search.filters}
    return store.search(replace(search, filters=filters), limit=0).total
