"""The fast segmentation and naive Bayes give snownlp's words and its scores, compiled and in plain Python."""

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snownlp import SnowNLP, seg

from indexer.meaning import plain, tables
from indexer.meaning.bayes import Bayes

try:
    from indexer.meaning import compiled
except ImportError:  # no compiler here
    ENGINES: list[ModuleType] = [plain]
else:
    ENGINES = [plain, compiled]

DATA = Path(__file__).parents[2] / "data/sentiment"
LINES = [line[2:] for half in ("tune", "held") for line in (DATA / f"{half}.tsv").read_text("utf-8").splitlines()]
REVIEWS = (tables.package() / "sentiment/neg.txt").read_text("utf-8").splitlines()[::800]
DECODERS = {engine.__name__: engine.Decoder(tables.tables()) for engine in ENGINES}
STOCK = Bayes()
CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
COMMON = st.sampled_from("的了催收一不，a \n是人我你他打电话逾期还款贷银行龥一")
OTHERS = st.sampled_from("aZ9，。！?《\t\u3000\u200b\ue0db\uf8ff😀👨‍👩‍👧𠮷䶵龦ｱé\x00\x1c\u2028")
SPACES = ["", " ", "\n\u3000 ", "a b催收APP，收钱12", "昨天他们暴力催收\n骂我妈", "\x00催\x00"]
UNKNOWN = [
    "䶮",
    "䶮催收䶮䶮",
    "䶮䶮䶮",
    "一䶮",
    "龥龥一一",
    "龦催收龦",
    "𠮷野家催收𠮷",
    "😀催😀收😀",
    "\ue0db催收\ue431",
]
WORDS = ["不好", "很好", "垃圾", "的", "满意", "差", "谢谢", "䶮", "a"]
LONG = ["催收" * 800, "䶮" * 500, "的" * 700]


def check(text: str) -> None:
    words = seg.seg(text)
    for name, decoder in DECODERS.items():
        assert decoder.segment(text) == words, name


@pytest.mark.parametrize("text", SPACES + UNKNOWN + LONG, ids=lambda text: ascii(text[:12]))
def test_odd_texts(text: str) -> None:
    check(text)


def test_sentences_of_the_field_and_reviews() -> None:
    for line in [*LINES, *REVIEWS]:
        check(line)


@settings(max_examples=80)
@given(st.text(CHINESE, max_size=20) | st.text(COMMON | CHINESE | OTHERS, max_size=30) | st.text(max_size=30))
def test_any_text(text: str) -> None:
    check(text)


def test_scores_of_the_field_and_reviews() -> None:
    for line in [*LINES, *REVIEWS]:
        assert STOCK.weigh(seg.seg(line)).probability == pytest.approx(SnowNLP(line).sentiments, abs=1e-9)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WORDS) | st.text(COMMON, max_size=3), max_size=400))
def test_any_score(words: list[str]) -> None:
    text = " ".join(words) or "。"
    assert STOCK.weigh(seg.seg(text)).probability == pytest.approx(SnowNLP(text).sentiments, abs=1e-9)


def test_tables_are_kept_whole_or_made_again() -> None:
    kept = tables.packed(tables.tables())
    assert tables.packed(tables.unpacked(kept)) == kept
    for damaged in (b"", kept[:-1], kept[:20_000] + b"\1" + kept[20_001:], b"x" + kept[1:]):
        with pytest.raises(ValueError):
            tables.unpacked(damaged)
