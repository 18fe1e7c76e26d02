"""Who does what to whom tells of a practice that isn't named, in one clause or over several."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.configfile import load
from indexer.meaning.declared import PracticesFile
from indexer.meaning.hours import Hours, outside
from indexer.meaning.lenders import Lenders
from indexer.meaning.practices import Practices

CONFIG = Path(__file__).parents[3] / "config"
LENDERS = Lenders.load(CONFIG / "lenders.yaml")
PRACTICES = Practices.load(CONFIG / "practices.yaml")


def told(text: str) -> dict[str, str]:
    return {it.id: it.stance for it in PRACTICES.find("", text, LENDERS.find("", text))}


@pytest.mark.parametrize(
    ("text", "practice"),
    [
        ("他们加了我妹妹的微信，让她劝我还钱。", "爆通讯录"),
        ("客服换了个号，转头就给我岳父打了过去。", "爆通讯录"),
        ("我辅导员把我叫去，说有贷款公司打到学院办公室。", "联系单位"),
        ("一天之内我的手机显示了六十三个未接来电。", "骚扰"),
        ("对方发来一张棺材的图，让我自己掂量。", "威胁恐吓"),
        ("催收说我这种人就是社会的败类。", "侮辱辱骂"),
        ("催收在村民群里发了我的身份证照片。", "泄露隐私"),
        ("用法院的抬头给我发了函，案号网上根本查不到，催收也不承认。", "冒充公检法"),
        ("两个男的在我出租屋门口蹲了一下午，说是来收账的。", "上门催收"),
        ("借款到手只有一万七，借据上写的可是两万。", "高额费用"),
    ],
)
def test_a_practice_is_found_by_who_does_what_to_whom(text: str, practice: str) -> None:
    assert told(text).get(practice) == "asserted"


@pytest.mark.parametrize(
    "text",
    [
        "我给我妈打电话说了欠款的事。",
        "我把借款合同拍照发给了弟弟看。",
        "我把孩子的照片发到家庭群，爷爷奶奶很高兴。",
        "老师给每位家长打了电话，通报成绩。",
        "他半夜给我发微信，说想我了。",
    ],
)
def test_what_the_writer_does_himself_and_everyday_life_are_no_practice(text: str) -> None:
    assert told(text) == {}


def test_the_stance_of_what_is_told_over_two_clauses() -> None:
    assert told("催收说周五带人来我家喝茶。") == {"上门催收": "possible"}
    assert told("客服说绝不会联系我家人，结果我爸当天就接到了催收电话。")["爆通讯录"] == "asserted"
    assert told("催收说好周三上门，等了一天鬼影都没有一个。")["上门催收"] == "denied"


def test_permitted_hours_are_a_setting() -> None:
    declared = load(CONFIG / "practices.yaml", PracticesFile)
    text = "晚上九点半，催收还在打电话。"
    assert "深夜催收" not in told(text)
    hours = declared.permitted_hours.model_copy(update={"end": "21:00"})
    strict = Practices(declared.model_copy(update={"permitted_hours": hours}))
    assert [it.id for it in strict.find("", text, ())] == ["深夜催收"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("昨晚23:47和今晨6:15各一个", ["昨晚23:47", "今晨6:15"]),
        ("凌晨两点半，早上七点，晚上十点，夜里一点", ["凌晨两点半", "早上七点", "晚上十点", "夜里一点"]),
        ("早上八点、下午三点、晚上九点、21:59、10点", []),
        ("22:00至次日8:00", ["22:00", "次日8:00"]),
        ("八点前不打，早上八点前打", ["早上八点前"]),
        ("比分3:2，占比21:30%，2024-10-03 11:58:47", []),
    ],
)
def test_clock_times_outside_of_the_permitted_hours(text: str, found: list[str]) -> None:
    assert [text[it.start : it.end] for it in outside(text, Hours(8 * 60, 22 * 60))] == found


@given(st.text(alphabet="0123456789:：点时半早晚夜里凌晨前后至十二三", max_size=40))
def test_no_clock_time_breaks_it(text: str) -> None:
    for it in outside(text, Hours(8 * 60, 22 * 60)):
        assert text[it.start : it.end]
