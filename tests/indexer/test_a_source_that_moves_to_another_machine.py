"""Its pages are fetched once more there, in another month perhaps: no document is there twice for that."""

from datetime import UTC, datetime
from pathlib import Path

from indexer.datadir import DataDir
from indexer.indexing import Indexer
from indexer.post import Post
from indexer.settings import ElasticsearchSettings, Settings
from indexer.spool import Spool
from tests.cli import ROOT

OCTOBER, NOVEMBER = datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


def test_it_keeps_when_its_posts_were_first_seen(es_url: str, tmp_path: Path) -> None:
    cluster = ElasticsearchSettings(hosts=(es_url,), prefix="moving", replicas=0)
    words = {"store": "elasticsearch", "elasticsearch": cluster, "redis": "redis://127.0.0.1:9/0", "jobs": 1}
    settings = Settings.model_validate(words)
    for name, at, text in (
        ("one", OCTOBER, "催收打给我妈"),
        ("other", NOVEMBER, "催收又打给我妈"),
        ("other", NOVEMBER, "没有了"),
    ):
        data = DataDir(tmp_path / name)
        post = Post(url="https://example.com/1", source="s", text=text, fetched_at=at)
        with data.state() as state, Indexer(data, ROOT / "config", settings, state) as indexer:
            Spool(state).put([post])
            assert indexer.drain().indexed == 1
            assert indexer.store.months() == {"2026.10": 1}
            (document,) = indexer.store.get([post.id]).values()
            assert (document.first_seen_at, document.fetched_at) == (OCTOBER, at)
