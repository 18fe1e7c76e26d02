"""What is configured is shown and checked as `dunwatch doctor` does; secrets are never shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir


def test_what_is_configured_is_shown(page: Page, team: tuple[str, DataDir]) -> None:
    page.goto(f"{team[0]}settings")
    expect(page.get_by_role("region", name="预警规则").first).to_contain_text("突增检验")
    expect(page.get_by_role("region", name="系统")).to_contain_text("Asia/Shanghai")


def test_it_is_checked_on_demand(page: Page, team: tuple[str, DataDir]) -> None:
    page.set_default_timeout(60_000)
    page.goto(f"{team[0]}settings")
    page.get_by_role("link", name="运行检查").click()
    findings = page.locator(".findings li")
    expect(findings.filter(has_text="状态文件")).to_contain_text("正常")
    expect(findings.filter(has_text="索引")).to_contain_text("篇文档")
    for said in findings.locator(".said").all_inner_texts():
        assert not re.search("[a-z]{5}", re.sub(r"分析版本 \w+|Redis", "", said)), said


def test_a_secret_is_there_or_not_and_never_shown(
    page: Page, team: tuple[str, DataDir], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNWATCH_SMTP_PASSWORD", "hunter2-and-more")
    page.goto(f"{team[0]}settings")
    entry = page.get_by_role("region", name="机密").locator("li", has_text="DUNWATCH_SMTP_PASSWORD")
    expect(entry).to_contain_text("已设置")
    assert "hunter2" not in page.content()
