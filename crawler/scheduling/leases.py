"""Keeps leases while crawls go on, in a thread of its own: a crawl whose lease can't be kept has to end."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial

from crawler.scheduling.register import Register
from indexer.processes import beside
from indexer.state import StateError

log = logging.getLogger("dunwatch")


def kept(
    open_register: Callable[[], Register], sources: Sequence[str], lost: Callable[[str], None]
) -> AbstractContextManager[None]:
    """Renew the leases of the sources until the block is left; `lost` is called (in another thread) with those that
    another has, or that could not be renewed in time."""
    return beside(partial(_keep, open_register, list(sources), lost), "leases")


def _keep(
    open_register: Callable[[], Register], sources: list[str], lost: Callable[[str], None], done: threading.Event
) -> None:
    renewed_at = dict.fromkeys(sources, time.monotonic())
    own = open_register()
    try:
        while sources and not done.wait(own.lease / 4):
            for source in list(sources):
                if not _renewed(own, source, renewed_at):
                    sources.remove(source)
                    lost(source)
    finally:
        own.close()


def _renewed(own: Register, source: str, renewed_at: dict[str, float]) -> bool:
    """Whether the source is still ours; a register that is away may come back before the lease ends."""
    try:
        if not own.take(source):
            return False
        renewed_at[source] = time.monotonic()
    except StateError as error:
        log.warning("%s: its lease could not be renewed: %s", source, error)
        return time.monotonic() - renewed_at[source] < own.lease / 2  # then there is time to end in order
    return True
