"""A site gets another layout: told once by mail, `dunwatch status` and the page of the sources; and when it is well."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Store
from tests.cli import dunwatch
from tests.crawler import crawling
from tests.crawler.crawling import let_time_pass, preset, run
from tests.indexer.alerts import world
from tests.indexer.web.conftest import served
from tests.site.server import Site


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store("embedded", tmp_path / "data" / "index", writable=True)
    yield opened
    opened.close()


def check(store: Store, folder: Path) -> list[str]:
    """Look once; the keys of all messages so far."""
    with State(folder / "data") as state:
        world.watch(store, state).check(datetime.now(UTC))
        return [row["key"].partition("/team")[0] for row in state.db.execute("select key from outbox order by seq")]


def remember(folder: Path, times: int) -> None:
    """As if the first crawl had been made that often."""
    with State(folder / "data") as state, state.transaction() as db:
        for _ in range(times):
            db.execute(
                "insert into run (source, started_at, finished_at, outcome, counts)"
                " select source, started_at, finished_at, outcome, counts from run where seq = 1"
            )


def test_another_layout_is_told_once_and_told_when_it_is_well(store: Store, tmp_path: Path) -> None:
    with Site() as site:
        source = preset(site.url, "phpbb", "/phpbb/viewforum.php?f=2")
        threads = {path: page for path, page in site.pages.items() if path.startswith("/phpbb/viewtopic")}
        run(tmp_path, source)
        remember(tmp_path, 9)
        assert not [key for key in check(store, tmp_path) if key.startswith("drift")]

        for path, page in threads.items():
            site.pages[path] = replace(page, body=page.body.replace(b'class="', b'class="new-'))
        let_time_pass(tmp_path, hours=7)
        run(tmp_path, source)
        for _ in range(2):
            assert [key for key in check(store, tmp_path) if key.startswith("drift")] == ["drift-1/drift/1"]
        with served(store, data=tmp_path / "data") as url:
            page = httpx.get(f"{url}sources").text
        assert "网页或帖子读不出内容 8/8" in page
        assert ">异常</span>" in page
        told = json.loads(dunwatch(tmp_path / "data", "status", "--json").out)
        assert [(it["source"], it["signs"][0]["kind"]) for it in told["drifts"]] == [("phpbb", "pages")]

        site.pages |= threads
        let_time_pass(tmp_path, hours=24)
        run(tmp_path, source)
        for _ in range(2):
            assert [key for key in check(store, tmp_path) if key.startswith("drift")] == [
                "drift-1/drift/1",
                "drift-1/drift/2",
            ]
    with served(store, data=tmp_path / "data") as url:
        assert ">正常</span>" in httpx.get(f"{url}sources").text
    assert crawling.versions(tmp_path) == 49
