"""No page takes longer than its length: deep nesting, huge lists, a line of a megabyte."""

import contextlib
import time

import pytest

from crawler.page import NoText, read_page
from tests.shapes import NOW, ZONE

TEXT = "催收人员连续三天打电话给我的家人，说要上门，我已经报警。"
PAGES = {
    "nested blocks, each with text": f"<div>{TEXT}" * 10_000,
    "nested tables, each with text": f"<table><tr><td>{TEXT}" * 3_000,
    "nested lists, each with text": f"<ul><li>{TEXT}" * 5_000,
    "nested lists of links": "<ul><li><a href=x>标题</a><a href=y>标题</a>" * 5_000 + TEXT * 5,
    "nested menus": f"<nav>{TEXT}<a>字</a>" * 5_000,
    "nested and hidden": "<div style='display:none'>" * 5_000 + TEXT + "</div>" * 5_000 + TEXT * 5,
    "nested in a line": "<p>" + "<span>" * 10_000 + TEXT * 5,
    "a paragraph after the other": f"<div>{f'<p>{TEXT}</p>' * 10_000}</div>",
    "paragraphs in wrappers": f"<div>{f'<div><div><p>{TEXT}</p></div></div>' * 5_000}</div>",
    "headings": f"<h1>{TEXT}</h1>" * 10_000,
    "an aside as long as a book": f"<aside>{f'<p>{TEXT}<a>x</a></p>' * 5_000}</aside><p>{TEXT * 4}</p>",
    "links": f"<div>{f'<a href=/x>{TEXT}</a>' * 10_000}</div>",
    "empty elements before the text": f"<h1>标题</h1>{'<div></div>' * 20_000}<p>{TEXT * 4}</p>",
    "nested replies": f"<div class=reply><b>某人</b><i>2026-10-10 10:10</i>{TEXT}回复" * 3_000,
    "replies": f"<p>{TEXT * 4}</p>" + f"<li><b>某人</b><i>2026-10-10 10:10</i><p>{TEXT}</p>回复</li>" * 10_000,
    "kinds of elements": "".join(
        f"<div class=a{n}><b>某人</b><div class=a{n}>{TEXT}</div></div>" for n in range(3_000)
    ),
    "states": f"<p>{TEXT * 4}</p>" + f"<script>var a = {'[' * 200_000}</script><script>x={{'a':1}}</script>" * 20,
    "a title of signs": f"<title>{'-' * 200_000}</title><p>{TEXT * 4}</p>",
    "a line of a megabyte": TEXT * 35_000,
    "blanks": f"<p>{TEXT * 4}{' ' * 1_000_000}</p>",
    "characters that are none": f"<p>{TEXT * 4}{'&#x10FFFF;&#xD800;&#0;&bogus;' * 10_000}",
    "a comment that never ends": f"<p>{TEXT * 4}<!-- {TEXT * 10_000}",
    "a script that never ends": f"<p>{TEXT * 4}<script>{TEXT * 10_000}",
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_a_hostile_page_is_read_in_time(html: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(NoText):
        assert TEXT in read_page(html.encode(), "utf-8", css={}, timezone=ZONE, now=NOW).text
    assert time.process_time() - begun < 10  # each takes about a second; what costs its square takes minutes
