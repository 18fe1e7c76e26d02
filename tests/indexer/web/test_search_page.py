"""A person searches, narrows, sorts and turns pages."""

import re

from playwright.sync_api import Page, expect

from tests.indexer.web.conftest import COMPLAINT


def total(page: Page) -> int:
    return int(page.locator(".total strong").inner_text().replace(",", ""))


def titles(page: Page) -> list[str]:
    return page.locator("article.found h2 a").all_inner_texts()


def search(page: Page, site: str, words: str) -> None:
    page.goto(f"{site}search")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")


def test_without_a_query_everything_is_listed_newest_first(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    assert total(page) == 40
    assert titles(page)[1] == "逾期还款提醒之36"
    expect(page.locator("article.found").first).to_contain_text("未注明日期")


def test_words_are_found_and_marked(page: Page, site: str) -> None:
    search(page, site, "爆通讯录")
    assert total(page) == 2
    hit = page.locator("article.found").first
    assert "爆通讯录" in "".join(hit.locator("mark.hit").all_inner_texts())
    expect(hit.locator(".badges")).to_contain_text("侮辱辱骂 断言")
    expect(hit.locator(".meta")).to_contain_text("负面 0.06")
    expect(page.locator(".meta", has_text="转载")).to_have_count(1)


def test_a_value_of_a_facet_narrows_a_second_widens_and_a_chip_takes_it_back(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    facet = page.get_by_role("region", name="谁在说")
    facet.get_by_role("link", name="投诉").click()
    assert total(page) == 2
    facet.get_by_role("link", name="推广").click()
    assert total(page) == 3
    page.get_by_role("link", name="去掉谁在说：推广").click()
    assert total(page) == 2
    page.get_by_role("link", name="清除全部").click()
    assert total(page) == 40


def test_counts_of_facets_are_what_a_click_gives(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    for label in ("马上消费金融", "安逸花"):
        link = page.get_by_role("region", name="机构").get_by_role("link", name=label)
        count = int(link.locator("small").inner_text())
        link.click()
        assert total(page) == count
        page.goto(f"{site}search")


def test_a_search_keeps_the_filters(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_role("region", name="谁在说").get_by_role("link", name="攻略").click()
    page.get_by_role("searchbox").fill("短信")
    page.get_by_role("button", name="搜索", exact=True).click()
    assert total(page) == 10
    assert "voice=guide" in page.url


def test_sorting_by_sentiment_puts_the_worst_first(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_role("link", name="最负面").click()
    assert titles(page)[0] == COMPLAINT.title
    expect(page.get_by_role("link", name="最负面")).to_have_attribute("aria-current", "true")


def test_pages_hold_every_hit_once(page: Page, site: str) -> None:
    page.goto(f"{site}search?q=逾期")
    seen = []
    while True:
        seen += [link.get_attribute("href") for link in page.locator("article.found h2 a").all()]
        following = page.get_by_role("link", name="下一页")
        if not following.count():
            break
        following.click()
    assert len(seen) == len(set(seen)) == 40
    expect(page.locator(".pages [aria-current=page]")).to_have_text("2")
    page.get_by_role("link", name="上一页").click()
    expect(page.locator(".pages [aria-current=page]")).to_have_text("1")


def test_a_bar_narrows_to_its_day(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    bar = page.get_by_role("link", name="2026-11-04：")
    tip = bar.get_attribute("aria-label") or ""
    told = re.fullmatch(r"2026-11-04：(\d+) 篇，平均情感 (0\.\d\d)", tip)
    assert told
    bar.click()
    assert total(page) == int(told[1]) == 4
    for label in ("从", "到"):
        expect(page.get_by_label(label, exact=True)).to_have_value("2026-11-04")
    expect(page.locator("article.found .meta").first).to_contain_text("2026-11-04")


def test_a_bar_is_reached_and_opened_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_role("link", name="2026-11-06：").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=2026-11-06**")


def test_a_range_of_days_holds_both_ends(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_label("从", exact=True).fill("2026-11-03")
    page.get_by_label("到", exact=True).fill("2026-11-04")
    page.get_by_role("button", name="搜索", exact=True).click()
    assert total(page) == 8


def test_a_wrong_query_is_told_and_stays_in_the_form(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_role("searchbox").fill('催收 AND ("爆通讯录')
    with page.expect_response("**/search?q=*") as response:
        page.get_by_role("searchbox").press("Enter")
    assert response.value.status == 400
    assert re.search("[一-鿿]", page.get_by_role("alert").inner_text())
    assert page.get_by_role("searchbox").input_value() == '催收 AND ("爆通讯录'


def test_nothing_found_is_said(page: Page, site: str) -> None:
    search(page, site, "查无此词")
    assert total(page) == 0
    expect(page.locator(".nothing").last).to_be_visible()


def test_the_language_of_queries_is_explained(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    page.get_by_text("查询语法").click()
    expect(page.get_by_text("有前者而没有后者")).to_be_visible()


def test_on_a_phone_the_filters_are_folded_and_work(phone: Page, site: str) -> None:
    phone.goto(f"{site}search")
    facet = phone.get_by_role("region", name="谁在说")
    expect(facet).to_be_hidden()
    phone.get_by_text("筛选", exact=True).click()
    facet.get_by_role("link", name="投诉").click()
    assert total(phone) == 2
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_a_drag_over_the_timeline_narrows_to_its_days(page: Page, site: str) -> None:
    page.goto(f"{site}search")
    first = page.get_by_role("link", name="2026-11-03：").bounding_box()
    last = page.get_by_role("link", name="2026-11-05：").bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 2, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 2, last["y"] + 5, steps=3)
    page.mouse.up()
    page.wait_for_url("**from=2026-11-03&to=2026-11-05**")
    assert total(page) == 12


def test_an_example_of_the_language_runs_with_the_filters(page: Page, site: str) -> None:
    page.goto(f"{site}search?voice=guide")
    page.get_by_text("查询语法").click()
    page.get_by_role("link", name="上门 OR 外访").click()
    page.wait_for_url("**q=**voice=guide**")
    expect(page.get_by_role("searchbox")).to_have_value("上门 OR 外访")
