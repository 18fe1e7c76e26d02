"""The command that writes a search into a file."""

import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer import console
from indexer.commands import Failure, Place, WrongUse, command
from indexer.handling import Handlings
from indexer.people.audit import record_command
from indexer.store.commands import narrowing, wanted

if TYPE_CHECKING:
    from indexer.export import Exported


@command
@click.argument("query", default="")
@narrowing
@click.option("--to", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help=".csv or .xlsx")
def export(place: Place, query: str, file: Path, **narrow: Any) -> None:
    """Write all that a search finds into a file for spreadsheets: a row a document, masked, in order of id."""
    from indexer.export import MOST_ROWS, exported

    if file.suffix not in (".csv", ".xlsx"):
        raise WrongUse(f"{file}: expected a name that ends with .csv or .xlsx")
    told = shlex.join([query, *(f"{name}={value}" for name, value in narrow.items() if value)])
    search = wanted(place, query, narrow)
    with place.data.state() as state, place.reading() as store:
        total = store.search(search, limit=0).total
        if file.suffix == ".xlsx" and total > MOST_ROWS:
            raise Failure(f"{total} documents: a sheet has {MOST_ROWS} rows; write a .csv or narrow the search")
        record_command(state, "export", str(file), f"{total}: {told}")
        with console.progress("exporting", total) as progress:
            rows = exported(store.scan(search), Handlings(state).get, place.settings.zone)
            _write(_telling(rows, progress), file)
    click.echo(f"{total} documents in {file}")


def _write(rows: "Iterable[Exported]", file: Path) -> None:
    """The whole file or nothing."""
    from indexer.export import csv_chunks, write_xlsx

    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export") as scratch:
        draft = Path(scratch) / file.name
        with draft.open("wb") as out:
            if file.suffix == ".xlsx":
                write_xlsx(rows, out, Path(scratch))
            else:
                out.writelines(csv_chunks(rows))
        draft.replace(file)


def _telling(rows: "Iterable[Exported]", tell: Callable[[int], None]) -> "Iterator[Exported]":
    for row in rows:
        yield row
        tell(1)
