"""What commands show on a terminal: progress, plain log lines, tables."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LOG_EVERY = 10.0
"""Seconds between two log lines of progress where there is no terminal."""


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


def log_plainly(level: int = logging.INFO) -> None:
    """Log lines on standard error: time, level, text. Libraries only when something is wrong."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("dunwatch").setLevel(level)
