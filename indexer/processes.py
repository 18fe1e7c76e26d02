"""The parts of a job are processes of their own: how they begin, and how they end with one another; and what goes on
beside them in a thread."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger("dunwatch.job")

PATIENCE = 30
"""Seconds that a part has to end when it is told to."""


def command(*words: str, config: Path, data: Path) -> list[str]:
    """The command line of a part of the job. It ends when this process does."""
    place = ["--config", str(config), "--data", str(data), "--parent", str(os.getpid())]
    return [sys.executable, "-m", "dunwatch", *words, *place]


@contextmanager
def part(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a child; told to end, and in the end killed, when the block is left."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def beside(work: Callable[[threading.Event], None], name: str) -> Iterator[None]:
    """Work in a thread while the block lasts. The event that it gets is set at the end, and is waited for then."""
    done = threading.Event()
    thread = threading.Thread(target=work, args=(done,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(command: Sequence[str]) -> int:
    """The command to its end; returns its exit code."""
    with part(command) as process:
        return process.wait()


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set; a second signal ends the process at once."""
    stop = threading.Event()

    def tell(number: int, _frame: object) -> None:
        log.info("stopping (once more: at once)")
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return stop


def end_with(parent: int) -> None:
    """Have this process told to end (SIGTERM) once its parent has gone, however that went."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
