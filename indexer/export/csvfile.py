"""Rows as CSV that spreadsheets open safely: nothing that a cell says is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from indexer.export.rows import HEADINGS, Cell, Exported

ROWS = 200
"""Rows of a chunk."""
BOM = "\ufeff"
"""Without it Excel reads CSV in the machine's own charset."""
# What Excel, WPS and LibreOffice may take for a formula (OWASP, CSV Injection), full-width forms and blanks before it
# included.
_FORMULA = re.compile(r"[\t\r]|\s*[=+\-@＝＋－＠﹢﹣﹦﹫−|%]")


def csv_chunks(rows: Iterable[Exported]) -> Iterator[bytes]:
    """The file in pieces: UTF-8, a heading, a row each; lines end with CR LF (RFC 4180)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(HEADINGS)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(cell) for cell in row.cells()])
        if number % ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that could be taken for a formula."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
