"""Sentiment ranks texts of this field, and does not saturate as the stock model does on whole articles."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.meaning.sentiment import Sentiment
from indexer.text.sentences import Span

SENTIMENT = Sentiment()
HELD = Path(__file__).parents[2] / "data/sentiment/held.tsv"

NEUTRAL = "逾期之后平台会通过短信提醒还款。借款人可以与平台协商分期还款。"
BAD = "催收员辱骂我妈，还威胁要上门，把我们全家吓坏了。"
GOOD = "客服很耐心，给我办了分期，问题解决了，非常感谢。"


def test_documents_are_ranked_by_what_they_say() -> None:
    scores = [SENTIMENT.score("", text).sentiment for text in (BAD * 3, NEUTRAL + BAD, NEUTRAL, GOOD * 2)]
    assert scores == sorted(scores)
    assert len(set(scores)) == 4


def test_a_long_article_does_not_saturate() -> None:
    score = SENTIMENT.score("逾期多久会被催收", NEUTRAL * 30 + BAD).sentiment
    assert 0.05 < score < 0.95


def test_only_what_the_text_is_about_decides() -> None:
    body = BAD + NEUTRAL + GOOD
    about = [Span(len(body) - 4, len(body) - 2)]
    assert SENTIMENT.score("", body, about=about).label == "positive"
    assert SENTIMENT.score("", body).sentiment < SENTIMENT.score("", body, about=about).sentiment


def test_the_worst_sentence_points_into_the_body() -> None:
    body = NEUTRAL + "\n" + BAD + "\n" + GOOD
    worst = SENTIMENT.score("标题", body).worst
    assert worst is not None
    assert worst.text == BAD == body[worst.start : worst.end]


def test_on_the_held_back_half_negative_ranks_below_positive() -> None:
    rows = [line.partition("\t") for line in HELD.read_text(encoding="utf-8").splitlines()]
    scored = [(mark, SENTIMENT.sentence(text)) for mark, _, text in rows]
    pairs = [(low, high) for a, low in scored for b, high in scored if (a, b) == ("-", "+")]
    assert sum(low < high for low, high in pairs) / len(pairs) > 0.9


@given(st.text(max_size=200))
def test_any_text_has_a_score(text: str) -> None:
    assert 0 <= SENTIMENT.score(text, text).sentiment <= 1
