"""A job that runs for days analyses by the configuration as it is, not as it was when the job began."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.datadir import DataDir
from indexer.indexing import Indexer
from indexer.post import Post
from indexer.settings import Settings
from tests.cli import ROOT

POST = Post(
    url="https://example.com/1",
    source="s",
    text="晨星小贷的催收昨天给我妈打电话，张口就骂。",
    fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
)
LENDER = "- {id: 晨星小贷, kind: platform, name: 晨星小额贷款有限公司, short: [晨星小贷]}\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def test_a_new_lender_is_found_and_a_mistake_stops_nothing(config: Path, tmp_path: Path) -> None:
    data, lenders = DataDir(tmp_path / "data"), config / "lenders.yaml"
    good = lenders.read_text(encoding="utf-8")
    with data.state() as state, data.indexing(), Indexer(data, config, Settings(), state) as indexer:

        def found() -> Sequence[str]:
            indexer.spool.requeue()
            assert (counts := indexer.drain()).rejected == 0 and counts.indexed == 1
            return indexer.store.get([POST.id])[POST.id].lenders

        indexer.spool.put([POST])
        indexer.drain()
        assert found() == ()
        lenders.write_text(good + LENDER, encoding="utf-8")
        assert found() == ("晨星小贷",)
        lenders.write_text("lenders: 5\n", encoding="utf-8")
        assert found() == ("晨星小贷",)
        lenders.write_text(good, encoding="utf-8")
        assert found() == ()
