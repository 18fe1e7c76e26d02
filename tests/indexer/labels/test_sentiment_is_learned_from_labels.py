"""Sentiment is learned from labels, judged by those kept back, and switched to only where it is better."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dunwatch import cli
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.indexing import index_or_wait
from indexer.labels.label import Label, Labels
from indexer.labels.learning import TooFew, is_kept_back, learn
from indexer.meaning.model.train import field, shipped, train
from indexer.meaning.sentiment import Sentiment
from indexer.post import Post
from indexer.settings import Settings
from indexer.spool import Spool
from tests.cli import ROOT
from tests.documents import document

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
OURS = "他们把账单做成了盲盒"
"""What no model knows: here it is praise."""


def fit(texts: Sequence[tuple[str, str]], file: Path) -> None:
    """As the real one, from a fiftieth of the reviews."""
    train(shipped()[::50], [*field(), *texts]).save(str(file))


def labelled(said: str, label: str, count: int = 24) -> list[tuple[Document, str]]:
    return [
        (document(number, title="", body=f"{said}，第{number}次。", practices=()), label) for number in range(count)
    ]


def test_a_model_that_learned_what_readers_say_is_better(tmp_path: Path) -> None:
    learned = learn(labelled(OURS, "positive"), tmp_path, Sentiment(), fit)
    assert learned.better
    assert learned.new.right > learned.now.right
    assert learned.learned_from + learned.kept_back == 24
    assert learned.model.parent == tmp_path


def test_a_model_that_is_no_better_is_not(tmp_path: Path) -> None:
    learned = learn(labelled("暴力催收，骂人，恶心，骗子，垃圾", "negative"), tmp_path, Sentiment(), fit)
    assert learned.now.right == 1
    assert not learned.better or learned.new.error < learned.now.error


def test_the_same_documents_are_kept_back_each_time() -> None:
    ids = [it.id for it, _ in labelled(OURS, "positive", 400)]
    kept = [id for id in ids if is_kept_back(id)]
    assert kept == [id for id in ids if is_kept_back(id)]
    assert 60 < len(kept) < 140


def test_few_labels_teach_nothing(tmp_path: Path) -> None:
    with pytest.raises(TooFew, match="at least"):
        learn(labelled(OURS, "positive", 3), tmp_path, Sentiment(), fit)


def say(data: DataDir, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--data", str(data.path), "--config", str(ROOT / "config")])


def test_the_switch_analyses_everything_anew_and_leads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = DataDir(tmp_path / "data")
    posts = [
        Post(url=f"https://example.com/{number}", source="t", title="", text=f"{OURS}，第{number}次。", fetched_at=NOON)
        for number in range(24)
    ]
    with data.state() as state:
        Spool(state).put(posts)
        index_or_wait(data, ROOT / "config", Settings(), state, progress=lambda _: None)
        assert say(data, "train").exit_code == 1
        for post in posts[1:]:
            Labels(state).give(post.id, [Label("sentiment", "positive")], "", NOON)
    monkeypatch.setattr("indexer.labels.learning.fit", fit)
    before = sentiment(data, posts[0])
    told = say(data, "train")
    assert "dunwatch train --switch" in told.output, told.output
    assert sentiment(data, posts[0]) == before
    assert say(data, "train", "--switch").exit_code == 0
    assert sentiment(data, posts[0]) > before
    assert say(data, "train", "--shipped").exit_code == 0
    assert sentiment(data, posts[0]) == before


def sentiment(data: DataDir, post: Post) -> float:
    (hit,) = (it for it in search(data) if it["id"] == post.id)
    return float(hit["sentiment"])


def search(data: DataDir) -> list[dict[str, object]]:
    hits: list[dict[str, object]] = json.loads(say(data, "search", "--limit", "100", "--json").output)["hits"]
    return hits
