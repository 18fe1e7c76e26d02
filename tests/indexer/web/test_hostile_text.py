"""Text from the web runs nothing, leads nowhere it shouldn't, turns nothing around and keeps its place."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from indexer.datadir import DataDir
from tests.documents import FIRST, document
from tests.indexer.web.conftest import filled, served
from tests.indexer.web.desk import ADDRESSES

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>催收"
BIDI = "\u202e收催力暴\u2066 abc\u202c"
LONG = "催" + "a" * 100_000
LEADING = "[href], [action], [src]"
ADDRESS = "it => it.getAttribute('href') ?? it.getAttribute('action') ?? it.getAttribute('src')"
HOSTILE = [
    document(
        1,
        title=SCRIPT,
        body=f'{SCRIPT}\n"><svg onload=alert(3)>',
        url="javascript:alert(4)//催收",
        source="\"><b id='broken'>",
        site="<i id='broken'>",
        category="</dd><script>alert(5)</script>",
    ),
    document(2, title=BIDI, body=BIDI, site="\u202emoc.elpmaxe"),
    document(3, title=LONG[:1000], body=LONG, url=f"https://example.com/{'b' * 1900}", lenders=("机" * 200,)),
    document(4, title="", body="", published_at=None, dated_by="", url="file:///etc/passwd"),
    document(5, title="很久以前", published_at=FIRST.replace(year=1971), body="催收\n\n\n"),
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with filled(tmp_path_factory.mktemp("hostile") / "index", HOSTILE) as store, served(store) as url:
        yield url


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_its_page_is_whole_and_no_wider_than_a_phone(phone: Page, hostile: str, number: int) -> None:
    response = phone.goto(f"{hostile}documents/{HOSTILE[number].id}?q=催收")
    assert response
    assert response.status == 200
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert not phone.locator("#broken, main img, main script").count()
    expect(phone.get_by_role("contentinfo")).to_be_visible()


def test_the_list_is_whole_and_no_wider_than_a_phone(phone: Page, hostile: str) -> None:
    for query in ("", "?q=催收", "?sort=sentiment"):
        phone.goto(f"{hostile}search{query}")
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        assert not phone.locator("#broken, main img, main script").count()
    expect(phone.get_by_text("<script>alert(1)</script>").first).to_be_visible()


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_holds_it_and_stays_as_wide_as_a_phone(phone: Page, team: tuple[str, DataDir], name: str) -> None:
    response = phone.goto(team[0] + ADDRESSES[name])
    assert response
    assert response.status == 200
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert not phone.locator("#broken, main img, main script").count()
    addresses = phone.evaluate(f"[...document.querySelectorAll('{LEADING}')].map({ADDRESS})")
    assert all(address.startswith(("/", "#", "?", "http://", "https://")) for address in addresses), addresses


def test_what_was_searched_is_text_too(phone: Page, hostile: str) -> None:
    phone.goto(f"{hostile}search")
    phone.get_by_role("searchbox").fill('"><script>alert(6)</script>')
    phone.get_by_role("searchbox").press("Enter")
    assert not phone.locator("main script").count()
    phone.goto(f"{hostile}search?lender=%22%3E%3Cb+id%3Dbroken%3E&sort=%22%3E%3Cscript%3E&from=%3Cb%20id=broken%3E")
    assert not phone.locator("#broken").count()


def test_only_web_addresses_are_links(page: Page, hostile: str) -> None:
    for number in (0, 3):
        page.goto(f"{hostile}documents/{HOSTILE[number].id}")
        links = [link.get_attribute("href") or "" for link in page.locator("a").all()]
        assert all(link.startswith(("/", "#")) for link in links), links
        expect(page.get_by_text("不是网页地址")).to_be_visible()


def test_directional_marks_are_gone(page: Page, hostile: str) -> None:
    for address in ("search", f"documents/{HOSTILE[1].id}"):
        page.goto(hostile + address)
        html = page.content()
        assert not any(mark in html for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        assert "收催力暴" in html
