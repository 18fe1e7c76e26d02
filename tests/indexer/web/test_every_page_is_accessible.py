"""Every page can be read by everybody: axe-core finds nothing serious, in light and in dark, hostile text and all."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.indexer.web.desk import ADDRESSES

AXE = Axe()
GRAVE = ("serious", "critical")


def grave(page: Page, **options: Any) -> list[str]:
    """What axe finds, by rule, with the elements."""
    found = AXE.run(page, options=options or None).response["violations"]
    return [
        f"{it['id']}: {', '.join(node['html'][:120] for node in it['nodes'][:3])}"
        for it in found
        if it["impact"] in GRAVE
    ]


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - {"long"}))  # axe takes a quarter of a minute for a megabyte
def test_nothing_serious_is_found(page: Page, team: tuple[str, DataDir], name: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(team[0] + ADDRESSES[name])
    assert grave(page) == []
    page.emulate_media(color_scheme="dark")
    assert grave(page, runOnly=["color-contrast"]) == []


def test_the_first_stop_of_the_keyboard_leads_to_the_text(page: Page, team: tuple[str, DataDir]) -> None:
    page.goto(team[0])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_page_that_is_open_is_marked_in_the_navigation(page: Page, team: tuple[str, DataDir]) -> None:
    page.goto(team[0])
    navigation = page.get_by_role("navigation", name="主导航")
    for label in navigation.get_by_role("link").all_inner_texts():
        navigation.get_by_role("link", name=label, exact=True).click()
        expect(navigation.locator("[aria-current=page]")).to_have_text(label)
