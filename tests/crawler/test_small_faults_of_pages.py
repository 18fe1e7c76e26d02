"""What many pages get wrong a little doesn't cost their text or their author."""

import json
from typing import Any

import pytest

from crawler.page import NoText, read_page
from tests.shapes import NOW, ZONE

TEXT = "催收人员连续三天打电话给我的家人，说要上门，我已经报警，客服说他们管不了。"


def read(html: bytes) -> Any:
    return read_page(html, "utf-8", css={}, timezone=ZONE, now=NOW)


@pytest.mark.parametrize("html", [f"<p>{TEXT}\0</p>", f"<p>\0{TEXT}</p>" + f"<p>{TEXT}</p>" * 50])
def test_a_nul_among_text_is_left_out(html: str) -> None:
    assert TEXT in read(html.encode()).text
    assert "\0" not in read(html.encode()).text


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + bytes(1000), TEXT.encode("utf-16-le") * 9, bytes(range(256))])
def test_what_is_no_text_is_refused(body: bytes) -> None:
    with pytest.raises(NoText, match="binary"):
        read(body)


def test_half_an_emoji_in_linked_data_is_replaced() -> None:
    script = '<script type="application/ld+json">{"@type": "Article", "author": "王记者\\ud83d"}</script>'
    assert read(f"{script}<p>{TEXT}</p>".encode()).author == "王记者\ufffd"


@pytest.mark.parametrize(
    ("author", "named"),
    [
        ({"@type": "Person", "name": "王记者"}, "王记者"),
        ([{"name": "王记者"}, "李编辑", {"name": ["x"]}, {}, 7], "王记者 李编辑"),
        ({"name": {"x": [1]}}, ""),
        ({"x": [1]}, ""),
        ([[{"name": "王记者"}]], ""),
        (12, ""),
    ],
)
def test_authors_of_linked_data_are_names_or_nobody(author: Any, named: str) -> None:
    data = json.dumps({"@type": "NewsArticle", "author": author}, ensure_ascii=False)
    html = f'<script type="application/ld+json">{data}</script><h1>标题在此</h1><p>{TEXT}</p>'
    assert read(html.encode()).author == named
