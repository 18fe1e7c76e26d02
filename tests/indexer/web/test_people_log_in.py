"""Logging in and out, as a person does it in a browser."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.indexer.web.conftest import COMPLAINT, filled
from tests.indexer.web.people import PASSWORD, peopled


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("login")
    with filled(folder / "index", [COMPLAINT]) as store, peopled(store, folder / "data") as address:
        yield address


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_one_comes_to_the_page_that_one_wanted(url: str, page: Page) -> None:
    page.goto(f"{url}/search?q=招联")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert not page.get_by_role("navigation").count()
    log_in(page, "admin", "not the password")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不对。")
    log_in(page, "admin")
    expect(page.get_by_role("link", name=COMPLAINT.title)).to_be_visible()
    expect(page.get_by_role("searchbox", name="搜索")).to_have_value("招联")
    page.get_by_role("link", name="审计").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("登录")
    expect(page.get_by_role("row").nth(2)).to_contain_text("登录被拒")


def test_after_logout_nothing_is_left(url: str, page: Page) -> None:
    page.goto(f"{url}/search")
    log_in(page, "viewer")
    expect(page.get_by_text("viewer（查看）")).to_be_visible()
    assert not page.get_by_role("link", name="审计").count()
    page.get_by_role("link", name=COMPLAINT.title).click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_one_changes_ones_own_password(url: str, page: Page) -> None:
    page.goto(f"{url}/account")
    log_in(page, "analyst")
    elsewhere = httpx.Client(base_url=url, cookies={it["name"]: it["value"] for it in page.context.cookies()})
    for old, new, told in (
        ("wrong password", "another password", "原密码不对。"),
        (PASSWORD, "aaaaaaaaaaaaaa", "至少五个不同"),
        (PASSWORD, "another password", "密码已更改"),
    ):
        page.get_by_label("原密码").fill(old)
        page.get_by_label("新密码", exact=True).fill(new)
        page.get_by_label("再输一次新密码").fill(new)
        page.get_by_role("button", name="更改密码").click()
        expect(page.get_by_text(told)).to_be_visible()
    assert elsewhere.get("/").status_code == 303, "other sessions are over"
    elsewhere.close()
    page.goto(f"{url}/search")
    expect(page.get_by_role("searchbox", name="搜索")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    log_in(page, "analyst", "another password")
    expect(page.get_by_text("analyst（分析）")).to_be_visible()


def test_scripts_can_not_read_the_session(url: str, page: Page) -> None:
    page.goto(url)
    log_in(page, "viewer")
    expect(page.get_by_role("searchbox", name="搜索")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


def test_it_fits_a_phone(phone: Page, url: str) -> None:
    phone.goto(url)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    log_in(phone, "admin")
    expect(phone.get_by_role("searchbox", name="搜索")).to_be_visible()
    for path in ("/", "/search", "/audit"):
        phone.goto(url + path)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
