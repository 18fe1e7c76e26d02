"""The link in a digest ends it: by a button for people, by one click of a mail program, and for its digest only."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from indexer.alerts.messages.unsubscribe import declined, unsubscribe_url
from indexer.datadir import DataDir
from tests.indexer.web.conftest import filled, served


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, DataDir]]:
    data = DataDir(tmp_path / "data")
    with filled(tmp_path / "index", []) as store, served(store, data=data.path) as url:
        yield url.rstrip("/"), data


def test_a_person_is_asked_and_presses_a_button(page: Page, place: tuple[str, DataDir]) -> None:
    url, data = place
    page.goto(unsubscribe_url(url, data.key(), "声誉组 A", "daily"))
    with data.state() as state:
        assert declined(state) == frozenset()
        page.get_by_role("button", name="退订").click()
        expect(page.get_by_role("heading", name="已退订")).to_be_visible()
        expect(page.get_by_text("声誉组 A 不再收到日报")).to_be_visible()
        assert declined(state) == {("声誉组 A", "daily")}


def test_a_mail_program_does_it_by_one_click(place: tuple[str, DataDir]) -> None:
    url, data = place
    link = unsubscribe_url(url, data.key(), "team", "weekly")
    for _ in range(2):
        assert httpx.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with data.state() as state:
        assert declined(state) == {("team", "weekly")}


def test_a_link_that_is_not_ours_does_nothing(place: tuple[str, DataDir]) -> None:
    url, data = place
    link = unsubscribe_url(url, data.key(), "team", "weekly")
    forged = [
        link.replace("weekly", "daily"),
        link.replace("recipient=team", "recipient=boss"),
        link[:-1],
        link + "0",
        unsubscribe_url(url, b"another key", "team", "weekly"),
        link.replace("weekly", "hourly"),
        f"{url}/alerts/unsubscribe",
        f"{url}/alerts/unsubscribe?recipient=%ff&digest=daily&token=%ed%a0%80",
    ]
    for it in forged:
        assert httpx.post(it).status_code == httpx.get(it).status_code == 403
    with data.state() as state:
        assert declined(state) == frozenset()
