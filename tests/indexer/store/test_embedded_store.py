"""The embedded store: one writer, readers that never wait, whole commits after SIGKILL."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.store import open_store
from indexer.store.base import Search, StoreError
from tests.cli import ROOT
from tests.documents import document


def test_a_reader_sees_each_commit_and_a_second_writer_is_refused(tmp_path: Path) -> None:
    reader = open_store("embedded", tmp_path, writable=False)
    assert reader.count() == 0
    writer = open_store("embedded", tmp_path, writable=True)
    writer.put([document(1)])
    assert reader.count() == 1
    writer.put([document(2)])
    assert reader.search(Search()).total == 2
    with pytest.raises(StoreError, match="another process"):
        open_store("embedded", tmp_path, writable=True)
    with pytest.raises(StoreError, match="reading only"):
        reader.put([document(3)])
    writer.close()
    open_store("embedded", tmp_path, writable=True).close()


def test_an_index_that_is_damaged_is_told(tmp_path: Path) -> None:
    store = open_store("embedded", tmp_path, writable=True)
    store.put([document(1)])
    store.close()
    (meta,) = tmp_path.rglob("meta.json")
    meta.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError):
        open_store("embedded", tmp_path, writable=False).count()


WRITING = """
import sys
from pathlib import Path
from indexer.store import open_store
from tests.documents import document
store = open_store("embedded", Path(sys.argv[1]), writable=True)
for batch in range(1000):
    store.put([document(10 * batch + number) for number in range(10)])
    print(batch, flush=True)
"""


def test_a_killed_writer_leaves_whole_commits(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert writer.stdout
    for _ in range(5):
        last = int(writer.stdout.readline())
    time.sleep(0.05)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    reader = open_store("embedded", tmp_path, writable=False)
    assert reader.count() >= 10 * (last + 1)
    assert reader.count() % 10 == 0
    again = open_store("embedded", tmp_path, writable=True)
    again.put([document(0)])
    assert reader.count() % 10 == 0
    again.close()
