"""A reader sees that one hand writes about several lenders: the list of campaigns, one of them, and its documents."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.documents import FIRST, document, mention
from tests.indexer.web.conftest import filled, served

NAME, OTHER = "ab" * 8, "cd" * 8
BODY = "{0}逾期一个月会怎么样？\n{0}会先打电话<b>提醒</b>，再交给第三方。"
LENDERS = ("招联消费金融", "马上消费金融", "中原消费金融")


@pytest.fixture(scope="module")
def farmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over a campaign of six on three lenders, another of two, and a document in none."""
    farm = [
        document(
            number,
            title=f"{LENDERS[number % 3]}逾期{number}",
            body=BODY.format(LENDERS[number % 3]),
            lenders=(LENDERS[number % 3],),
            lender_mentions=(mention(BODY.format(LENDERS[number % 3]), LENDERS[number % 3], LENDERS[number % 3]),),
            published_at=None if number == 5 else FIRST + timedelta(days=number),
            contacts=("qq:0123456789abcdef",) if number < 2 else (f"phone:{number}",),
            site=f"m{number % 2}.farm.example.com",
            campaign=NAME,
            voice="guide",
        )
        for number in range(6)
    ]
    others = [document(number, campaign=OTHER) for number in (10, 11)] + [document(20)]
    with filled(tmp_path_factory.mktemp("campaigns") / "index", [*farm, *others]) as store, served(store) as url:
        yield url


def test_the_list_leads_to_a_campaign_and_that_to_its_documents(page: Page, farmed: str) -> None:
    page.goto(farmed)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="话题").click()
    page.get_by_role("navigation", name="话题的种类").get_by_role("link", name="同一推手").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    for told in (NAME[:10], "6", *LENDERS, "2026-11-02", "2026-11-06"):
        expect(rows.first).to_contain_text(told)
    rows.first.get_by_role("link", name=NAME[:10]).click()
    for told in ("m0.farm.example.com", "2026-11-02 10:00", "2026-11-06"):
        expect(page.locator(".numbers")).to_contain_text(told)
    expect(page.locator(".chart")).to_contain_text("1 篇未注明日期")
    expect(page.locator(".chart a")).to_have_count(5)
    expect(page.locator(".body p").first).to_contain_text("〔机构〕逾期一个月会怎么样？")
    expect(page.locator(".body")).to_contain_text("<b>提醒</b>")
    expect(page.get_by_role("region", name="共有联系方式").locator(".badge")).to_have_count(1)
    expect(page.get_by_role("region", name="最新文档").locator("li")).to_have_count(6)
    page.get_by_role("link", name="全部 6 篇").click()
    expect(page.locator(".total")).to_contain_text("共 6 条")


def test_a_document_shows_what_else_the_hand_wrote(page: Page, farmed: str) -> None:
    page.goto(f"{farmed}documents/{document(0).id}")
    section = page.locator(".facts section", has_text="同一推手")
    expect(section.locator("li")).to_have_count(5)
    section.get_by_role("link", name="这个推手写了谁").click()
    page.wait_for_url(f"**/campaigns/{NAME}")


@pytest.mark.parametrize("id", ["00" * 8, "nothing", "%00"])
def test_a_campaign_that_is_gone_is_told(page: Page, farmed: str, id: str) -> None:
    response = page.goto(f"{farmed}campaigns/{id}")
    assert response
    assert response.status == 404


def test_without_any_campaign_the_list_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}campaigns")
    expect(page.get_by_role("main")).to_contain_text("还没有发现")
