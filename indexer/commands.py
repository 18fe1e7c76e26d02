"""What every command of the command line shares: where it works, how it fails, and the options that several take."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from filelock import Timeout

from indexer import console
from indexer.datadir import DataDir
from indexer.logs import FORMS, Form, log_to_stderr
from indexer.settings import Settings
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Store

if TYPE_CHECKING:
    from indexer.text.privacy import Masker


class Failure(click.ClickException):
    """Something that went wrong in use; exit code 1."""


class WrongUse(click.ClickException):
    """Wrong arguments or configuration."""

    exit_code = 2


@dataclass(frozen=True)
class Place:
    """Where a command works: the folder of the YAML files, what dunwatch.yaml says, and the data directory."""

    config: Path
    settings: Settings
    data: DataDir

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store, open for searches."""
        store = open_store(self.settings.backend, self.data.index, writable=False)
        try:
            yield store
        finally:
            store.close()

    def masker(self, key: bytes = b"") -> "Masker":
        """The Masker for whatever leaves dunwatch: it spares hotlines of dunwatch.yaml and names of lenders.yaml.

        `key` matters only where contacts or authors are hashed. Raises ConfigError.
        """
        lenders = self.config / "lenders.yaml"
        # A sample mail is sent from a folder without one too; whatever analyses says that it lacks.
        written = lenders.stat().st_mtime_ns if lenders.is_file() else 0
        return _masker(lenders, written, tuple(self.settings.keep_hotlines), key)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """As the one process that writes the index. Raises Failure where another does."""
        try:
            lock = self.data.indexing().acquire(timeout=0)
        except Timeout:
            raise Failure(f"another dunwatch is at work in {self.data.path}: stop it, or give another --data") from None
        with lock:
            yield


@lru_cache(maxsize=4)
def _masker(lenders: Path, written: int, hotlines: tuple[str, ...], key: bytes) -> "Masker":
    """Made anew only where the file was `written` since, as that takes most of a second."""
    from indexer.masking import masker_of
    from indexer.meaning.lenders import Lenders

    return masker_of(hotlines, Lenders.load(lenders) if written else None, key)


def command(function: Callable[..., None]) -> click.Command:
    """A command like click's own, with --config and --data, which reach the function as a Place, and --log.

    It is called as the function is; groups take it by `add_command`.
    """

    @wraps(function)
    def run(config: Path, data: Path, log: Form, parent: int | None, **words: Any) -> None:
        if parent:
            from indexer.processes import end_with

            end_with(parent)
        os.environ["DUNWATCH_LOG"] = log  # for the parts of the main job, which are processes of their own
        log_to_stderr(log)
        function(Place(config, Settings.load(config), DataDir(data)), **words)

    folder = click.Path(path_type=Path, file_okay=False)
    place = [
        click.option("--config", type=folder, default="config", envvar="DUNWATCH_CONFIG", help="Folder of YAML files."),
        click.option("--data", type=folder, default="data", envvar="DUNWATCH_DATA", help="Folder of all that is kept."),
        click.option(
            "--log", type=click.Choice(FORMS), default="plain", envvar="DUNWATCH_LOG", help="Form of log lines."
        ),
        click.option("--parent", type=int, hidden=True),
    ]
    for option in reversed(place):
        run = option(run)
    return click.command(name=function.__name__.strip("_").replace("_", "-"))(run)


def index_waiting(place: Place, state: State) -> None:
    """Have all that waits analysed and indexed, here or by the job that is at it, with a progress bar."""
    from indexer.indexing import index_or_wait
    from indexer.spool import Spool

    with console.progress("indexing", Spool(state).depth()) as progress:
        index_or_wait(place.data, place.config, place.settings, state, progress=progress)


as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")
