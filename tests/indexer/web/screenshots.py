"""`python -m tests.indexer.web.screenshots`: pages at two widths over two months of invented posts, into docs.

Without those that show where this machine keeps things (设置), or that a crawl fills (来源健康) or a check (an alert).
"""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from indexer.datadir import DataDir
from indexer.saved import SavedSearch, SavedSearches
from tests.browser import ARGUMENTS, CHROMIUM, PHONE, WIDE
from tests.cli import ROOT
from tests.indexer.alerts.world import ordinary
from tests.indexer.web import desk
from tests.indexer.web.conftest import filled, served

FOLDER = ROOT / "docs/screenshots"
PAGES = {
    "overview": desk.ADDRESSES["overview"],
    "search": f"search?q=通讯录&lender={desk.ZHAOLIAN}",
    "document": desk.ADDRESSES["complaint"],
    "thread": desk.ADDRESSES["reply"],
    **{name: desk.ADDRESSES[name] for name in (
        "lenders", "lender", "practices", "practice", "stories", "story", "campaigns", "campaign", "versions", "alerts",
        "login", "report")},
    "saved-searches": desk.ADDRESSES["saved searches"],
}  # fmt: skip
HEIGHTS = {WIDE: 900, PHONE: 844}
COLOURS = 128


def take(browser: Browser, url: str, file: Path, width: int, scheme: str = "light") -> None:
    """The upper part of a page, as one sees it first."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]}, locale="zh-CN")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url, wait_until="networkidle")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    page.close()


def main() -> None:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = DataDir(Path(folder, "data"))
        hostile = {it.id for it in desk.hostile()}
        documents = [it for it in desk.lay(data) if it.id not in hostile]
        with data.state() as state:
            saved = SavedSearches(state)
            for it in saved.all():
                saved.forget(it.seq)
            saved.keep(SavedSearch("通讯录的新投诉", "通讯录", {"voice": ("complaint",)}, 5), desk.NOW)
        with (
            filled(data.index, [*ordinary(60, until=desk.NOW), *documents]) as store,
            served(store, data=data.path) as url,
        ):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, address in PAGES.items():
                for width in HEIGHTS:
                    take(browser, url + address, FOLDER / f"{name}-{width}.png", width)
            take(browser, url, FOLDER / f"overview-{WIDE}-dark.png", WIDE, "dark")
            browser.close()


if __name__ == "__main__":
    main()
