"""What is asked of the frontier for each page costs as much for a source of very many pages as for a small one."""

from datetime import UTC, datetime
from pathlib import Path

from crawler.frontier import Frontier, Link
from crawler.vanished import Vanished
from indexer.state import State

NOW = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://example.com/{}"


def steps(folder: Path, pages: int) -> int:
    """Hundreds of steps that SQLite takes for one page of a source with so many."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    with State(folder / str(pages)) as state:
        frontier = Frontier(state, "board", ())
        frontier.discover([Link(URL.format(number)) for number in range(pages)], "article", NOW)
        state.db.set_progress_handler(step, 100)
        assert frontier.to_fetch(10, among=[URL.format(5), "https://example.com/unknown"]) == [URL.format(5)]
        assert frontier.to_fetch(10, among=[]) == []
        assert Vanished(frontier).to_search(URL.format(5)) == []
    return taken


def test_the_work_for_a_page_does_not_grow_with_the_source(tmp_path: Path) -> None:
    assert steps(tmp_path, 20_000) <= 2 * steps(tmp_path, 20) + 1
