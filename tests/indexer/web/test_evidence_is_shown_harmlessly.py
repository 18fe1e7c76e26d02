"""The page as it was fetched: only after a click that says what is to be seen, and nothing in it acts or loads."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from indexer.datadir import DataDir
from indexer.post import Evidence
from indexer.web.snapshot import Kept, NoEvidence, harmless, read
from tests.indexer.web.conftest import COMPLAINT
from tests.indexer.web.desk import PHONE_NUMBER, SEEN

Team = tuple[str, DataDir]


def opened(page: Page, url: str) -> list[str]:
    """Goes through the click; returns the addresses that the browser asked for since."""
    page.goto(f"{url}documents/{SEEN.id}")
    page.get_by_role("link", name="查看抓取时的网页").click()
    assert PHONE_NUMBER not in page.content()
    expect(page.locator("iframe")).to_have_count(0)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.get_by_role("button", name="查看未遮蔽的存证").click()
    expect(page.frame_locator("iframe").get_by_text(PHONE_NUMBER)).to_be_visible()
    return asked


def test_what_was_fetched_is_seen_and_nothing_else_is_asked_for(page: Page, team: Team) -> None:
    asked = opened(page, team[0])
    assert all(url.startswith(team[0]) for url in asked), asked
    expect(page.get_by_text("校验一致")).to_be_visible()
    assert "owned" not in page.title()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("催收打电话骂我妈")
    for gone in (
        "script",
        "svg",
        "style",
        "[href]",
        "[src]",
        "iframe",
        "form",
        "input",
        "meta[http-equiv]",
        "[onload]",
    ):
        expect(frame.locator(gone)).to_have_count(0)


def test_the_frame_is_sandboxed_by_its_own_headers_and_its_address_is_signed(page: Page, team: Team) -> None:
    opened(page, team[0])
    address = page.locator("iframe").get_attribute("src") or ""
    expect(page.locator("iframe")).to_have_attribute("sandbox", "")
    answer = httpx.get(team[0].rstrip("/") + address)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert answer.headers["cache-control"] == "no-store"
    for forged in (address[:-2], f"/evidence/{SEEN.id}", address.replace("/evidence/", "/evidence/x")):
        assert httpx.get(team[0].rstrip("/") + forged).status_code == 404


def test_evidence_that_has_gone_is_told(page: Page, site: str) -> None:
    page.goto(f"{site}documents/{COMPLAINT.id}/evidence")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("已不在数据目录中")


@pytest.mark.parametrize("name", ["../state.sqlite", "/etc/passwd", "nothing.warc.gz", "broken.warc.gz"])
def test_nothing_outside_of_the_archive_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.warc.gz").write_bytes(b"no gzip at all")
    with pytest.raises(NoEvidence):
        read(tmp_path, Evidence(warc=name, offset=0, sha256="0" * 64))


def test_what_is_no_html_is_shown_as_text() -> None:
    kept = Kept(b'{"content": "<script>alert(1)</script>"}', "application/json", "")
    assert "&lt;script&gt;" in harmless(kept)
    assert "（不是文字）" in harmless(replace(kept, body=b"\x89PNG\x00\x00", content_type="image/png"))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_the_charset_is_that_of_the_page(encoding: str) -> None:
    body = f'<html><head><meta charset="{encoding}"></head><body>打電話</body></html>'.encode(encoding)
    assert "打電話" in harmless(Kept(body, "text/html", ""))
