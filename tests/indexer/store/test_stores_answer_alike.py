"""Every store finds what reading every document would find; more stores join by the fixture."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from indexer.document import Document
from indexer.post import Complaint
from indexer.store.base import FACETS, By, Search, Store
from indexer.store.lags import ReplyLag, reply_lags
from indexer.store.query import parse
from tests.documents import FIRST, complaint, document
from tests.indexer.store.corpus import corpus
from tests.indexer.store.oracle import Predicate, both, contains, counts, either, matching, no, tally

QUERIES: dict[str, Predicate] = {
    **{
        word: contains(word)
        for word in (
            "催", "收", "催收", "暴力", "暴力催收", "力催", "公检法", "冒充公检法", "通讯录", "爆通讯录", "骂我妈",
            "严禁暴力催收", "手段包括暴力", "从早到晚", "三", "天", "乾隆", "干隆", "的", "逾期", "金融", "银保监会",
            "APP", "app", "ＡＰＰ", "App借", "借的钱", "招联APP", "5000", "500", "36", "元", "debt", "DEBT", "Café",
            "催收催收", "催收催收催收", "不存在的话", "貸款", "暴力催收骂我妈", "之3", "e-mail", "一二三四五六七八九",
        )
    },
    "「暴力催收」": contains("暴力催收"),
    '"debt collection"': contains("debt collection"),
    '"collection debt"': contains("collection debt"),
    '"暴力，催收"': contains("暴力，催收"),
    "暴力 催收": both(contains("暴力"), contains("催收")),
    "暴力 AND 催收": both(contains("暴力"), contains("催收")),
    "暴力 OR 通讯录": either(contains("暴力"), contains("通讯录")),
    "催收 NOT 暴力": both(contains("催收"), no(contains("暴力"))),
    "催收 -暴力": both(contains("催收"), no(contains("暴力"))),
    "NOT 催收": no(contains("催收")),
    "NOT NOT 催收": contains("催收"),
    "-催 -收": both(no(contains("催")), no(contains("收"))),
    "暴力 OR 通讯录 AND APP": either(contains("暴力"), both(contains("通讯录"), contains("APP"))),
    "(暴力 OR 通讯录) AND APP": both(either(contains("暴力"), contains("通讯录")), contains("APP")),
    "（暴力 OR 通讯录） -APP": both(either(contains("暴力"), contains("通讯录")), no(contains("APP"))),
    "催收 NOT (暴力 OR APP)": both(contains("催收"), no(either(contains("暴力"), contains("APP")))),
    "催 OR NOT 收": either(contains("催"), no(contains("收"))),
    '"催收" "APP" 元': both(contains("催收"), contains("APP"), contains("元")),
    "((((催收))))": contains("催收"),
}  # fmt: skip

SOME = frozenset([it.id for it in corpus()[::4]] + ["f" * 24])
"""Every fourth document, and an id that none has."""


def found(store: Store, search: Search) -> list[str]:
    """Ids of all that a search finds, page by page."""
    total = store.search(search).total
    pages = [store.search(search, offset=offset, limit=7).hits for offset in range(0, total + 7, 7)]
    ids = [hit.document.id for page in pages for hit in page]
    assert len(ids) == total
    return ids


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_reading_all_would_find(filled: Store, documents: list[Document], query: str) -> None:
    search = Search(text=parse(query), sort="time")
    assert found(filled, search) == [it.id for it in matching(documents, search, QUERIES[query])]


@pytest.mark.parametrize(
    "search",
    [
        Search(),
        Search(filters={"lender": ["借呗"]}),
        Search(filters={"lender": ["借呗", "苏宁金融"], "voice": ["complaint"]}),
        Search(filters={"practice": ["暴力催收"]}),
        Search(filters={"stance": ["暴力催收:denied"]}),
        Search(filters={"sentiment_label": ["negative"], "source": ["a-site"]}),
        Search(filters={"contact": ["phone:1234567890abcdef"]}),
        Search(filters={"category": ["逾期频道"], "kind": ["article"]}),
        Search(filters={"lender": ["nobody"]}),
        Search(filters={"reprint": ["false"], "generated": ["true"]}),
        Search(filters={"lender_practice": ["苏宁金融|暴力催收"]}),
        Search(filters={"deleted": ["true"]}),
        Search(only=frozenset()),
        Search(only=SOME),
        Search(without=SOME),
        Search(only=SOME, filters={"lender": ["借呗"]}),
        Search(only=SOME, without=frozenset(sorted(SOME)[:3])),
        Search(since=FIRST + timedelta(hours=50)),
        Search(until=FIRST + timedelta(hours=50)),
        Search(since=FIRST + timedelta(hours=25), until=FIRST + timedelta(hours=25, microseconds=1)),
        Search(since=FIRST + timedelta(days=30)),
        Search(since=FIRST + timedelta(hours=50), until=FIRST),
        Search(since=datetime(1800, 1, 1, tzinfo=UTC), until=datetime(1900, 1, 1, tzinfo=UTC)),
    ],
    ids=lambda it: ", ".join(
        f"{name} {sorted(of) if isinstance(of, frozenset) else of}" for name, of in vars(it).items() if of
    )[:150],
)
def test_filters_and_periods(filled: Store, documents: list[Document], search: Search) -> None:
    expected = matching(documents, search)
    assert found(filled, search) == [it.id for it in expected]
    results = filled.search(search, facets=FACETS)
    assert {name: results.facets[name] for name in FACETS} == {name: counts(expected, name) for name in FACETS}


def test_filters_and_text_hold_together(filled: Store, documents: list[Document]) -> None:
    search = Search(text=parse("催收"), filters={"lender": ["借呗"]}, sort="time")
    assert found(filled, search) == [it.id for it in matching(documents, search, contains("催收"))]


def test_worst_first_then_newest(filled: Store, documents: list[Document]) -> None:
    order = sorted(matching(documents, Search()), key=lambda it: it.sentiment)
    assert found(filled, Search(sort="sentiment")) == [it.id for it in order]


def test_relevance_ranks_what_says_it_most_and_in_the_title(empty: Store) -> None:
    titles = document(1, title="暴力催收", body="逾期之后会怎样，本文逐条说明。")
    often = document(2, title="说明", body="暴力催收，暴力催收，还是暴力催收。")
    once = document(3, title="说明", body="先说还款，再说分期，最后说一句暴力催收，其余见合同。")
    empty.put([once, often, titles])
    hits = empty.search(Search(text=parse("暴力催收"))).hits
    assert hits[-1].document.id == once.id
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[-1].score > 0


def test_a_document_comes_back_whole(filled: Store, documents: list[Document]) -> None:
    ids = [it.id for it in documents]
    assert filled.get([*ids, "0" * 24]) == {it.id: it for it in documents}
    assert filled.count() == len(documents)


def test_scan_gives_all_in_order_of_id(filled: Store, documents: list[Document]) -> None:
    expected = sorted(it.id for it in matching(documents, Search(), contains("催收")))
    assert [it.id for it in filled.scan(Search(text=parse("催收")))] == expected


@pytest.mark.parametrize("by", ["hour", "day", "week"])
@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "UTC", "Europe/Berlin", "Asia/Kolkata"])
def test_trends_count_by_the_days_of_the_zone(filled: Store, documents: list[Document], by: By, timezone: str) -> None:
    zone = ZoneInfo(timezone)
    trend = filled.trend(Search(text=parse("催收")), by, timezone)
    dated = [it for it in documents if contains("催收")(it) and it.published_at]
    assert sum(bucket.count for bucket in trend.buckets) == len(dated)
    assert trend.undated == sum(contains("催收")(it) and it.published_at is None for it in documents)
    length = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[by]
    for bucket in trend.buckets:
        inside = [it for it in dated if bucket.start <= it.published_at.astimezone(zone) < bucket.start + length]
        assert bucket.count == len(inside)
        mean = sum(it.sentiment for it in inside) / len(inside) if inside else None
        assert bucket.mean_sentiment == pytest.approx(mean, abs=1e-6)
        assert by == "hour" or (bucket.start.hour, bucket.start.minute) == (0, 0)
        assert by != "week" or bucket.start.weekday() == 0
    starts = [bucket.start.astimezone(UTC) if by == "hour" else bucket.start for bucket in trend.buckets]
    assert all(after - before == length for before, after in pairwise(starts))


@pytest.mark.parametrize("query", ["催收", "不存在的话", ""])
def test_a_survey_tells_what_search_and_trend_tell(filled: Store, query: str) -> None:
    search = Search(text=parse(query))
    surveyed = filled.survey(search, offset=5, limit=7, facets=FACETS)
    assert surveyed.results == filled.search(search, offset=5, limit=7, facets=FACETS)
    assert surveyed.trend == filled.trend(search)


def test_as_many_values_of_a_facet_are_told_as_are_asked_for(empty: Store) -> None:
    lenders = [f"机构{number:02}" for number in range(60)]
    empty.put([document(1, lenders=tuple(lenders)), document(2, lenders=(lenders[-1],))])
    frequent = [(lenders[-1], 2), *((lender, 1) for lender in lenders[:-1])]
    usual = empty.search(Search(), facets=["lender"])
    assert list(usual.facets["lender"]) == frequent[:50]
    for most in (7, 60, 5000):
        found = empty.search(Search(), facets=["lender"], most=most)
        assert list(found.facets["lender"]) == frequent[:most]
        assert empty.survey(Search(), facets=["lender"], most=most).results == found


def test_put_replaces_and_delete_removes(empty: Store) -> None:
    old, new = document(1, body="旧的催收"), document(1, body="新的投诉")
    empty.put([old, document(2)])
    empty.put([new])
    assert empty.count() == 2
    assert empty.get([new.id])[new.id].body == "新的投诉"
    assert empty.search(Search(text=parse("旧的催收"))).total == 0
    empty.delete([new.id, "unknown"])
    assert empty.search(Search(text=parse("新的投诉"))).total == 0
    assert empty.count() == 1


def test_an_empty_store_answers(empty: Store) -> None:
    assert empty.search(Search(text=parse("催收")), facets=FACETS).total == 0
    assert empty.trend(Search()).buckets == ()
    assert empty.survey(Search(), facets=FACETS).results.facets["lender"] == ()
    assert list(empty.scan(Search())) == []
    assert empty.get(["0" * 24]) == {}


def test_times_far_off_neither_break_nor_vanish(empty: Store) -> None:
    old = document(1, published_at=datetime(1969, 1, 1, tzinfo=UTC))
    late = document(2, published_at=datetime(2150, 1, 1, tzinfo=UTC))
    empty.put([old, late])
    assert found(empty, Search()) == [late.id, old.id]
    assert [bucket.count for bucket in empty.trend(Search(), "hour").buckets] == [1, 1]


@pytest.mark.parametrize("name", ["lender", "stance", "lender_practice", "source"])
def test_hourly_counts_by_value_and_source_are_those_of_reading_all(
    filled: Store, documents: list[Document], name: str
) -> None:
    search = Search(filters={"voice": ["complaint", "news"]})
    expected = tally(matching(documents, search), name)
    counted = list(filled.tally(search, name))
    assert Counter({it._replace(documents=0): it.documents for it in counted}) == expected
    assert len(counted) == len(expected)


def test_hourly_counts_go_on_behind_what_is_asked_at_once(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = sorted(filled.tally(Search(), "lender"))
    monkeypatch.setattr("indexer.store.embedded.TALLIED_AT_ONCE", 3)
    monkeypatch.setattr("indexer.store.elastic.TALLIED_AT_ONCE", 3)
    assert sorted(filled.tally(Search(), "lender")) == everything


def answered(number: int, lender: str, hours: float | None) -> Document:
    return complaint(number, lenders=(lender,), complaint=Complaint(status="replied", reply_hours=hours))


def test_reply_lags_are_those_of_reading_all(empty: Store) -> None:
    hours = [0.5, 1, 2, 2, 3, 5, 8, 13, 21, 900]
    empty.put([answered(number, "招联消费金融", wait) for number, wait in enumerate(hours)])
    empty.put([answered(50 + number, "招联消费金融", None) for number in range(4)])
    empty.put([answered(100, "借呗", None), document(101, lenders=("苏宁金融",))])
    assert reply_lags(empty) == (
        ReplyLag("招联消费金融", 14, 10, timedelta(hours=3), timedelta(hours=21)),
        ReplyLag("借呗", 1, 0, None, None),
    )
    assert reply_lags(empty, Search(filters={"lender": ["借呗"]})) == (ReplyLag("借呗", 1, 0, None, None),)


def test_waits_go_on_behind_what_is_asked_at_once(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = Counter(filled.waits(Search()))
    assert sum(it.complaints for it in everything) > 0
    monkeypatch.setattr("indexer.store.embedded.TALLIED_AT_ONCE", 1)
    monkeypatch.setattr("indexer.store.elastic.TALLIED_AT_ONCE", 1)
    assert Counter(filled.waits(Search())) == everything
