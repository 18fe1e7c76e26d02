"""A story from its first print on: when and where it was reprinted, which contacts it carries."""

import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.indexer.web.desk import CONTACT, MASHANG, STORY

Team = tuple[str, DataDir]


def test_from_the_list_to_its_prints_in_order(page: Page, team: Team) -> None:
    page.goto(team[0])
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="话题").click()
    row = page.get_by_role("row", name="某平台催收被罚")
    expect(row).to_contain_text("first.example.com")
    expect(row.get_by_role("cell", name="4", exact=True)).to_be_visible()
    row.get_by_role("link").first.click()
    prints = page.locator(".steps li")
    expect(prints.first).to_contain_text("首发")
    expect(prints.first).to_contain_text("first.example.com")
    after = prints.locator(".meta span:nth-child(2)").all_inner_texts()
    assert after[1:4] == ["+7 小时", "+14 小时", "+21 小时"]


def test_its_lenders_and_contacts_lead_on(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}stories/{STORY}")
    expect(page.get_by_role("region", name="机构").get_by_role("link", name=MASHANG)).to_be_visible()
    page.get_by_role("region", name="联系方式").get_by_role("link", name=CONTACT[:10]).click()
    expect(page.locator(".total strong")).to_have_text("4")


@pytest.mark.parametrize("id", ["00" * 8, "nothing!", "%00"])
def test_a_story_that_is_gone_is_told(page: Page, team: Team, id: str) -> None:
    response = page.goto(f"{team[0]}stories/{id}")
    assert response
    assert response.status == 404
