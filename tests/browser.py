"""Chromium, driven as a person would."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# No sandbox: inside a container Chromium can't make one, and it only sees pages of our own.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
WIDE, PHONE = 1280, 390


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; without one the test is skipped, but fails where CI says that there must be one."""
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is missing: install the package chromium to run the tests of the web page"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of its own on a desk; what goes wrong in it fails the test."""
    yield from window(browser, WIDE)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A window of its own on a phone."""
    yield from window(browser, PHONE)


def window(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(5000)
    wrong: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # A status of 4xx is told on the console too; the tests look at it themselves. A test's server ends before its
        # window does, which may still load something.
        if message.type == "error" and "status of" not in message.text and "CONNECTION_REFUSED" not in message.text:
            wrong.append(message.text)

    def asked(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", said)
    page.on("dialog", asked)
    yield page
    context.close()
    assert not wrong, wrong
