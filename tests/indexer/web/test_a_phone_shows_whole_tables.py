"""On a phone nothing of the tables that are told row by row, nor of the navigation, is beside the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.indexer.web import crawled, desk
from tests.indexer.web.conftest import filled, served
from tests.indexer.web.test_every_page_is_accessible import grave

BESIDE = "() => [...document.querySelectorAll('nav, .wide')].filter(it => it.scrollWidth > it.clientWidth).length"

OVER = """() => [...document.querySelectorAll('.stacked td[data-label]')].filter(
    it => it.clientHeight < 20 || parseFloat(getComputedStyle(it).paddingLeft) < 80).length"""
"""Cells that stand over the name of their own or of the next."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a team whose sources were crawled for three weeks."""
    data = DataDir(tmp_path_factory.mktemp("crawled"))
    crawled.crawl(data, desk.NOW)
    with filled(data.index, desk.lay(data)) as store, served(store, data=data.path) as url:
        yield url


@pytest.mark.parametrize("name", ["sources", "settings", "alerts", "stories", "campaigns", "searches"])
def test_nothing_has_to_be_scrolled_to(phone: Page, site: str, name: str) -> None:
    phone.goto(site + name)
    expect(phone.locator("table").first).to_be_visible()
    assert phone.evaluate(BESIDE) == 0
    assert phone.evaluate(OVER) == 0


def test_cells_say_what_they_are(phone: Page, site: str) -> None:
    phone.goto(f"{site}sources")
    row = phone.locator("tr", has=phone.get_by_role("link", name="local-paper"))
    label = "it => getComputedStyle(it, '::before').content"
    assert [it.evaluate(label) for it in row.locator("td").all()] == [
        f'"{it}"' for it in ("状态", "最近抓取", "下次抓取", "新内容", "修改 / 删除", "出错", "robots 禁止", "拒收")
    ]


def test_everybody_can_read_the_sources(page: Page, phone: Page, site: str) -> None:
    for window in (page, phone):
        window.goto(f"{site}sources")
        assert grave(window) == []


def test_why_things_were_refused_is_open_where_a_source_drifts(page: Page, site: str) -> None:
    page.goto(f"{site}sources")
    expect(page.get_by_text("网页上没有正文 35 次")).to_be_visible()
    expect(page.get_by_text("HTTP 503 4 次")).to_be_hidden()
    page.get_by_text("拒绝原因：loan-forum").click()
    expect(page.get_by_text("HTTP 503 4 次")).to_be_visible()
