"""Charsets that are wrong or missing."""

import pytest

from crawler.charset import decode, is_text

SIMPLE = "昨天他们的催收给我妈打电话，说再不还就上门。镕、喆、囧都不在 GB 2312 里。" * 3
TRADITIONAL = "昨天他們的催收給我媽打電話，說再不還就上門，這樣的行為是違法的。" * 3


@pytest.mark.parametrize(
    ("text", "encoding", "header", "meta"),
    [
        (SIMPLE, "gb18030", "gb2312", ""),
        (SIMPLE, "gb18030", None, "gb2312"),
        (SIMPLE, "gb18030", None, ""),
        (SIMPLE, "gb18030", "utf-8", "utf-8"),
        (SIMPLE, "gb18030", "iso-8859-1", ""),
        (SIMPLE, "gb18030", "big5", ""),
        (SIMPLE, "gb18030", "no-such-charset", ""),
        (SIMPLE, "utf-8", "gbk", "gb2312"),
        (SIMPLE, "utf-8", None, ""),
        (SIMPLE, "utf-8-sig", "gbk", ""),
        (SIMPLE, "utf-16", None, ""),
        (TRADITIONAL, "big5", "big5", ""),
        (TRADITIONAL, "big5", None, "big5"),
        (TRADITIONAL, "big5", None, ""),
        (TRADITIONAL, "big5", "utf-8", ""),
        (TRADITIONAL, "gb18030", None, ""),
        (TRADITIONAL, "utf-8", "big5", ""),
    ],
)
def test_the_text_comes_out(text: str, encoding: str, header: str | None, meta: str) -> None:
    declared = f'<meta charset="{meta}">' if meta else ""
    html = f"<html><head>{declared}</head><body><p>{text}</p></body></html>"
    assert decode(html.encode(encoding), header) == html


def test_a_character_cut_at_the_end_costs_itself_only() -> None:
    assert decode(SIMPLE.encode()[:-1]).startswith(SIMPLE[:-1])
    assert decode(SIMPLE.encode("gb18030")[:-1]).startswith(SIMPLE[:-2])


def test_binary_is_no_text() -> None:
    assert is_text(SIMPLE.encode("gb18030"))
    assert is_text(SIMPLE.encode("utf-16"))
    assert not is_text(bytes(range(256)) * 10)
    assert not is_text(b"%PDF-1.7\n\x00\x01\x02")
