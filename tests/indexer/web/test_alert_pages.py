"""The pages of alerts: what happened, why, the series with its band, the history, and who looks after it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from indexer.alerts.acknowledge import Links
from indexer.alerts.alert import Alerts
from indexer.datadir import DataDir
from indexer.store.embedded import EmbeddedStore
from tests.indexer.alerts import world
from tests.indexer.alerts.conftest import BACK, quiet_index
from tests.indexer.alerts.world import NOW, storm
from tests.indexer.web.conftest import served

__all__ = ["quiet_index"]

SCRIPT = "<script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, quiet_index: Path) -> Iterator[tuple[str, DataDir]]:
    """The address of the page, and the data directory, after a storm whose titles are hostile."""
    data = DataDir(tmp_path_factory.mktemp("alerts"))
    shutil.copytree(quiet_index, data.index)
    store = EmbeddedStore(data.index, writable=True)
    store.put([it.model_copy(update={"title": SCRIPT}) for it in storm(18)])
    with data.state() as state:
        for source in ("board", "forum"):
            world.watched_since(state, source, NOW - timedelta(days=50), NOW, timedelta(hours=2))
        assert world.watch(store, state, baseline=BACK).check(NOW).opened == 1
    with served(store, data=data.path) as url:
        yield url.rstrip("/"), data
    store.close()


def test_the_list_leads_to_the_alert(page: Page, place: tuple[str, DataDir]) -> None:
    page.goto(f"{place[0]}/alerts")
    expect(page.get_by_text("进行中（1）")).to_be_visible()
    page.get_by_role("link", name="招联消费金融 · 爆通讯录 18 条").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("进行中")
    expect(page.locator("dl.numbers")).to_contain_text("18 篇 / 18 件")
    assert page.locator("svg rect.above").count() >= 1
    expect(page.locator("ol.quotes li")).to_have_count(3)
    expect(page.locator("ul.events li").first).to_contain_text("发现")


def test_hostile_titles_stay_text(page: Page, place: tuple[str, DataDir]) -> None:
    page.goto(f"{place[0]}/alerts/1")
    expect(page.locator("ol.quotes a").first).to_have_text(SCRIPT)
    assert "owned" not in page.title()


def test_a_quote_leads_to_the_document(page: Page, place: tuple[str, DataDir]) -> None:
    page.goto(f"{place[0]}/alerts/1")
    page.locator("ol.quotes a").first.click()
    expect(page.locator("article")).to_contain_text("通讯录")


def test_what_was_counted_is_one_click_away(page: Page, place: tuple[str, DataDir]) -> None:
    page.goto(f"{place[0]}/alerts/1")
    page.get_by_role("link", name="查看这些文档").click()
    expect(page.locator(".total strong")).to_have_text("18")
    expect(page.locator(".chips")).to_contain_text("招联消费金融")


def test_nothing_is_wider_than_a_phone(phone: Page, place: tuple[str, DataDir]) -> None:
    for path in ("/alerts", "/alerts/1"):
        phone.goto(place[0] + path)
        assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_a_link_from_a_message_asks_and_then_keeps_name_and_note(page: Page, place: tuple[str, DataDir]) -> None:
    url, data = place
    link = Links(data.key(), url).make(1, "team")
    page.goto(link)
    with data.state() as state:
        assert Alerts(state).get(1).acknowledged_at is None, "following a link changes nothing"  # type: ignore[union-attr]
    page.get_by_label("姓名").fill("王芳")
    page.get_by_label("备注").fill("已联系催收部")
    page.get_by_role("button", name="我来处理").click()
    expect(page.get_by_text("确认处理：已联系催收部")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("已于")).to_be_visible()


def test_a_link_that_was_not_made_here_does_nothing(place: tuple[str, DataDir]) -> None:
    url, data = place
    good = Links(data.key(), url).make(1, "team")
    for link in (
        good[:-2],
        good.replace("/ack/", "/ack/x"),
        Links(b"another key", url).make(1, "team"),
        f"{url}/ack/1",
    ):
        assert httpx.get(link).status_code == 404
        assert httpx.post(link, data={"who": "x"}).status_code == 404
    assert httpx.post(good, data={"who": " "}).status_code == 400
    assert httpx.get(f"{url}/alerts/99").status_code == 404


def test_alerts_as_json(place: tuple[str, DataDir]) -> None:
    (alert,) = httpx.get(f"{place[0]}/api/alerts").json()["alerts"]
    assert (alert["id"], alert["subject"], alert["observed"]) == (1, "lender_practice:招联消费金融|爆通讯录", 18)
