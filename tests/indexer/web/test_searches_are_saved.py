"""A search is kept under a name, tells what is new since it was last looked at, and can be deleted."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from indexer.store.base import Store
from tests.documents import document
from tests.indexer.web.conftest import filled, served


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[str, Store]]:
    """The address of the page over three documents, and their store."""
    documents = [document(number, body="催收打电话", voice="complaint") for number in range(3)]
    with filled(tmp_path / "index", documents) as store, served(store, data=tmp_path / "data") as url:
        yield url, store


def save(page: Page, url: str, name: str, at_least: str = "") -> None:
    page.goto(f"{url}search?q=催收&voice=complaint&from=7d")
    page.get_by_text("保存这个搜索").click()
    page.get_by_label("名称").fill(name)
    page.get_by_label("达到多少件时预警").fill(at_least)
    page.get_by_role("button", name="保存").click()


def test_what_is_new_since_the_last_look_is_told(page: Page, desk: tuple[str, Store]) -> None:
    url, store = desk
    save(page, url, "打电话的")
    row = page.get_by_role("row", name="打电话的")
    expect(row).to_contain_text("催收")
    expect(row).to_contain_text("谁在说：投诉")
    store.put([document(number, body="催收又打电话", voice="complaint") for number in (10, 11)])
    page.goto(url)
    entry = page.get_by_role("region", name="保存的搜索").locator("li")
    expect(entry).to_contain_text("新 2")
    entry.get_by_role("link").click()
    expect(page.locator(".total strong")).to_have_text("5")
    page.goto(url)
    expect(page.get_by_role("region", name="保存的搜索").locator(".new")).to_have_count(0)


def test_one_of_the_same_name_is_replaced_and_one_that_is_deleted_is_gone(page: Page, desk: tuple[str, Store]) -> None:
    save(page, desk[0], "打电话的")
    save(page, desk[0], "打电话的", "20")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("24 小时内 20 件")
    page.get_by_role("button", name="删除 打电话的").click()
    expect(page.get_by_text("还没有保存的搜索")).to_be_visible()


@pytest.mark.parametrize(
    "sent", [{"name": ""}, {"name": "x" * 61}, {"name": "x", "q": '"'}, {"name": "x", "at_least": "-1"}]
)
def test_what_can_not_be_kept_is_told(desk: tuple[str, Store], sent: dict[str, str]) -> None:
    answer = httpx.post(f"{desk[0]}searches", data=sent)
    assert answer.status_code == 400
    assert httpx.get(f"{desk[0]}searches/1").status_code == 404
