"""The main job as a person runs it: nothing configured, a site of our own, one process that writes, killed or not."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.articles import COMPLAINT
from tests.cli import ROOT, arguments, dunwatch

DOCUMENTS = 41
"""How many the site of our own has."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The configuration as it ships, but for a free port of the web page."""
    folder = tmp_path / "config"
    folder.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "dunwatch.yaml").write_text(f"web: {{ port: {port} }}\n", encoding="utf-8")
    return folder


@contextmanager
def running(data: Path, config: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`dunwatch run` in the background, and in a group of its own."""
    job = subprocess.Popen(arguments(data, "run", *words, config=config), cwd=ROOT, stderr=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        yield job
    finally:
        if job.poll() is None:
            os.killpg(job.pid, signal.SIGKILL)
        job.wait()


def said(data: Path, config: Path) -> list[tuple[Any, ...]]:
    """What the index says, without what depends on when it was fetched."""
    hits = dunwatch(data, "search", "--limit", "1000", "--json", config=config).json()["hits"]
    return sorted((it["title"], it["body"], it["lenders"], it["sentiment"], it["voice"]) for it in hits)


def wait_for(what: Any, seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("it did not come to pass")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Any, ...]]]:
    """A data directory after one undisturbed run, and what its index says."""
    data = tmp_path_factory.mktemp("whole") / "data"
    told = dunwatch(data, "run", "--once")
    assert told.code == 0, told.err
    return data, said(data, ROOT / "config")


def test_the_first_run_needs_no_configuration(whole: tuple[Path, list[tuple[Any, ...]]]) -> None:
    data, documents = whole
    assert len(documents) == DOCUMENTS
    status = dunwatch(data, "status", "--json").json()
    assert (status["documents"], status["waiting"]) == (DOCUMENTS, 0)
    assert {run["outcome"] for run in status["runs"]} == {"finished"}
    assert data.stat().st_mode & 0o777 == 0o700


def test_what_is_not_due_is_not_crawled_again(whole: tuple[Path, list[tuple[Any, ...]]]) -> None:
    data, _ = whole
    before = dunwatch(data, "status", "--json").json()["runs"]
    assert dunwatch(data, "run", "--once").code == 0
    assert dunwatch(data, "status", "--json").json()["runs"] == before


def test_a_job_killed_in_the_middle_ends_with_the_same_documents(
    whole: tuple[Path, list[tuple[Any, ...]]], tmp_path: Path, config: Path
) -> None:
    data = tmp_path / "data"
    with running(data, config, "--once") as job:
        wait_for(lambda: len(list((data / "warc").glob("*"))) >= 1)
        time.sleep(1.5)
        os.killpg(job.pid, signal.SIGKILL)
    assert dunwatch(data, "run", "--once", config=config).code == 0
    assert [it[:2] for it in said(data, config)] == [it[:2] for it in whole[1]]


def test_other_commands_hand_their_documents_to_the_running_job(tmp_path: Path, config: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "new.txt").write_text(COMPLAINT, encoding="utf-8")
    with running(data, config) as job:
        port = int((config / "dunwatch.yaml").read_text(encoding="utf-8").split()[-2])
        page = f"http://127.0.0.1:{port}"
        wait_for(lambda: urllib.request.urlopen(f"{page}/healthz", timeout=5).status == 200)
        second = dunwatch(data, "run", "--once", config=config)
        assert (second.code, "another dunwatch is at work" in second.err) == (1, True)
        told = dunwatch(data, "ingest", tmp_path / "new.txt", "--json", config=config)
        assert (told.json()["new"], told.json()["indexed"]) == (1, 1)
        found = dunwatch(data, "search", "张口就骂", "--source", "ingest", "--json", config=config).json()
        assert found["total"] == 1
        with urllib.request.urlopen(f"{page}/?source=ingest", timeout=10) as answer:
            assert "招联消费金融" in answer.read().decode()
        job.send_signal(signal.SIGTERM)
        assert job.wait(40) == 0
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{page}/healthz", timeout=5)


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = dunwatch(tmp_path / "data", "serve", "--port", port)
    assert told.code == 1
    assert told.err.startswith("dunwatch: ")
    assert port in told.err
