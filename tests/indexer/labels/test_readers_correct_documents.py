"""What a reader corrects counts over the analysis: at once, after a new crawl, after a reindex, until it is undone."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dunwatch import cli
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.indexing import index_or_wait
from indexer.labels.label import Labels
from indexer.post import Post
from indexer.settings import Settings
from indexer.spool import Spool
from indexer.store import open_store
from tests.cli import ROOT
from tests.indexer.web.conftest import served

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
TEXT = "招联消费金融的催收昨天打给我妈，张口就骂。\n我已经跟客服说了三次，没有人管。"
POST = Post(url="https://example.com/1", source="t", title="招联催收骂人", text=TEXT, fetched_at=NOON)


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A data directory with one complaint in it."""
    place = DataDir(tmp_path / "data")
    put(place, POST)
    return place


def put(data: DataDir, post: Post) -> None:
    with data.state() as state:
        Spool(state).put([post])
        index_or_wait(data, ROOT / "config", Settings(), state, progress=lambda _: None)


def indexed(data: DataDir) -> Document:
    store = open_store("embedded", data.index, writable=False)
    try:
        return store.get([POST.id])[POST.id]
    finally:
        store.close()


def say(data: DataDir, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--data", str(data.path), "--config", str(ROOT / "config")])


def practices(document: Document) -> dict[str, str]:
    return {it.id: it.stance for it in document.practices}


def test_a_correction_lasts_until_it_is_undone(data: DataDir) -> None:
    found = indexed(data)
    assert practices(found)["侮辱辱骂"] == "asserted"
    words = ["--sentiment", "positive", "--voice", "guide", "--practice", "-侮辱辱骂", "--practice", "+骚扰:possible"]
    told = say(data, "label", POST.id, *words, "--lender", "-招联消费金融", "--lender", "+还呗", "--by", "王芳")
    assert told.exit_code == 0, told.output

    def corrected() -> None:
        it = indexed(data)
        assert (it.sentiment_label, it.voice, it.lenders) == ("positive", "guide", ("还呗",))
        assert it.sentiment >= 0.65
        assert "侮辱辱骂" not in practices(it)
        assert practices(it)["骚扰"] == "possible"
        assert {one.lender for one in it.practices} <= {"还呗", None}
        for one in it.practices:
            assert getattr(it, one.where)[one.start : one.end] == one.quote

    corrected()
    put(data, POST.model_copy(update={"text": TEXT + "\n今天又打来了。", "fetched_at": NOON + timedelta(days=1)}))
    assert "今天又打来了" in indexed(data).body
    corrected()
    assert say(data, "reindex").exit_code == 0
    corrected()

    assert say(data, "label", POST.id, "--undo").exit_code == 0
    again = indexed(data)
    assert (again.lenders, again.voice, practices(again)) == (found.lenders, found.voice, practices(found))


def test_the_newest_word_on_a_point_counts_and_others_stay(data: DataDir) -> None:
    say(data, "label", POST.id, "--sentiment", "positive", "--practice", "-侮辱辱骂")
    say(data, "label", POST.id, "--practice", "+侮辱辱骂:denied")
    it = indexed(data)
    assert (it.sentiment_label, practices(it)["侮辱辱骂"]) == ("positive", "denied")


def test_what_is_no_label_is_told_and_nothing_is_kept(data: DataDir) -> None:
    wrong = say(data, "label", POST.id, "--practice", "+侮辱辱")
    assert (wrong.exit_code, "侮辱辱骂" in wrong.output) == (2, True)
    assert say(data, "label", POST.id, "--practice", "+侮辱辱骂:surely").exit_code == 2
    assert say(data, "label", POST.id, "--lender", "+没有这家").exit_code == 2
    assert say(data, "label", POST.id).exit_code == 2
    assert say(data, "label", "0" * 24, "--voice", "news").exit_code == 1
    with data.state() as state:
        assert list(Labels(state).all()) == []


def test_labelled_documents_are_given_out_masked_to_train_on(data: DataDir) -> None:
    put(data, POST.model_copy(update={"text": "我叫刘芳，电话13800001234，被骂了。\n" + TEXT}))
    say(data, "label", POST.id, "--sentiment", "negative", "--practice", "+骚扰", "--lender", "-还呗")
    (line,) = say(data, "labels", "export").output.splitlines()
    example = json.loads(line)
    assert example["document"] == POST.id
    assert (example["sentiment"], example["voice"]) == ("negative", None)
    assert (example["practices"], example["lenders"]) == ({"骚扰": "asserted"}, {"还呗": "none"})
    assert "我叫[姓名]，电话[电话]，被骂了" in example["body"]


@pytest.fixture
def page(data: DataDir) -> Iterator[str]:
    """The address of the document's page."""
    store = open_store("embedded", data.index, writable=False)
    with served(store, data=data.path) as url:
        yield urllib.parse.urljoin(url, f"/documents/{POST.id}")
    store.close()


def send(address: str, headers: dict[str, str] | None = None, **fields: str) -> int:
    request = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_form_of_the_page_corrects_and_undoes(data: DataDir, page: str) -> None:
    told = {"sentiment": "neutral", "practice": "侮辱辱骂", "stance": "none", "lender": "还呗", "named": "named"}
    assert send(f"{page}/labels", **told) == 200
    with data.state() as state:
        labels = {(it.label.field, it.label.subject): it.label.value for it in Labels(state).of(POST.id)}
        assert labels == {("sentiment", ""): "neutral", ("practice", "侮辱辱骂"): "none", ("lender", "还呗"): "named"}
        index_or_wait(data, ROOT / "config", Settings(), state, progress=lambda _: None)
    assert indexed(data).sentiment_label == "neutral"
    with urllib.request.urlopen(page, timeout=20) as answer:
        shown = answer.read().decode()
    assert "侮辱辱骂：文中没有" in shown
    assert send(f"{page}/labels", undo="1") == 200
    with data.state() as state:
        assert Labels(state).of(POST.id) == []


def test_other_sites_and_wrong_words_correct_nothing(data: DataDir, page: str) -> None:
    assert send(f"{page}/labels", {"Sec-Fetch-Site": "cross-site"}, sentiment="neutral") == 403
    assert send(f"{page}/labels", sentiment="wonderful") == 400
    assert send(f"{page}/labels", practice="没有这个", stance="asserted") == 400
    assert send(f"{page[:-24]}{'0' * 24}/labels", sentiment="neutral") == 404
    with data.state() as state:
        assert list(Labels(state).all()) == []
