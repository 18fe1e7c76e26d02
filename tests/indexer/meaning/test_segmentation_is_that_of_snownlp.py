"""The faster segmentation gives snownlp's words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snownlp import seg

from indexer.meaning.segment import segment

DATA = Path(__file__).parents[2] / "data/sentiment"
LINES = [line[2:] for half in ("tune", "held") for line in (DATA / f"{half}.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("text", ["", " ", "催", "䶮", "䶮催收䶮䶮", "a b催收APP，收钱12", "昨天他们暴力催收\n骂我妈"])
def test_odd_texts(text: str) -> None:
    assert segment(text) == seg.seg(text)


def test_sentences_of_the_field() -> None:
    for line in LINES:
        assert segment(line) == seg.seg(line)


@settings(max_examples=60)
@given(
    st.text(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("的了催收一不，a "), max_size=25
    )
)
def test_any_text(text: str) -> None:
    assert segment(text) == seg.seg(text)
