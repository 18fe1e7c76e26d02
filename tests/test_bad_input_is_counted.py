"""Bad input never stops a run: it is counted, kept aside to look at, and the rest goes on."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.articles import COMPLAINT
from tests.cli import ROOT, arguments, dunwatch

GOOD = "good.txt"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / GOOD).write_text(COMPLAINT, encoding="utf-8")
    return folder


BAD = {
    "empty.txt": (b"", "empty"),
    "binary.html": (bytes(range(256)) * 64, "binary|text"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + os.urandom(4096), "binary|text"),
    "no-text.html": (b"<html><body><img src=x></body></html>", "text"),
    "huge.html": (b"<p>" + b"x" * (51 * 1024 * 1024), "large|MB|bytes"),
    "bad.jsonl": (b'{"url": 5}\n', "line 1"),
    "cut.warc.gz": (b"\x1f\x8b\x08\x00garbage", "."),
}
"""Content, and what is said of it."""


def test_bad_files_are_rejected_and_the_good_one_indexed(files: Path) -> None:
    for name, (content, _) in BAD.items():
        (files / name).write_bytes(content)
    data = files.parent / "data"
    told = dunwatch(data, "ingest", files, "--json")
    assert told.code == 0
    assert told.json()["indexed"] == 1
    assert told.json()["refused"] == len(BAD)
    rejected = dunwatch(data, "rejected", "--json").lines()
    for name, (_, reason) in BAD.items():
        (kept,) = (it for it in rejected if name in it["url"])
        assert kept["stage"] == "ingest"
        assert re.search(reason, kept["reason"])


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = dunwatch(tmp_path / "data", "ingest", tmp_path / "nothing.txt")
    assert told.code == 1
    assert "nothing" in told.err


@pytest.mark.parametrize("command", ["run", "ingest", "search", "serve", "status"])
def test_wrong_yaml_stops_every_command_with_the_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/dunwatch.yaml").write_text("web:\n  prot: 80\n", encoding="utf-8")
    words = [command, str(tmp_path)] if command == "ingest" else [command]
    told = dunwatch(tmp_path / "data", *words, config=tmp_path / "config")
    assert told.code == 2
    assert "dunwatch.yaml:2: web.prot: unknown key" in told.err


def test_wrong_use_is_exit_code_two(tmp_path: Path) -> None:
    assert dunwatch(tmp_path, "ingest").code == 2
    assert dunwatch(tmp_path, "fly").code == 2
    assert dunwatch(tmp_path, "search", "--since", "2026-11-02", "--until", "2026-11-01").code == 2
    for option, value in [
        ("--since", "gestern"),
        ("--since", "0001-01-01"),
        ("--until", "9999-12-31"),
        ("--voice", "x"),
    ]:
        told = dunwatch(tmp_path, "search", "催收", option, value)
        assert told.code == 2
        assert value in told.err


def test_a_damaged_state_file_is_one_clear_error(files: Path) -> None:
    data = files.parent / "data"
    assert dunwatch(data, "ingest", files).code == 0
    state = data / "state.sqlite"
    state.write_bytes(state.read_bytes()[:4096] + b"\xff" * (state.stat().st_size - 4096))
    told = dunwatch(data, "status")
    assert told.code == 1
    assert told.err.startswith("dunwatch: ")


def test_what_a_terminal_would_obey_does_not_reach_it(files: Path) -> None:
    (files / "\x1b]0;title\x07.txt").write_bytes(b"")
    told = dunwatch(files.parent / "data", "analyse", files)
    assert told.code == 1
    assert "empty file" in told.err
    assert "\x1b" not in told.err


def test_a_full_disk_is_one_clear_error_and_nothing_is_half_there(files: Path) -> None:
    """A file size limit of the process stands for the full disk: writes fail in the same places."""
    data = files.parent / "data"
    for number in range(80):
        (files / f"{number}.txt").write_text(f"{COMPLAINT}{number}" * 20, encoding="utf-8")
    limited = ["bash", "-c", 'ulimit -f 600; exec "$@"', "bash", *arguments(data, "ingest", files)]
    done = subprocess.run(limited, capture_output=True, text=True, timeout=180, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("dunwatch: ")]
    told = dunwatch(data, "ingest", files, "--json")
    assert told.code == 0
    assert dunwatch(data, "status", "--json").json()["documents"] == 81
