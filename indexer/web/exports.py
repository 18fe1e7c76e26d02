"""A search as a file to download."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from indexer.export import MOST_ROWS, Exported, csv_chunks, exported, write_xlsx
from indexer.store.base import Store
from indexer.web.guard import detail
from indexer.web.handled import Handled
from indexer.web.listing import Listing, ListingError

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 1 << 18


class Exports:
    """Exports what a store holds."""

    def __init__(self, store: Store, handled: Handled, zone: tzinfo) -> None:
        self._store, self._handled, self._zone = store, handled, zone

    def sent(self, request: Request) -> Response:
        """The file that the address ends with: all hits of a listing, in order of id."""
        kind = request.path_params["kind"]
        if kind not in TYPES:
            raise HTTPException(404)
        search = self._handled.search(Listing.read(request.query_params))
        total = self._store.search(search, limit=0).total
        if kind == "xlsx" and total > MOST_ROWS:
            raise ListingError(f"Excel 最多 {MOST_ROWS:,} 行，这里有 {total:,} 篇：请缩小范围，或导出 CSV")
        rows = exported(self._store.scan(search), self._handled.of, self._zone)
        chunks = csv_chunks(rows) if kind == "csv" else _xlsx(rows)
        first = next(chunks)  # what goes wrong at the beginning is told as an error and not as an empty file
        detail(request, f"{total} documents")
        name = f"dunwatch-{datetime.now(UTC).astimezone(self._zone):%Y%m%d-%H%M}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(_all(first, chunks), media_type=TYPES[kind], headers=headers)


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _xlsx(rows: Iterator[Exported]) -> Iterator[bytes]:
    """A workbook can be sent only when it is whole: it is made on the disk, which it leaves with the last piece."""
    with tempfile.TemporaryDirectory(prefix="dunwatch-export") as scratch, tempfile.TemporaryFile(dir=scratch) as file:
        write_xlsx(rows, file, Path(scratch))
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
