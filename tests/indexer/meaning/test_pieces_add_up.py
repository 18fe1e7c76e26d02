"""The weights of the pieces of a text add up to the same, compiled and in plain Python, each piece once a stretch."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.meaning import plain_pieces

try:
    from indexer.meaning import compiled_pieces
except ImportError:  # no compiler here
    ENGINES = [plain_pieces]
else:
    ENGINES = [plain_pieces, compiled_pieces]  # type: ignore[list-item]

PIECES = ["催", "催收", "催收员", "收", "员", "0", "😀收", "\0", "a\0"]
WEIGHTS = [[3, -1], [10, 5], [-7, 2], [100, 0], [1, 1], [9, 9], [-50, 4], [8, 8], [6, -6]]
CLASSES = [[1000, 0], [0, -1000]]
START = [-20, 40]
TABLES = [engine.Pieces(PIECES, WEIGHTS + CLASSES, START) for engine in ENGINES]
TEXT = st.text(st.sampled_from("催收员0a😀\0") | st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize("table", TABLES)
def test_a_piece_counts_once_where_it_begins(table: plain_pieces.Pieces) -> None:
    # 催收 across the border belongs to the first stretch, which begins with the text wherever it is said to begin.
    assert table.sums("催收催收", [1, 3]) == [[0.93, 0.44], [0.80, 0.40]]
    assert table.sums("催收催收", []) == []
    assert table.sums("", [0]) == [[-0.2, 0.4]]


@pytest.mark.parametrize("table", TABLES)
def test_other_rows_count_once_where_they_are(table: plain_pieces.Pieces) -> None:
    assert table.sums("，，，", [0, 2], [(9, 0), (9, 1), (10, 1), (9, 2)]) == [[9.8, -9.6], [9.8, 0.4]]


@pytest.mark.parametrize("table", TABLES)
def test_pieces_are_found_in_order_of_end(table: plain_pieces.Pieces) -> None:
    assert table.found("催收员", 1) == [(-1, 0, 1), (5, 0, 2), (0, 1, 2), (2, 0, 3), (1, 2, 3)]


@given(TEXT, st.sets(st.integers(0, 40)), st.lists(st.tuples(st.sampled_from([9, 10]), st.integers(0, 40))))
def test_any_text_adds_up(text: str, starts: set[int], also: list[tuple[int, int]]) -> None:
    borders, also = sorted(starts), sorted(also, key=lambda it: it[1])
    met = [set[int]() for _ in borders]
    places = [(row, at) for row, piece in enumerate(PIECES) for at in range(len(text)) if text.startswith(piece, at)]
    for row, at in places + also:
        if borders:
            met[max(0, bisect_right(borders, at) - 1)].add(row)
    weights = WEIGHTS + CLASSES
    expected = [[(start + sum(weights[row][n] for row in rows)) / 100 for n, start in enumerate(START)] for rows in met]
    for table in TABLES:
        assert table.sums(text, borders, also) == expected
        assert sorted(table.found(text, 0)) == sorted(
            (weights[row][0], at, at + len(PIECES[row])) for row, at in places
        )
