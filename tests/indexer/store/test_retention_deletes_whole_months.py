"""`dunwatch retention`: what is older than the months that are kept goes, documents and posts, on both stores."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.frontier import Answer, Frontier, Link
from indexer.document import Document
from indexer.handling import Change, Handlings
from indexer.post import Post
from indexer.retention import NoPeriod, going, let_go, months_kept
from indexer.settings import Settings
from indexer.spool import Spool
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Search, Store
from tests.cli import dunwatch
from tests.documents import document
from tests.indexer.likeness.placing import OTHERS, placed_in
from tests.indexer.store.conftest import STORES

AGES = (0, 1, 23, 24, 25, 30)
"""Months ago that a post was first fetched."""


def ago(months: int) -> datetime:
    """Noon of the 15th of that month."""
    now = datetime.now(UTC)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return datetime(year, month + 1, 15, 12, tzinfo=UTC)


def test_a_store_tells_and_drops_its_months(empty: Store) -> None:
    assert dict(empty.months()) == {}
    edges = ["2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2026-11-30T23:59:59Z", "2025-12-01T00:00:00Z"]
    documents = [document(number, first_seen_at=moment) for number, moment in enumerate(edges)]
    empty.put(documents)
    assert dict(empty.months()) == {"2026.10": 1, "2026.11": 2, "2025.12": 1}
    empty.drop(["2026.11", "2025.12", "1999.01"])
    assert {name: count for name, count in empty.months().items() if count} == {"2026.10": 1}
    assert [it.id for it in empty.scan(Search())] == [documents[0].id]
    empty.put(documents)
    assert empty.count() == 4
    assert empty.months()["2026.11"] == 2


@pytest.fixture(params=STORES)
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    if request.param == "elasticsearch":
        url, prefix = request.getfixturevalue("es_url"), f"test-{secrets.token_hex(4)}"
        text = f"store: elasticsearch\nelasticsearch: {{ hosts: ['{url}'], prefix: {prefix}, replicas: 0 }}\n"
        (folder / "dunwatch.yaml").write_text(text, encoding="utf-8")
    return folder


def test_old_months_go_for_good_when_it_is_said_and_not_before(config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep(data, config, [document(age, first_seen_at=ago(age)) for age in AGES])
    old, new = data / "warc/old.warc.gz", data / "warc/new.warc.gz"
    old.parent.mkdir()
    for file, age in ((old, 25), (new, 24)):
        file.touch()
        os.utime(file, (ago(age).timestamp(),) * 2)

    told = dunwatch(data, "retention", "--keep", "24m", config=config).out
    assert told.count("would delete") == 2
    assert f"would delete {ago(25):%Y.%m}: 1 documents, 1 versions of posts" in told
    assert f"keeps 1 WARC files of before {ago(24):%Y.%m}" in told
    assert months(data, config) == ({f"{ago(age):%Y.%m}" for age in AGES},) * 2

    assert dunwatch(data, "retention", "--keep", "2y", "--yes", config=config).out.count("deleted 20") == 2
    assert months(data, config) == ({f"{ago(age):%Y.%m}" for age in AGES if age <= 24},) * 2
    assert old.exists()

    dunwatch(data, "retention", "--keep", "24m", "--evidence", "--yes", config=config)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_print_that_went_is_nobodys_first_print(tmp_path: Path) -> None:
    prints = [document(age, body=OTHERS[0], first_seen_at=ago(age), published_at=ago(age)) for age in (30, 2, 1)]
    keep(tmp_path, tmp_path / "none", prints)
    with placed_in(tmp_path) as placed:
        placed.put(*prints)
        spool = Spool(placed.state)
        what = going(placed.store, spool, tmp_path, keep=24, now=datetime.now(UTC))
        let_go(what, placed.store, spool, placed.likeness, evidence=False)
        while placed.likeness.catch_up(10):
            pass
        assert placed.groups(prints).keys() == {it.id for it in prints[1:]}
        assert {first for _, first, _ in placed.groups(prints).values()} == {None, prints[1].id}


def test_what_a_team_did_about_it_goes_too(tmp_path: Path) -> None:
    old, new = documents = [document(age, first_seen_at=ago(age)) for age in (30, 2)]
    keep(tmp_path, tmp_path / "none", documents)
    with placed_in(tmp_path) as placed:
        placed.put(*documents)
        handlings, spool = Handlings(placed.state), Spool(placed.state)
        handlings.change([old.id, new.id], Change("answered", note="已致电"), "wangfang", datetime.now(UTC))
        what = going(placed.store, spool, tmp_path, keep=24, now=datetime.now(UTC))
        let_go(what, placed.store, spool, placed.likeness, evidence=False)
        assert handlings.history(old.id) == []
        assert [it.note for it in handlings.history(new.id)] == ["已致电"]


def test_pages_of_what_went_are_not_visited_again(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with placed_in(tmp_path) as placed:
        frontier = Frontier(placed.state, "s", (timedelta(days=1),))
        for age in (30, 2):
            url = f"https://example.com/{age}"
            frontier.discover([Link(url)], "article", ago(age))
            frontier.fetched(url, Answer(200), ago(age), changed=True)
        assert len(frontier.to_follow(now, 10)) == 2
        what = going(placed.store, Spool(placed.state), tmp_path, keep=24, now=now)
        let_go(what, placed.store, Spool(placed.state), placed.likeness, evidence=False)
        assert frontier.to_follow(now, 10) == ["https://example.com/2"]


def keep(data: Path, config: Path, documents: list[Document]) -> None:
    """In store and spool, as a job leaves them."""
    posts = [Post(url=it.url, source="s", text=it.body, fetched_at=it.first_seen_at) for it in documents]
    with State(data) as state:
        Spool(state).put(posts)
        Spool(state).done(Spool(state).take(100))
    store = open_store(Settings.load(config).backend, data / "index", writable=True)
    store.put(documents)
    store.close()


def months(data: Path, config: Path) -> tuple[set[str], set[str]]:
    """Of what the store has, and of what would be indexed again."""
    store = open_store(Settings.load(config).backend, data / "index", writable=False)
    with State(data) as state:
        return {name for name, count in store.months().items() if count}, set(Spool(state).months())


def test_what_was_deleted_is_not_on_the_disk(tmp_path: Path) -> None:
    posts = [
        Post(url=f"https://example.com/{number}", source="t", text=secrets.token_hex(400), fetched_at=ago(1))
        for number in range(50)
    ]
    with State(tmp_path) as state:
        spool = Spool(state)
        spool.put(posts)
        (payload,) = state.db.execute("select payload from post where seq = 25").fetchone()
        assert payload[100:200] in on_disk(tmp_path)
        spool.forget(spool.months())
        assert spool.months() == {}
        assert payload[100:200] not in on_disk(tmp_path)


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize("written", ["", "24", "0m", "-1m", "2w", "1.5y", "9999m", "二年"])
def test_a_wrong_period_is_told(written: str, tmp_path: Path) -> None:
    with pytest.raises(NoPeriod, match="expected a number of months or years"):
        months_kept(written)
    assert dunwatch(tmp_path, "retention", f"--keep={written}").code == 2


def test_a_year_has_twelve_months(empty: Store, tmp_path: Path) -> None:
    with State(tmp_path) as state:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        firsts = {written: going(empty, Spool(state), tmp_path, keep=months_kept(written), now=now).first
                  for written in ("1m", "12m", "1y", "13m", "3y")}  # fmt: skip
    assert firsts == {"1m": "2025.12", "12m": "2025.01", "1y": "2025.01", "13m": "2024.12", "3y": "2023.01"}
