"""Indexing for as long as a job takes: what comes, meanwhile, or all that is left, and a store that may be away."""

import logging
import threading
import time

from indexer.indexing import Counts, Indexer
from indexer.store.base import StoreUnavailable

log = logging.getLogger("dunwatch.job")

POLL = 0.5
"""Seconds between two looks into the spool."""
STORE_PAUSE = 5.0
"""Seconds before a store that was away is asked again."""
PATIENCE_WITH_STORE = 600
"""Seconds that a job which ends waits for a store that is away."""


def index_the_rest(indexer: Indexer, stop: threading.Event) -> Counts:
    """Index all that waits. A store that is away is waited for; raises StoreUnavailable where it stays so."""
    total, end = Counts(), time.monotonic() + PATIENCE_WITH_STORE
    while indexer.spool.depth() and not stop.is_set():
        _add(total, _drained(indexer, stop) if time.monotonic() < end else indexer.drain(stop=stop))
    return total


def _drained(indexer: Indexer, stop: threading.Event) -> Counts:
    """Index what waits; where the store is away, wait a while instead, as the spool keeps what there is."""
    try:
        return indexer.drain(stop=stop)
    except StoreUnavailable as error:
        log.warning("%s; %d posts wait", error, indexer.spool.depth())
        stop.wait(STORE_PAUSE)
        return Counts()


def index_until(moment: float, indexer: Indexer, stop: threading.Event) -> Counts:
    """Index what comes into the spool until `moment` (time.monotonic()) or until told to stop.

    Where the store is away, what comes waits in the spool.
    """
    total = Counts()
    while not stop.is_set() and time.monotonic() < moment:
        _add(total, _drained(indexer, stop))
        stop.wait(POLL)
    return total


def _add(total: Counts, more: Counts) -> None:
    total.indexed += more.indexed
    total.rejected += more.rejected
