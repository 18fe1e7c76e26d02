"""A person reads a document: what it says, how surely, where it came from, what else is like it."""

from playwright.sync_api import Page, expect

from tests.indexer.web.conftest import COMPLAINT


def test_from_a_hit_to_the_marked_text(page: Page, site: str) -> None:
    page.goto(f"{site}search?q=爆通讯录&sort=time")
    page.locator("article.found h2 a").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPLAINT.title)
    body = page.locator(".body")
    for quote in {practice.quote for practice in COMPLAINT.practices}:
        expect(body).to_contain_text(quote)
    assert "".join(body.locator("mark.practice.unlawful.asserted").all_inner_texts()) == (
        COMPLAINT.practices[0].quote + COMPLAINT.practices[2].quote
    )
    assert "".join(body.locator("mark.worst").all_inner_texts()) == COMPLAINT.practices[0].quote
    expect(body.locator("mark.restored")).to_have_text("电话")
    expect(body.locator("mark.lender")).to_have_text("招联消费金融")
    assert "".join(body.locator("mark.hit").all_inner_texts()) == "爆通讯录"


def test_the_text_between_and_in_the_marks_is_the_body(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    assert page.locator(".body p").all_text_contents() == COMPLAINT.body.split("\n")


def test_a_quote_leads_to_its_mark(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    entry = page.locator(".practices li", has_text="爆通讯录").first
    entry.locator(".places a").first.click()
    mark = page.locator(".anchor:target + mark")
    assert COMPLAINT.practices[2].quote.startswith(mark.inner_text())


def test_facts_and_evidence(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    facts = page.get_by_role("complementary")
    assert COMPLAINT.evidence
    for told in (
        "2026-11-06 10:00（据网页元数据）",
        "负面 0.06",
        "夹带拼音 3",
        COMPLAINT.evidence.warc,
        COMPLAINT.evidence.sha256,
        "回复 12",
    ):
        expect(facts).to_contain_text(told)
    original = facts.get_by_role("link", name=COMPLAINT.url)
    expect(original).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_other_prints_and_documents_with_the_same_contact(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    expect(page.locator(".facts section", has_text="同一联系方式").locator("li")).to_contain_text("没有日期的一篇")
    page.locator(".facts section", has_text="同稿").locator("li a").click()
    expect(page.locator("header .note")).to_contain_text("这是转载")
    page.get_by_role("link", name="最早的一篇").click()
    page.wait_for_url(f"**/documents/{COMPLAINT.id}")


def test_a_practice_leads_to_all_that_say_it(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    page.locator(".practices .badge", has_text="侮辱辱骂").click()
    expect(page.locator(".total")).to_contain_text("共 2 条")
    expect(page.locator(".chips")).to_contain_text("侮辱辱骂 · 断言")


def test_the_clauses_cited_against_a_practice(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}")
    entry = page.locator(".practices li", has_text="侮辱辱骂").first
    entry.get_by_text("公约 第九条").click()
    expect(entry.get_by_text("不得辱骂债务人。（2018 年版）")).to_be_visible()


def test_a_document_that_is_gone_is_told(page: Page, site: str) -> None:
    for id in ("0" * 24, "nothing", "%00"):
        response = page.goto(f"{site}documents/{id}")
        assert response
        assert response.status == 404
        expect(page.get_by_role("main")).to_contain_text("没有这个页面")


def test_health_of_the_sources(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="来源健康").click()
    page.get_by_role("link", name="运行状态").click()
    expect(page.locator(".numbers")).to_contain_text("40")
    expect(page.get_by_role("row", name="example-news")).to_contain_text("完成 网页 12，新内容 9")
    expect(page.get_by_role("row", name="example-board")).to_contain_text("进行中或被中断")
