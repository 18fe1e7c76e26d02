"""What an export costs: documents a second, size and memory for CSV and XLSX, from an embedded store.

`python -m bench.export [--documents 100000]`. Fills a store (those of bench/search.py), then exports all of it in a
process of its own for each number of documents and format. Tells how much memory of its own that took at most; the
pages of the index that the system keeps mapped on top are its cache.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.search import BATCH, documents
from indexer.export import Exported, csv_chunks, exported, write_xlsx
from indexer.handling import Handling
from indexer.store import open_store
from indexer.store.base import Search

ZONE = ZoneInfo("Asia/Shanghai")
MEMORY: list[int] = []
"""kB of memory of its own, as the export went on."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--export", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.export:
        export(Path(asked.export[0]), asked.export[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in (asked.documents // 100, asked.documents):
            fill(Path(folder) / str(count), count)
            for kind in ("csv", "xlsx"):
                words = [sys.executable, "-m", "bench.export", "--export", str(Path(folder) / str(count)), kind]
                print(f"{count} documents, {kind}: {subprocess.check_output(words, text=True).strip()}")


def fill(folder: Path, count: int) -> None:
    store, batch = open_store("embedded", folder, writable=True), []
    for it in documents(count):
        batch.append(it)
        if len(batch) == BATCH:
            store.put(batch)
            batch = []
    store.put(batch)
    store.close()


def export(folder: Path, kind: str) -> None:
    store = open_store("embedded", folder, writable=False)
    number = store.count()
    rows = watched(exported(store.scan(Search()), lambda ids: {it: Handling(it) for it in ids}, ZONE))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "export"
        with file.open("wb") as out:
            if kind == "xlsx":
                write_xlsx(rows, out, Path(scratch))
            else:
                out.writelines(csv_chunks(rows))
        took = time.perf_counter() - started
        size = file.stat().st_size / 1e6
    most = max(MEMORY) / 1024
    print(f"{took:.1f} s, {number / took:,.0f} documents/s, {size:.0f} MB, at most {most:.0f} MB of memory")


def watched(rows: Iterable[Exported]) -> Iterator[Exported]:
    for number, row in enumerate(rows):
        if number % 500 == 0:
            status = Path("/proc/self/status").read_text(encoding="ascii")
            MEMORY.append(int(status.partition("RssAnon:")[2].split()[0]))
        yield row


if __name__ == "__main__":
    main()
