"""The page 来源健康 tells, for each source, why things of it were refused: masked, as text, and not without end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from indexer.sources.refusals import OF_A_SOURCE
from indexer.state import State, timestamp
from indexer.store import open_store
from tests.indexer.web.conftest import served

NOW = datetime.now(UTC)
HOSTILE = "not a page of text: <script>alert(1)</script>"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    with State(tmp_path) as state, state.transaction() as db:
        for name in ("farm", "board"):
            words = (name, timestamp(NOW), timestamp(NOW))
            db.execute("insert into run (source, started_at, finished_at, outcome) values (?, ?, ?, 'finished')", words)
        for reason in ("http 500",) * 3 + (HOSTILE,) * 2 + ("no text of 13812345678",):
            state.reject(stage="fetch", source="farm", url="http://a.example/13812345678", reason=reason)
        for number in range(50):
            state.reject(stage="extract", source="board", url="http://b.example/", reason=f"reason {number}")
    store = open_store("embedded", tmp_path / "index", writable=True)
    try:
        with served(store, data=tmp_path) as url:
            yield httpx.get(f"{url}sources").text
    finally:
        store.close()


def test_reasons_are_told_with_how_often_the_most_frequent_first(page: str) -> None:
    assert "抓取：<bdi>HTTP 500</bdi> 3 次" in page
    assert page.index("HTTP 500") < page.index("不是文字网页") < page.index("no text of")


def test_a_reason_is_text_and_personal_data_in_it_is_masked(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "13812345678" not in page


def test_reasons_have_an_end(page: str) -> None:
    assert page.count("<bdi>reason ") == OF_A_SOURCE
