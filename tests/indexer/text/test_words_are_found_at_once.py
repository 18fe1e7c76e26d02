"""Many words are found in one pass over a text, compiled and in plain Python."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text import plain_words

try:
    from indexer.text import compiled_words
except ImportError:  # no compiler here
    ENGINES = [plain_words]
else:
    ENGINES = [plain_words, compiled_words]

CHARACTERS = "催收员0a😀\0"
WORD = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=4)
TEXT = st.text(st.sampled_from(CHARACTERS) | st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize("engine", ENGINES)
def test_words_in_words_are_found(engine: ModuleType) -> None:
    words = engine.Words(["催收员", "催", "收员", "催收"])
    assert words.find("催收员催") == [(1, 0, 1), (3, 0, 2), (0, 0, 3), (2, 1, 3), (1, 3, 4)]
    assert words.leftmost("催收员催") == [(0, 0, 3), (1, 3, 4)]
    assert words.leftmost("催收催收员") == [(3, 0, 2), (0, 2, 5)]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_words_are_found_nowhere(engine: ModuleType) -> None:
    words = engine.Words([])
    assert words.find("催收") == words.leftmost("催收") == []


@given(st.lists(WORD, unique=True, max_size=12), TEXT)
def test_any_words_in_any_text(words: list[str], text: str) -> None:
    places = [
        (words.index(text[start:end]), start, end)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end] in words
    ]
    longest, free = [], 0
    for place in sorted(places, key=lambda it: (it[1], -it[2])):
        if place[1] >= free:
            longest.append(place)
            free = place[2]
    for engine in ENGINES:
        assert engine.Words(words).find(text) == places
        assert engine.Words(words).leftmost(text) == longest
