"""One lender: how much is said of it, what, by whom, beside others of its kind, and how fast it answers."""

from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.indexer.web.desk import MASHANG, ZHAOLIAN, ZHONGYUAN

Team = tuple[str, DataDir]


def test_from_the_list_to_a_lender_and_its_documents(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}lenders")
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text(ZHAOLIAN)
    expect(rows.first).to_contain_text("消费金融公司")
    page.get_by_role("link", name=ZHAOLIAN, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ZHAOLIAN)
    count = page.locator(".numbers dd a").first
    told = count.inner_text()
    count.click()
    expect(page.locator(".total strong")).to_have_text(told)


def test_practices_by_stance(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}lenders/{ZHAOLIAN}?span=1d")
    row = page.get_by_role("region", name="催收行为与语气").first.get_by_role("row", name="爆通讯录")
    assert row.locator("td.n").all_inner_texts() == ["13", "0", "0"]
    row = page.get_by_role("region", name="催收行为与语气").first.get_by_role("row", name="上门催收")
    assert row.locator("td.n").all_inner_texts() == ["0", "1", "0"]


def test_peers_stand_side_by_side(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}lenders/{ZHAOLIAN}")
    table = page.get_by_role("region", name="同类机构对照").get_by_role("table")
    heads = table.locator("thead th").all_inner_texts()
    assert heads[1] == ZHAOLIAN
    assert {MASHANG, ZHONGYUAN} <= set(heads)
    harassed = table.get_by_role("row", name="骚扰").get_by_role("cell").nth(heads.index(MASHANG) - 1)
    expect(harassed).to_have_text("97%")
    harassed.get_by_role("link").click()
    expect(page.locator(".total strong")).to_have_text("29")
    expect(page.locator(".chips")).to_contain_text(f"机构：{MASHANG}")
    page.go_back()
    table.get_by_role("link", name=MASHANG).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MASHANG)


def test_how_fast_it_answers_complaints(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}lenders/{ZHAOLIAN}")
    expect(page.locator(".numbers")).to_contain_text("半数不超过 30.0 小时")


def test_its_alerts_are_listed(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}lenders/{ZHAOLIAN}")
    expect(page.get_by_role("region", name="预警")).to_contain_text("爆通讯录 12 条")


def test_a_lender_that_nobody_names_is_shown_and_one_that_nobody_knows_is_not(page: Page, team: Team) -> None:
    response = page.goto(f"{team[0]}lenders/北银消费金融?span=1d")
    assert response
    assert response.status == 200
    response = page.goto(f"{team[0]}lenders/没有这家")
    assert response
    assert response.status == 404
