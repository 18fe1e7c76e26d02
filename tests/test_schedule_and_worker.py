"""`dunwatch schedule` and `dunwatch worker` as a person runs them: killed at any point, nothing is lost or blocked."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from indexer.health import health
from indexer.state import State
from tests.cli import ROOT, arguments, dunwatch
from tests.crawler.crawling import farm
from tests.site.server import Site
from tests.test_main_job import said, wait_for

FARM = 14
"""Articles of the farm."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def configured(folder: Path, *sources: dict[str, Any], **settings: Any) -> Path:
    """A folder of configuration with these sources."""
    folder.mkdir()
    for name in ("lenders.yaml", "practices.yaml", "alerts.yaml"):
        (folder / name).write_bytes((ROOT / "config" / name).read_bytes())
    for name, tree in (("sources.yaml", {"sources": list(sources)}), ("dunwatch.yaml", settings)):
        with (folder / name).open("w", encoding="utf-8") as out:
            YAML().dump(tree, out)
    return folder


@contextmanager
def running(data: Path, config: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command in the background, and in a group of its own."""
    with (data.parent / f"{words[0]}.log").open("ab") as log:
        process = subprocess.Popen(arguments(data, *words, config=config), cwd=ROOT, stdout=log, stderr=log,
                                   start_new_session=True)  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_worker_loses_nothing_and_the_next_one_goes_on(site: Site, tmp_path: Path) -> None:
    source = farm(site.url, every="1d", limits={"delay": 0.2, "timeout": 2})
    data, config = tmp_path / "data", configured(tmp_path / "config", source, jobs=1)
    with running(data, config, "schedule") as schedule:
        with running(data, config, "worker") as first:
            wait_for(lambda: len(site.asked()) >= 6)
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
        with running(data, config, "worker") as second:
            wait_for(lambda: _done(data))
            for process in (second, schedule):
                process.send_signal(signal.SIGTERM)
            assert [second.wait(40), schedule.wait(40)] == [0, 0]
    assert len({it[0] for it in said(data, config)}) == len(said(data, config)) == FARM
    fetched = Counter(it.path for it in site.asked() if it.answered == 200 and it.path.startswith("/farm/1"))
    assert len(fetched) == FARM
    assert sum(fetched.values()) <= FARM + 1
    (plan,) = dunwatch(data, "status", "--json", config=config).json()["next"]
    assert (plan["source"], plan["failures"]) == ("farm", 0)


def test_from_cron_it_looks_once_and_without_a_source_it_says_so(tmp_path: Path) -> None:
    data, config = tmp_path / "data", configured(tmp_path / "config", farm("http://127.0.0.1:9"))
    told = dunwatch(data, "schedule", "--once", config=config)
    assert (told.code, "due: farm" in told.err) == (0, True)
    assert "due" not in dunwatch(data, "schedule", "--once", config=config).err
    (config / "sources.yaml").unlink()
    for command in ("schedule", "worker"):
        told = dunwatch(data, command, config=config)
        assert (told.code, "there are no sources: name a site to watch" in told.err) == (2, True)


def _done(data: Path) -> bool:
    """Whether the last crawl is over and all of it indexed."""
    with State(data) as state:
        now = health(state)
    return now.waiting == 0 and bool(now.runs) and now.runs[0].outcome == "finished"
