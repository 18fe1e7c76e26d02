"""Overlapping marks become a row of segments; a trend becomes as many bars as can be hit."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.settings import Settings
from indexer.store.base import Bucket, Trend
from indexer.web.chart import MOST, chart
from indexer.web.listing import Listing
from indexer.web.marks import Span, paragraphs, segments

PLACE = st.integers(-3, 40)
SPANS = st.lists(st.builds(Span, PLACE, PLACE, st.sampled_from(["hit", "lender", "practice denied"])), max_size=12)
TEXT = st.text(alphabet="催收ab \n", max_size=36)


@given(TEXT, SPANS)
def test_segments_are_the_text_and_each_has_the_classes_of_all_that_cover_it(text: str, spans: list[Span]) -> None:
    row = segments(text, spans)
    assert "".join(segment.text for segment in row) == text
    at = 0
    for segment in row:
        for place in range(at, at + len(segment.text)):
            covering = {name for span in spans if span.start <= place < span.end for name in span.classes.split()}
            assert set(segment.classes.split()) == covering
        at += len(segment.text)


@given(TEXT, SPANS)
def test_paragraphs_are_the_lines_that_say_something(text: str, spans: list[Span]) -> None:
    lines = ["".join(segment.text for segment in line) for line in paragraphs(segments(text, spans))]
    assert lines == [line for line in text.split("\n") if line.strip()]


def test_many_marks_take_no_long_time() -> None:
    text = "催收" * 100_000
    row = segments(text, [Span(place, place + 2, "hit", "", f"p{place}") for place in range(0, len(text), 2)])
    assert len(row) == 100_000


@pytest.mark.parametrize(("days", "unit"), [(1, "日"), (120, "日"), (121, "周"), (900, "月"), (20_000, "年")])
def test_bars_are_few_and_lose_nothing(days: int, unit: str) -> None:
    start = datetime(1971, 3, 1, tzinfo=Settings().zone)
    buckets = tuple(Bucket(start + timedelta(days=day), 2, 0.5 if day % 2 else None) for day in range(days))
    drawn = chart(Trend(buckets, 3), Listing())
    assert drawn.unit == unit
    assert len(drawn.bars) <= MOST
    assert sum(bar.count for bar in drawn.bars) == drawn.total == 2 * days


def test_the_mean_of_a_longer_period_is_weighed() -> None:
    start = datetime(2026, 1, 1, tzinfo=Settings().zone)
    buckets = [Bucket(start + timedelta(days=day), 0, None) for day in range(400)]
    buckets[4], buckets[5] = Bucket(buckets[4].start, 3, 0.2), Bucket(buckets[5].start, 1, 0.6)
    bars = [bar for bar in chart(Trend(tuple(buckets), 0), Listing(q="催收")).bars if bar.count]
    assert [(bar.count, bar.mean) for bar in bars] == [(4, "0.30")]
    assert bars[0].tip == "2026-01-05 至 2026-01-11：4 篇，平均情感 0.30"
    assert bars[0].url == "/search?q=%E5%82%AC%E6%94%B6&from=2026-01-05&to=2026-01-11"


def test_no_documents_no_bars() -> None:
    drawn = chart(Trend((), 7), Listing())
    assert not drawn.bars
    assert drawn.undated == 7
