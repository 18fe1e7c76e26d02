"""What an export costs: documents a second, size and memory for CSV and XLSX, from an embedded store.

`python -m bench.export [--documents 100000]`. Fills a store (those of bench/search.py), then exports all of it in a
process of its own for each number of documents and format, and downloads the same from `dunwatch serve`. Tells how much
memory of its own the process took at most, of the server also before; the pages of the index that the system keeps
mapped on top are its cache.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from bench.search import BATCH, documents
from indexer.datadir import DataDir
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
            data = DataDir(Path(folder) / str(count))
            fill(data.index, count)
            for kind in ("csv", "xlsx"):
                words = [sys.executable, "-m", "bench.export", "--export", str(data.index), kind]
                print(f"{count} documents, {kind}: {subprocess.check_output(words, text=True).strip()}")
                print(f"{count} documents, {kind}, downloaded: {download(data, kind)}")


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


def download(data: DataDir, kind: str) -> str:
    """All documents as that kind of file from the web page, which a process of its own serves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "dunwatch.py", "serve", "--data", str(data.path), "--port", str(port)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server, ThreadPoolExecutor(1) as watcher:
        try:
            url = next(line.split()[-1] for line in server.stderr or () if "web page at" in line)
            httpx.get(url)
            before, started = memory_of(server.pid), time.perf_counter()
            fetched = watcher.submit(fetch, f"{url}export.{kind}")
            most = 0
            while not fetched.done():
                most = max(most, memory_of(server.pid))
                time.sleep(0.05)
            took = time.perf_counter() - started
        finally:
            server.terminate()
    size = fetched.result() / 1e6
    return f"{took:.1f} s, {size:.0f} MB, server at most {most / 1024:.0f} MB of memory, {before / 1024:.0f} MB before"


def fetch(url: str) -> int:
    """The number of its bytes, which are thrown away."""
    with httpx.stream("GET", url, timeout=600) as answer:
        answer.raise_for_status()
        return sum(map(len, answer.iter_raw()))


def memory_of(process: int | str) -> int:
    """kB of its own."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0])


def watched(rows: Iterable[Exported]) -> Iterator[Exported]:
    for number, row in enumerate(rows):
        if number % 500 == 0:
            MEMORY.append(memory_of("self"))
        yield row


if __name__ == "__main__":
    main()
