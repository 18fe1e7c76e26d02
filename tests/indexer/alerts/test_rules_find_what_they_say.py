"""Each kind of rule, on counts that it is made for and on counts that it must leave alone."""

from datetime import timedelta
from typing import Any

import pytest

from indexer.alerts.alert import Alert
from indexer.alerts.rules import (
    Engagement,
    FirstUnlawful,
    NegativeShare,
    New,
    NewTerm,
    Peers,
    Ratio,
    Spike,
    Threshold,
)
from indexer.document import Document
from tests.indexer.alerts.conftest import World
from tests.indexer.alerts.world import LENDERS, NOW, storm, told

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def alerts(world: World, rule: Any, *documents: Document) -> list[Alert]:
    world.add(*documents)
    world.check(rules=(rule,))
    return world.alerts()


def test_a_rise_of_which_no_hour_holds_enough_is_told_by_the_hours_together(quiet: World) -> None:
    rule = Spike(name="spike", kind="spike", by=("hour",), at_least=8)
    assert alerts(quiet, rule) == []
    slow = [
        told(950_000 + number, "招联消费金融", ["爆通讯录"], NOW - number * HOUR / 3 - HOUR / 6) for number in range(21)
    ]
    (alert,) = alerts(quiet, rule, *slow)
    assert "招联消费金融" in alert.subject
    assert alert.facts.measure
    assert alert.facts.measure.observed >= 8
    assert alert.facts.measure.start <= NOW - 3 * HOUR


def test_threshold_counts_stories_in_its_window(quiet: World) -> None:
    rule = Threshold(name="many", kind="threshold", window=DAY, at_least=20)
    assert alerts(quiet, rule) == []
    (alert,) = alerts(quiet, rule, *storm(18))
    assert (alert.subject, "达到阈值 20" in alert.facts.summary) == ("lender:招联消费金融", True)


def test_a_threshold_that_is_still_exceeded_is_not_over(quiet: World) -> None:
    rule = Threshold(name="many", kind="threshold", window=3 * DAY, at_least=20)
    quiet.add(*storm(18))
    states = []
    for hours in (0, 30, 60, 110):
        quiet.check(NOW + hours * HOUR, rules=(rule,))
        states.append([it.state for it in quiet.alerts()])
    assert states == [["open"], ["open"], ["open"], ["closed"]]


def test_ratio_is_that_to_the_window_before(quiet: World) -> None:
    rule = Ratio(name="tripled", kind="ratio", timeframe=DAY, spike_height=3, threshold_cur=15)
    assert alerts(quiet, rule) == []
    (alert,) = alerts(quiet, rule, *storm(18))
    assert alert.subject == "lender:招联消费金融"


def test_ratio_says_nothing_of_nothing(quiet: World) -> None:
    """Two windows without anything, or a first single post after none, are no spike."""
    only = {"lender": ("小米消费金融",)}
    rule = Ratio(name="any", kind="ratio", of=("lender", "source"), timeframe=DAY, threshold_cur=1, where=only)
    assert alerts(quiet, rule, told(999_999, "小米消费金融", ["骚扰"], NOW - HOUR)) == []


def test_ratio_down_needs_a_window_that_was_watched(quiet: World) -> None:
    rule = Ratio(name="fell", kind="ratio", of=("lender",), timeframe=DAY, spike_type="down", threshold_ref=3)
    quiet.check(NOW + 2 * DAY, rules=(rule,))
    assert quiet.alerts() == []


def test_a_lender_never_named_before_is_new_once(quiet: World) -> None:
    rule = New(name="new", kind="new", at_least=2)
    fresh = [told(990_000 + number, "小米消费金融", ["骚扰"], NOW - number * HOUR) for number in range(3)]
    (alert,) = alerts(quiet, rule, *fresh)
    assert alert.facts.headline == "小米消费金融 首次出现，3 条"
    quiet.check(NOW + 10 * HOUR, rules=(rule,))
    assert len(quiet.alerts()) == 1


def test_nothing_is_new_to_one_who_has_only_begun(empty: World) -> None:
    empty.add(*storm(10))
    assert empty.check(rules=(New(name="new", kind="new"),)).findings == 0


def test_the_first_unlawful_practice_of_a_lender(quiet: World) -> None:
    rule = FirstUnlawful(name="first", kind="first_unlawful", lookback=30 * DAY)
    for lender in LENDERS:  # all pairs but the lawful one are usual, or made so
        quiet.add(*(told(970_000 + number, lender, ["骚扰", "爆通讯录", "威胁恐吓"], NOW - 5 * DAY)
                    for number in range(LENDERS.index(lender) * 10, LENDERS.index(lender) * 10 + 2)))  # fmt: skip
    assert alerts(quiet, rule, told(990_001, "小米消费金融", ["电话催收"], NOW - HOUR)) == []
    (alert,) = alerts(quiet, rule, told(990_002, "小米消费金融", ["爆通讯录"], NOW - HOUR))
    assert alert.subject == "lender_practice:小米消费金融|爆通讯录"


def test_a_mood_that_turns_though_there_are_no_more_posts(quiet: World) -> None:
    rule = NegativeShare(name="mood", kind="negative_share", window=2 * DAY, at_least=10)
    kind = [told(940_000 + number, "小米消费金融", ["电话催收"], NOW - timedelta(days=3 + number / 4),
                 sentiment_label="neutral", sentiment=0.5) for number in range(120)]  # fmt: skip
    bad = [told(941_000 + number, "小米消费金融", ["电话催收"], NOW - number * 3 * HOUR) for number in range(1, 13)]
    (alert,) = alerts(quiet, rule, *kind, *bad)
    assert alert.subject == "lender:小米消费金融"
    assert "负面占比" in alert.facts.headline


def test_a_lender_that_rises_against_its_peers(quiet: World) -> None:
    rule = Peers(name="peers", kind="peers", window=DAY)
    (alert,) = alerts(quiet, rule, *storm(30))
    assert alert.subject == "lender:招联消费金融"
    assert "同业持平" in alert.facts.measure.rarity  # type: ignore[union-attr]


def test_all_lenders_that_rise_together_have_no_one_to_be_held_against(quiet: World) -> None:
    rule = Peers(name="peers", kind="peers", window=DAY)
    together = [
        it for place, lender in enumerate(LENDERS) for it in storm(30, lender=lender, first=900_000 + place * 100)
    ]
    assert alerts(quiet, rule, *together) == []


@pytest.mark.parametrize(("likes", "expected"), [(999, 0), (1000, 1)])
def test_one_post_that_very_many_see(quiet: World, likes: int, expected: int) -> None:
    post = told(990_000, "借呗", ["骚扰"], NOW - HOUR, engagement={"likes": likes})
    assert len(alerts(quiet, Engagement(name="seen", kind="engagement"), post)) == expected


def test_a_word_that_nobody_used_before(quiet: World) -> None:
    rule = NewTerm(name="word", kind="new_term", at_least=5)
    said = [it.model_copy(update={"body": it.body + "他们说要收取会员担保费，还要交会员担保费。"}) for it in storm(8)]
    found = alerts(quiet, rule, *said)
    assert len(found) == 1
    assert found[0].rule == "word"
    assert found[0].subject.removeprefix("term:") in "会员担保费要收取"
