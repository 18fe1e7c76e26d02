"""The first page says what changed: what rises against its usual, new hands, worst posts, alerts, what is saved."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from indexer.store.base import Bucket
from indexer.web.usual import change, changes, mean
from tests.documents import FIRST, document
from tests.indexer.alerts.world import watched_since
from tests.indexer.web.conftest import DAY, filled, served
from tests.indexer.web.desk import NEW_HAND, OLD_HAND, SEEN, ZHAOLIAN

Team = tuple[str, DataDir]


def test_what_rises_stands_first_beside_its_usual(page: Page, team: Team) -> None:
    page.goto(team[0])
    row = page.get_by_role("region", name="机构的变化").get_by_role("row", name=ZHAOLIAN)
    expect(row).to_contain_text("13")
    expect(row).to_contain_text("倍")
    first = page.get_by_role("region", name="行为的变化").locator("tbody tr").first
    expect(first).to_contain_text("爆通讯录")
    expect(first).to_contain_text("新出现")


def test_a_count_leads_to_the_documents_that_were_counted(page: Page, team: Team) -> None:
    page.goto(team[0])
    link = page.get_by_role("region", name="机构的变化").get_by_role("row", name=ZHAOLIAN).locator("td a")
    count = link.inner_text()
    link.click()
    expect(page.locator(".total strong")).to_have_text(count)


def test_a_hand_that_began_today_is_new_and_one_that_goes_on_is_not(page: Page, team: Team) -> None:
    page.goto(team[0])
    section = page.get_by_role("region", name="新出现的推手")
    expect(section.get_by_role("link", name=NEW_HAND[:10])).to_be_visible()
    expect(section.get_by_role("link", name=OLD_HAND[:10])).to_have_count(0)


def test_alerts_worst_posts_and_saved_searches_are_a_click_away(page: Page, team: Team) -> None:
    page.goto(team[0])
    page.get_by_role("region", name="最负面的新帖").get_by_role("link", name=SEEN.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SEEN.title)
    page.goto(team[0])
    page.get_by_role("region", name="进行中的预警").get_by_role("link", name="爆通讯录 12 条").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("爆通讯录 12 条")
    page.goto(team[0])
    page.get_by_role("region", name="保存的搜索").get_by_role("link", name="通讯录").click()
    page.wait_for_url("**/search?**")


def test_a_longer_span_counts_more_and_stays_chosen(page: Page, team: Team) -> None:
    page.goto(team[0])
    page.get_by_role("link", name="近 30 天").click()
    expect(page.get_by_role("link", name="近 30 天")).to_have_attribute("aria-current", "true")
    row = page.get_by_role("region", name="机构的变化").get_by_role("row", name=ZHAOLIAN)
    assert int(row.locator("td").first.inner_text()) > 30


def test_an_old_address_of_a_search_still_leads_there(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}?q=催收&voice=complaint")
    page.wait_for_url("**/search?q=**&voice=complaint")


def test_without_documents_it_says_how_to_begin(page: Page, empty: str) -> None:
    page.goto(empty)
    expect(page.get_by_text("dunwatch crawl")).to_be_visible()


def test_that_nothing_was_crawled_is_told_before_the_figures(tmp_path: Path) -> None:
    data, now = DataDir(tmp_path), datetime.now(UTC)
    with filled(data.index, [document(1)]) as store, served(store, data=data.path) as url:
        assert "没有抓取" not in httpx.get(url).text, "nobody crawls: files were read"
        with data.state() as state:
            watched_since(state, "board", now - 4 * DAY, now - 2 * DAY, DAY)
        assert "近 24 小时没有抓取" in httpx.get(url).text
        assert "没有抓取" not in httpx.get(f"{url}?span=7d").text


def test_a_rise_is_more_than_chance_explains() -> None:
    found = changes([("a", 12), ("b", 4), ("c", 30)], {"a": 28, "b": 0, "c": 28 * 29}, 28)
    assert [it.name for it in found] == ["a", "b", "c"]
    assert [it.rises for it in found] == [True, False, False]
    assert found[0].factor == 12
    assert not change("new installation", 100, 0, 0).rises


def test_a_mean_counts_each_document_once() -> None:
    assert mean([Bucket(FIRST, 3, 0.2), Bucket(FIRST, 0, None), Bucket(FIRST, 1, 0.6)]) == pytest.approx(0.3)
    assert mean([]) is None
