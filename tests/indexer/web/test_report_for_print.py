"""A report on a lender and a period: what it counts, what it proves, hostile text in it, and that it prints."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from indexer.handling import Change, Handlings
from indexer.people.audit import newest
from tests.documents import FIRST, complaint, document
from tests.indexer.web.conftest import DAY, filled, served

LENDER = "招联消费金融"
SCRIPT = "<script>document.title='owned'</script><b id='broken'>"
DOCUMENTS = [
    *(complaint(number, published_at=FIRST + number * DAY) for number in range(10)),
    complaint(50, published_at=FIRST + 3 * DAY, title=SCRIPT, sentiment=0.01, body="长" * 3_000 + "a" * 3_000,
              practices=(), lender_mentions=(), worst_sentence=None, restored=(), evidence=None),
    complaint(60, published_at=FIRST + 40 * DAY),
    document(70, lenders=("借呗",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    return DataDir(tmp_path_factory.mktemp("report") / "data")


@pytest.fixture(scope="module")
def url(data: DataDir) -> Iterator[str]:
    with filled(data.path / "index", DOCUMENTS) as store, served(store, data=data.path) as address:
        yield address.rstrip("/")


def address(url: str) -> str:
    return f"{url}/report?lender={LENDER}&since=2026-11-02&until=2026-11-30"


def test_it_counts_and_proves(url: str, page: Page, data: DataDir) -> None:
    page.goto(f"{url}/report")
    page.get_by_label("机构").fill(LENDER)
    page.get_by_label("从").fill("2026-11-02")
    page.get_by_label("到").fill("2026-11-30")
    page.get_by_role("button", name="生成报告").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{LENDER} 催收舆情报告")
    expect(page.locator("dl.numbers")).to_contain_text("11")
    expect(page.locator(".chart svg")).to_be_visible()
    proofs = page.get_by_role("region", name="存证清单").locator("tbody tr")
    expect(proofs).to_have_count(10)
    expect(proofs.first).to_contain_text("ab" * 32)
    expect(page.locator(".report-worst li").first).to_contain_text(SCRIPT)
    assert not page.locator("#broken, main script").count()
    with data.state() as state:
        assert (
            LENDER in newest(state, 1, action="report")[0].entry.target or newest(state, 1)[0].entry.action == "report"
        )


def test_it_tells_what_was_before_and_what_was_done(url: str, data: DataDir) -> None:
    with data.state() as state:
        done = [DOCUMENTS[0].id, DOCUMENTS[1].id]
        Handlings(state).change(done, Change("answered", owner="王芳<b>"), "wangfang", datetime.now(UTC))
    shown = httpx.get(f"{url}/report?lender={LENDER}&since=2026-11-30&until=2026-12-27").text
    assert "上一时段 11</dd>" in shown, "28 days before, as many as these"
    shown = httpx.get(address(url)).text
    assert "上一时段 0</dd>" in shown
    assert "处理情况：新 9 篇，处理中 0 篇，已答复 2 篇，与我无关 0 篇。" in shown
    assert shown.count("已答复 · <bdi>王芳&lt;b&gt;</bdi>") == 2


def test_it_is_printed_without_what_is_clicked(url: str, page: Page, tmp_path: Path) -> None:
    page.goto(address(url))
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="生成报告")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert (tmp_path / "report.pdf").stat().st_size > 20_000


def test_it_fits_a_phone(url: str, phone: Page) -> None:
    phone.goto(address(url))
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("query", ["lender=x&since=gone", "lender=x&since=2026-11-30&until=2026-11-01"])
def test_a_period_that_is_none_is_told(url: str, query: str) -> None:
    assert httpx.get(f"{url}/report?{query}").status_code == 400


def test_a_period_may_begin_with_the_first_day_that_there_is(url: str) -> None:
    answer = httpx.get(f"{url}/report?lender={LENDER}&since=1970-01-01&until=2026-11-30")
    assert answer.status_code == 200
    assert "上一时段 0</dd>" in answer.text


def test_of_nobody_there_is_nothing(url: str) -> None:
    assert "没有提到" in httpx.get(f"{url}/report?lender=%3Cb%3E&since=2026-11-02").text
