"""One practice: what it is, who is accused of it, and what people write."""

from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.indexer.web.desk import ZHAOLIAN

Team = tuple[str, DataDir]


def test_from_the_list_to_a_practice_and_the_lenders_accused_of_it(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}practices")
    row = page.get_by_role("row", name="爆通讯录")
    expect(row).to_contain_text("违法")
    expect(row).to_contain_text("13 · 0 · 0")
    row.get_by_role("rowheader").get_by_role("link").click()
    row = page.get_by_role("region", name="被指称的机构").first.get_by_role("row", name=ZHAOLIAN)
    expect(row).to_contain_text("13")
    row.get_by_role("link", name="13").click()
    expect(page.locator(".total strong")).to_have_text("13")


def test_its_definition_crosswalk_and_clauses(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}practices/侮辱辱骂")
    facts = page.get_by_role("region", name="定义与对照")
    expect(facts).to_contain_text("Used obscene, profane, or other abusive language")
    facts.get_by_text("公约 第九条").click()
    expect(facts.get_by_text("不得辱骂债务人。")).to_be_visible()


def test_quotes_lead_to_their_documents(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}practices/爆通讯录")
    quotes = page.get_by_role("region", name="他们怎么说").locator("li")
    expect(quotes).to_have_count(12)
    expect(quotes.first.locator("blockquote")).to_contain_text("他们把我通讯录里的人全打了一遍")
    quotes.first.get_by_role("link").first.click()
    page.wait_for_url("**/documents/**")


def test_a_practice_that_is_not_declared_is_not_there(page: Page, team: Team) -> None:
    response = page.goto(f"{team[0]}practices/没有这种")
    assert response
    assert response.status == 404
