"""What was learned helps the rules of config/practices.yaml, and never takes from a user what he declares there."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from indexer.configfile import load
from indexer.meaning.declared import Declared, PracticesFile
from indexer.meaning.learned import Learned
from indexer.meaning.practices import Practices

CONFIG = Path(__file__).parents[3] / "config/practices.yaml"
DECLARED = load(CONFIG, PracticesFile)
PRACTICES = Practices(DECLARED)


def told(text: str, practices: Practices = PRACTICES) -> set[str]:
    return {it.id for it in practices.find("", text, ())}


def test_every_practice_was_learned_of() -> None:
    assert set(Learned.load().practices) == {it.id for it in DECLARED.practices}


@pytest.mark.parametrize(
    "text",
    [
        "师傅上门装了一台热水器。",
        "她起诉丈夫，要求离婚。",
        "房产中介天天打电话推销楼盘。",
        "观众在直播间辱骂主播。",
        "丈夫酒后殴打妻子，邻居报了警。",
        "半夜孩子发烧，我给医生打了电话。",
        "教练辱骂队员，家长很生气。",
        "两家公司因专利纠纷对簿公堂。",
        "导游威胁游客，不购物就不让上车。",
    ],
)
def test_the_same_words_on_something_else_tell_nothing(text: str) -> None:
    assert told(text) == set()


def test_a_practice_of_ones_own_is_found_though_nothing_was_learned_of_it() -> None:
    own = TypeAdapter(Declared).validate_python(
        {
            "id": "送锦旗",
            "severity": "aggressive",
            "description": "送锦旗羞辱",
            "cfpb": {"issue": "Communication tactics"},
            "phrases": ["送…锦旗"],
        }
    )
    practices = Practices(DECLARED.model_copy(update={"practices": (*DECLARED.practices, own)}))
    assert "送锦旗" in told("催收给我送了一面锦旗，上面写着欠债光荣。", practices)


def test_a_phrase_of_ones_own_is_believed_where_debt_is_spoken_of() -> None:
    changed = tuple(
        it.model_copy(update={"phrases": (*it.phrases, "唱堂会")}) if it.id == "上门催收" else it
        for it in DECLARED.practices
    )
    text = "贷款逾期后，他们请了班子唱堂会。"
    assert "上门催收" not in told(text)
    assert "上门催收" in told(text, Practices(DECLARED.model_copy(update={"practices": changed})))


def test_the_words_that_told_are_shown() -> None:
    text = "七十岁的老母亲被催收的话吓得整宿睡不着。欠款我会还的。"
    for it in PRACTICES.find("", text, ()):
        assert it.phrase and it.phrase in text[it.start : it.end]


@settings(deadline=None)
@given(st.text(" \n。？！，催收骂我0A", max_size=12))
def test_any_text_can_be_looked_at(text: str) -> None:
    for it in PRACTICES.find(text, text, ()):
        assert it.phrase and it.phrase in text
