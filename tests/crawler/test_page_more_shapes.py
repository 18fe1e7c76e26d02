"""What docs/extraction.md claims of the second and third set of page shapes holds."""

from pathlib import Path
from statistics import mean

import pytest

from crawler.page import read_page
from indexer.text.furniture import clean
from indexer.text.repair import repair
from tests.shapes import NOW, SECOND, THIRD, ZONE, Case, more, similarity


def measured(case: Case) -> tuple[float, bool, bool]:
    """Likeness of the text; whether title and time are right."""
    page = read_page(case.html.encode(), "utf-8", css={}, timezone=ZONE, now=NOW)
    article = clean(repair(page.title).text, repair(page.text).text, timezone=ZONE, now=NOW)
    at = page.published_at or article.published_at
    return similarity(article.body, case.text), article.title == case.title, at == case.time


@pytest.mark.parametrize(
    ("folder", "text", "time"), [(SECOND, 0.98, 0.99), (THIRD, 0.96, 0.9)], ids=["second", "third"]
)
def test_a_set_of_shapes_is_read(folder: Path, text: float, time: float) -> None:
    found = [measured(case) for case in more(folder)]
    assert mean(likeness for likeness, _, _ in found) >= text
    assert min(likeness for likeness, _, _ in found) > 0.8
    assert all(titled for _, titled, _ in found)
    assert mean(timed for _, _, timed in found) >= time


def read(html: str) -> str:
    return read_page(html.encode(), "utf-8", css={}, timezone=ZONE, now=NOW).text


TEXT = "昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。我已经多次要求协商，都被拒绝。"


def test_text_that_a_script_will_show_is_read() -> None:
    assert read(f'<h1>标题</h1><div style="visibility: hidden; opacity: 0">{TEXT}</div>') == TEXT
    assert read(f'<div style="display:none"><h1>标题</h1><p>{TEXT}</p></div>').endswith(TEXT)


def test_a_link_that_holds_a_contact_stays() -> None:
    links = "<p><a href=/ad>低息贷款，立即申请。</a></p><p><a href=tel:1>电话13800001234</a></p>"
    assert read(f"<div><p>{TEXT}</p>{links}</div>") == f"{TEXT}\n电话13800001234"


def test_lines_of_preformatted_text_stay_lines() -> None:
    assert read(f"<pre>{TEXT}\n{TEXT}</pre>") == f"{TEXT}\n{TEXT}"
