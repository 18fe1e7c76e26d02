"""`python -m tests.indexer.web.screenshots [NAME…]`: every page, or those named, at two widths, into docs.

They are pages over two months of invented posts, and what three weeks of crawls left; no path is this machine's.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from indexer.alerts.alert import Alerts
from indexer.alerts.life import acknowledge
from indexer.datadir import DataDir
from indexer.saved import SavedSearch, SavedSearches
from tests.browser import ARGUMENTS, CHROMIUM, PHONE, WIDE
from tests.cli import ROOT
from tests.indexer.alerts import world
from tests.indexer.web import crawled, desk
from tests.indexer.web.conftest import filled, served

FOLDER = ROOT / "docs/screenshots"
PAGES = {
    "overview": desk.ADDRESSES["overview"],
    "search": f"search?q=通讯录&lender={desk.ZHAOLIAN}",
    "document": desk.ADDRESSES["complaint"],
    "thread": desk.ADDRESSES["reply"],
    **{name: desk.ADDRESSES[name] for name in (
        "lenders", "lender", "practices", "practice", "stories", "story", "campaigns", "campaign", "versions", "alerts",
        "sources", "login", "report")},
    "saved-searches": desk.ADDRESSES["saved searches"],
    "settings": "settings?check=1",
}  # fmt: skip
ALERT = {"alert": desk.ADDRESSES["alert"]}
HEIGHTS = {WIDE: 900, PHONE: 844}
COLOURS = 128
SOURCES = """
sources:
  - { name: finance-news, kind: feed, start: ["https://news.example.com/feed.xml"] }
  - { name: local-paper, kind: feed, start: ["https://paper.example.net/rss"] }
"""
RULES = """
base_url: https://dunwatch.example.com
mail: { host: smtp.example.com, port: 587, security: starttls, sender: dunwatch@example.com }
webhooks:
  duty-group: { platform: wecom, url: { env: DUNWATCH_WECOM_URL } }
recipients:
  - { name: 声誉组, mail: team@example.com, digest: [daily, weekly] }
  - { name: 值班, webhook: duty-group, lenders: [招联消费金融] }
rules:
  - { name: spike, kind: spike, of: [lender, practice, lender_practice], by: [hour, day] }
  - { name: against-peers, kind: peers, window: 1d }
  - { name: first-unlawful, kind: first_unlawful, window: 1d, severity: high }
"""


def take(browser: Browser, url: str, file: Path, width: int, scheme: str = "light") -> None:
    """The upper part of a page, as one sees it first."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]}, locale="zh-CN")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url, wait_until="networkidle", timeout=60_000)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    page.close()


def take_each(browser: Browser, url: str, pages: Mapping[str, str]) -> None:
    """Each page at both widths."""
    for name, address in pages.items():
        for width in HEIGHTS:
            take(browser, url + address, FOLDER / f"{name}-{width}.png", width)


@contextmanager
def watching(data: DataDir) -> Iterator[str]:
    """The address of the page of a team that has watched for two months; `config` is beside the data."""
    hostile = {it.id for it in desk.hostile()}
    documents = [it for it in desk.lay(data) if it.id not in hostile]
    with data.state() as state:
        saved = SavedSearches(state)
        for it in saved.all():
            saved.forget(it.seq)
        saved.keep(SavedSearch("通讯录的新投诉", "通讯录", {"voice": ("complaint",)}, 5), desk.NOW)
    crawled.crawl(data, desk.NOW)
    with (
        filled(data.index, [*world.ordinary(60, until=desk.NOW), *documents]) as store,
        served(store, data=data.path, config=Path("config")) as url,
    ):
        yield url


@contextmanager
def alerted(data: DataDir) -> Iterator[str]:
    """The address of the page after a storm, which somebody looks after."""
    with filled(data.index, [*world.ordinary(60), *world.storm(18)]) as store:
        with data.state() as state:
            for source in ("board", "forum"):
                world.watched_since(state, source, world.NOW - timedelta(days=50), world.NOW, timedelta(hours=2))
            world.watch(store, state, baseline=timedelta(days=60)).check(world.NOW)
            acknowledge(Alerts(state), 1, "王芳", "已联系催收部", world.NOW + timedelta(minutes=12))
        with served(store, data=data.path) as url:
            yield url


def main() -> None:
    wanted = sys.argv[1:] or [*PAGES, *ALERT]
    with TemporaryDirectory() as folder, chdir(folder), sync_playwright() as playwright:
        shutil.copytree(ROOT / "config", "config")
        Path("config/alerts.yaml").write_text(RULES, encoding="utf-8")
        Path("config/sources.yaml").write_text(SOURCES, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for data, there, pages in (("data", watching, PAGES), ("data-of-a-storm", alerted, ALERT)):
            chosen = {name: address for name, address in pages.items() if name in wanted}
            if not chosen:
                continue
            with there(DataDir(Path(data))) as url:
                take_each(browser, url, chosen)
                if "overview" in chosen:
                    take(browser, url, FOLDER / f"overview-{WIDE}-dark.png", WIDE, "dark")
        browser.close()


if __name__ == "__main__":
    main()
