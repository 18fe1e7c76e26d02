"""The query language says what is wrong; highlights are where the query stands in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.highlight import LONGEST, highlight, snippet
from indexer.store.query import QueryError, parse, phrases
from indexer.store.tokens import tokens


@pytest.mark.parametrize(
    ("query", "reason", "position"),
    [
        ('催收 "暴力', "引号没有配对", 3),
        ("(催收", "左括号没有对应的右括号", 0),
        ("催收)", "右括号没有对应的左括号", 2),
        ("催收 AND", "此处应有要搜索的词", 6),
        ("OR 催收", "此处应有要搜索的词", 0),
        ("NOT", "此处应有要搜索的词", 3),
        ("()", "此处应有要搜索的词", 1),
        ("催收 ？！", "没有可搜索的字词", 3),
        ("(" * 50 + "催" + ")" * 50, "嵌套太深", 20),
        ("催 " * 101, "词太多", 0),
    ],
)
def test_a_wrong_query_is_told_with_its_place(query: str, reason: str, position: int) -> None:
    with pytest.raises(QueryError, match=reason) as told:
        parse(query)
    assert told.value.position == position


def test_nothing_is_no_query() -> None:
    assert parse("") is None
    assert parse(" \n　") is None


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("他们暴力催收，又暴力。催收", "暴力催收", ["暴力催收"]),
        ("催收催收", "催收", ["催收", "催收"]),
        ("催收与還款", "还款 OR 催收", ["催收", "還款"]),
        ("催收和暴力", "催收 NOT 暴力", ["催收"]),
        ("ＡＰＰ和app", "App", ["ＡＰＰ", "app"]),
        ("暴力催收", "暴力 催收 力催", ["暴力催收"]),
        ("没有", "催收", []),
    ],
)
def test_what_was_searched_is_marked(text: str, query: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlight(text, parse(query))] == marked


@given(
    st.lists(st.sampled_from([*"催收催收暴力還还款。 々aＡ１\u0301"]), max_size=30).map("".join),
    st.lists(st.sampled_from([*"催收还a1", "催收", "收催", "款a"]), min_size=1, max_size=3).map(" OR ".join),
)
def test_marked_is_what_the_stores_find(text: str, query: str) -> None:
    stream, node = tokens(text), parse(query)
    expected = {
        at
        for phrase in phrases(node)
        for place in range(len(stream))
        if tuple(it.text for it in stream[place : place + len(phrase.tokens)]) == phrase.tokens
        for at in range(stream[place].start, stream[place + len(phrase.tokens) - 1].end)
    }
    assert {at for start, end in highlight(text, node) for at in range(start, end)} == expected


def test_a_snippet_shows_the_match() -> None:
    text = "无关的话。" * 100 + "这里说到暴力催收的事。" + "又是无关的话。" * 100
    start, end = snippet(text, parse("暴力催收"), 60)
    assert "暴力催收" in text[start:end]
    assert end - start <= 70
    assert snippet("短文", parse("没有")) == (0, 2)
    start, end = snippet("催" + "a" * 1_000_000, parse("a" * 64))
    assert end - start <= LONGEST


PIECES = st.lists(
    st.sampled_from(["催", "收", "暴力", "AND", "OR", "NOT", "-", "(", ")", "（", '"', "“", " ", "a", "1"])
)


@given(PIECES.map("".join) | PIECES.map(" ".join) | st.text(max_size=60), st.text(max_size=60))
def test_any_query_is_understood_or_told(query: str, text: str) -> None:
    try:
        node = parse(query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)
        return
    spans = highlight(text, node)
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    start, end = snippet(text, node, 20)
    assert 0 <= start <= end <= len(text)
