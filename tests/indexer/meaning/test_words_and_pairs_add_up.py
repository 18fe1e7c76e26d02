"""The logarithms of words and of pairs of them add up to the same, compiled and in plain Python."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.meaning import plain_weights

try:
    from indexer.meaning import compiled_weights
except ImportError:  # no compiler here
    ENGINES: list[ModuleType] = [plain_weights]
else:
    ENGINES = [plain_weights, compiled_weights]

EACH = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
WORD = st.text(st.sampled_from("不好的很a\0😀龦") | st.characters(codec="utf-8", exclude_characters=" "), max_size=6)
LOGS = st.tuples(st.floats(-99, 0), st.floats(-99, 0))


@EACH
def test_sums_skip_stop_words(engine: ModuleType) -> None:
    weights = engine.Weights({"好": (-2.0, -1.0), "的": None}, (-5.0, -6.0))
    assert weights.add_up(["好", "的", "䶮"], (-0.5, -0.25)) == (2, -7.5, -7.25)


@EACH
def test_sums_count_pairs_that_are_known(engine: ModuleType) -> None:
    logs = {"不": (-2.0, -1.0), "的": None, "不 好": (-0.5, -4.0), "的 不": (-8.0, 0.0), "a 不": (-64.0, -64.0)}
    weights = engine.Weights(logs, (-16.0, -16.0), True)
    assert weights.add_up(["的", "不", "好", "a", "不"], (0.0, 0.0)) == (6, -44.5, -38.0)
    assert weights.add_up([], (0.0, 0.0)) == (0, 0.0, 0.0)


@given(
    st.dictionaries(WORD | st.tuples(WORD, WORD).map(" ".join), LOGS | st.none(), max_size=12),
    st.data(),
    LOGS,
    LOGS,
    st.booleans(),
)
def test_any_words_add_up(
    logs: dict[str, tuple[float, float] | None],
    data: st.DataObject,
    unseen: tuple[float, float],
    start: tuple[float, float],
    with_pairs: bool,
) -> None:
    known = sorted({word for name in logs for word in name.split(" ")} or {"催"})
    words = data.draw(st.lists(st.sampled_from(known) | WORD, max_size=12))
    sums = [engine.Weights(logs, unseen, with_pairs).add_up(words, start) for engine in ENGINES]
    assert sums[0] == sums[-1]
