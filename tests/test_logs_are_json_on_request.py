"""With `--log json`, or DUNWATCH_LOG=json, each log line is a JSON object with what it is about."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.cli import dunwatch
from tests.crawler.crawling import farm
from tests.site.server import Site


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder


def test_a_crawl_tells_its_pages_and_its_end(tmp_path: Path, config: Path) -> None:
    with Site() as site:
        with (config / "sources.yaml").open("w", encoding="utf-8") as out:
            YAML().dump({"sources": [farm(site.url)]}, out)
        told = dunwatch(tmp_path / "data", "crawl", "--log", "json", config=config)
    lines = [json.loads(line) for line in told.err.splitlines()]
    for line in lines:
        assert {"time", "level", "logger", "message"} <= set(line)
        assert datetime.fromisoformat(line["time"]).tzinfo
    (failed,) = (line for line in lines if line.get("url", "").endswith("/9001.html"))
    assert (failed["source"], failed["stage"], failed["reason"], failed["level"]) == (
        "farm",
        "fetch",
        "http 500",
        "INFO",
    )
    assert failed["message"] == f"farm: {failed['url']}: http 500"
    assert (lines[-1]["outcome"], lines[-1]["counts"]["posts"]) == ("finished", 14)


def test_the_environment_chooses_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_LOG", "json")
    monkeypatch.setenv("DUNWATCH_STORE", "http://127.0.0.1:9")
    (line,) = dunwatch(tmp_path, "status").err.splitlines()
    told = json.loads(line)
    assert told["level"] == "WARNING"
    assert "can't be reached" in told["message"]
