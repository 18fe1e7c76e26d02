"""Handling documents: on their pages, in bulk on a page of hits, as a filter, and exported, as a person does it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from indexer.handling import Handlings
from indexer.people.audit import Entry, newest
from indexer.store.base import MOST_IDS
from tests.documents import complaint, document
from tests.indexer.web.conftest import filled
from tests.indexer.web.people import logged_in, peopled
from tests.indexer.web.test_people_log_in import log_in

DOCUMENTS = [*(document(number) for number in range(25)), complaint(1, title="=1+1 <script>alert(1)</script>")]
WORST = DOCUMENTS[-1]


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


@pytest.fixture
def url(tmp_path: Path, data: DataDir) -> Iterator[str]:
    with (
        filled(tmp_path / "index", DOCUMENTS) as store,
        peopled(store, data.path, roles=["viewer", "analyst"]) as address,
    ):
        yield address


def last(data: DataDir) -> Entry:
    with data.state() as state:
        return newest(state, 1)[0].entry


def total(client: httpx.Client, query: str) -> int:
    return int(client.get(f"/api/search?{query}").json()["total"])


def test_a_document_gets_state_owner_and_note(url: str, page: Page, data: DataDir) -> None:
    page.goto(f"{url}/documents/{WORST.id}?q=催收")
    log_in(page, "analyst")
    work = page.get_by_role("region", name="处理")
    expect(work).to_contain_text("新")
    work.get_by_label("状态").select_option("处理中")
    work.get_by_label("负责人").fill("王芳 <b>")
    work.get_by_label("备注").fill("已致电 13812345678，请法务看")
    work.get_by_role("button", name="保存").click()
    expect(work.get_by_role("heading")).to_contain_text("处理中")
    expect(work.get_by_label("负责人")).to_have_value("王芳 <b>")
    assert "13812345678" not in page.content(), "what is personal in a note is masked"
    work.get_by_label("状态").select_option("已答复")
    work.get_by_role("button", name="保存").click()
    work.get_by_text("经过（2）").click()
    expect(work.locator("ul.events li").first).to_contain_text("analyst：已答复，负责人 王芳 <b>")
    page.goto(f"{url}/search?handling=answered")
    expect(page.locator("article.found")).to_have_count(1)
    expect(page.locator("article.found")).to_contain_text("已答复 · 王芳 <b>")
    assert (last(data).who, last(data).action) == ("analyst", "handling")


def test_hits_are_handled_together(url: str, page: Page) -> None:
    page.goto(f"{url}/search?sort=sentiment")
    log_in(page, "analyst")
    page.get_by_label("选中这篇").nth(0).check()
    page.get_by_label("选中这篇").nth(2).check()
    page.get_by_text("处理与导出").click()
    page.get_by_label("设为").select_option("与我无关")
    page.get_by_role("button", name="更新").click()
    expect(page.get_by_text("已更新 2 篇")).to_be_visible()
    expect(page.locator(".badge.handling-not-ours")).to_have_count(2)
    facet = page.get_by_role("region", name="处理状态")
    expect(facet).to_contain_text("与我无关 2")
    expect(facet).to_contain_text("新 24")
    facet.get_by_role("link", name="新").click()
    expect(page.locator("p.total")).to_contain_text("共 24 条")
    page.get_by_text("处理与导出").click()
    page.get_by_label("把").select_option("all")
    page.get_by_label("负责人").fill("李雷")
    page.get_by_role("button", name="更新").click()
    expect(page.get_by_text("已更新 24 篇")).to_be_visible()
    expect(page.get_by_text("新 · 李雷").first).to_be_visible()


def test_a_search_is_downloaded(url: str, page: Page, data: DataDir, tmp_path: Path) -> None:
    page.goto(f"{url}/search?q=催收")
    log_in(page, "analyst")
    page.get_by_text("处理与导出").click()
    for kind in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        if kind == "CSV":
            (row,) = csv.DictReader(file.open(encoding="utf-8-sig", newline=""))
            assert row["标题"] == "'=1+1 <script>alert(1)</script>"
        else:
            sheet = openpyxl.load_workbook(file).active
            assert sheet
            assert sheet["C2"].value == "=1+1 <script>alert(1)</script>"
            assert sheet["C2"].data_type == "s"
        assert (last(data).action, last(data).detail) == ("export", "1 documents")


def test_a_viewer_reads_and_does_nothing(url: str, data: DataDir) -> None:
    with logged_in(url, "viewer") as client:
        assert "处理与导出" not in client.get("/search").text
        assert "<textarea" not in client.get(f"/documents/{WORST.id}").text
        assert client.post(f"/documents/{WORST.id}/handling", data={"state": "answered"}).status_code == 403
        assert client.post("/handling", data={"state": "answered", "scope": "all"}).status_code == 403
        for kind in ("csv", "xlsx"):
            assert client.get(f"/export.{kind}").status_code == 403
    with data.state() as state:
        assert not any(Handlings(state).counts().values())


def test_what_makes_no_sense_changes_nothing(url: str, data: DataDir) -> None:
    with logged_in(url, "analyst") as client:
        for sent in (
            {"scope": "chosen", "state": "answered"},
            {"scope": "chosen", "state": "gone", "id": WORST.id},
            {"scope": "page", "state": "answered", "shown": "f" * 24},
            {"scope": "all"},
            {"scope": "all", "state": "answered", "query": "?q=("},
            {"scope": "all", "state": "answered", "query": "?handling=gone"},
        ):
            assert client.post("/handling", data=sent).status_code == 400, sent
        assert client.post(f"/documents/{'f' * 24}/handling", data={"state": "new"}).status_code == 404
        assert client.get("/export.pdf").status_code == 404
        assert client.get("/export.csv?q=(").status_code == 400
    with data.state() as state:
        assert not any(Handlings(state).counts().values())


def test_states_filter_alike_everywhere(url: str) -> None:
    with logged_in(url, "analyst") as client:
        ids = [it.id for it in DOCUMENTS]
        for state, some in {"in-hand": ids[:3], "answered": ids[3:5]}.items():
            answer = client.post("/handling", data={"scope": "chosen", "state": state, "id": some})
            assert answer.headers["location"] == f"/search?changed={len(some)}"
        for query, count in {
            "handling=new": 21,
            "handling=in-hand": 3,
            "handling=in-hand&handling=answered": 5,
            "handling=new&handling=answered": 23,
            "handling=not-ours": 0,
            "handling=new&q=逾期还款提醒": 20,
            "handling=new&handling=in-hand&handling=answered&handling=not-ours": 26,
        }.items():
            assert total(client, query) == count, query
            exported = client.get(f"/export.csv?{query}").text
            assert len(list(csv.reader(exported.splitlines()))) >= count + 1
        assert client.get("/search?handling=gone").status_code == 400
        alerting = {"name": "x", "handling": "new", "at_least": "5"}
        assert client.post("/searches", data=alerting).status_code == 400, "alerts know no states"
        assert (
            client.post("/searches", data={"name": "待办", "handling": "new", "q": "逾期还款提醒"}).status_code == 303
        )
        assert re.search(r'<td class="n"[^>]*>20</td>', client.get("/searches").text)
        assert client.get("/searches/1").headers["location"].startswith("/search?")
        assert "handling=new" in client.get("/searches/1").headers["location"]
        assert client.post("/handling", data={"scope": "all", "state": "new", "query": "?q=逾期"}).status_code == 303
        assert total(client, "handling=new") == 26


def test_more_than_can_be_named_is_told(url: str, data: DataDir) -> None:
    with data.state() as state, state.transaction() as db:
        db.execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i <= ?) insert into handling"
            " (document, state, owner, note, at, who, last)"
            " select printf('%024x', i), 'answered', '', '', '2026-11-24T00:00:00+00:00', 'x', 1 from n",
            (MOST_IDS,),
        )
    with logged_in(url, "viewer") as client:
        told = client.get("/search?handling=new")
        assert told.status_code == 400
        assert "请改用其他条件" in told.text
        assert client.get("/search").status_code == 200
