"""Practices are found with the sentence that speaks of them and whether it says that they happened."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.configfile import ConfigError
from indexer.meaning.lenders import Lenders
from indexer.meaning.practices import Practices

CONFIG = Path(__file__).parents[3] / "config"
LENDERS = Lenders.load(CONFIG / "lenders.yaml")
PRACTICES = Practices.load(CONFIG / "practices.yaml")

SEVERITY = {
    "暴力催收": "unlawful",
    "爆通讯录": "unlawful",
    "骚扰": "aggressive",
    "威胁恐吓": "unlawful",
    "侮辱辱骂": "unlawful",
    "冒充公检法": "unlawful",
    "上门催收": "aggressive",
    "联系单位": "aggressive",
    "泄露隐私": "unlawful",
    "深夜催收": "unlawful",
    "委外催收": "lawful",
    "高额费用": "aggressive",
    "拒绝协商": "aggressive",
    "法律途径": "lawful",
    "常规催收": "lawful",
}


def stances(text: str) -> dict[str, str]:
    return {it.id: it.stance for it in PRACTICES.find("", text, LENDERS.find("", text))}


def test_every_practice_is_declared_with_its_severity_and_has_a_counterpart_at_the_cfpb() -> None:
    assert {it.id: it.severity for it in PRACTICES.declared} == SEVERITY
    assert all(it.cfpb.issue and it.description for it in PRACTICES.declared)


@pytest.mark.parametrize(
    ("text", "practice", "stance"),
    [
        ("严禁暴力催收", "暴力催收", "denied"),
        ("可能会采用暴力催收", "暴力催收", "possible"),
        ("昨天他们暴力催收，骂我妈", "暴力催收", "asserted"),
        ("昨天他们暴力催收，骂我妈", "侮辱辱骂", "asserted"),
        ("催收机构可能会采用暴力催收。", "暴力催收", "possible"),
        ("催收人员不得使用暴力手段催收。", "暴力催收", "denied"),
        ("频繁的催款可能导致借款人焦虑。", "骚扰", "possible"),
        ("暴力催收是违法行为。", "暴力催收", "denied"),
        ("他们昨天暴力催收是违法的。", "暴力催收", "asserted"),
        ("遇到暴力催收怎么办？", "暴力催收", "possible"),
        ("凭什么一天打我几十个电话？", "骚扰", "asserted"),
        ("说我再不还就让我身败名裂。", "威胁恐吓", "asserted"),
        ("如果对方威胁你，要保留录音。", "威胁恐吓", "possible"),
        ("虽然规定禁止恐吓，但他们昨天照样恐吓我。", "威胁恐吓", "asserted"),
        ("逾期一年了，没有一个人上门。", "上门催收", "denied"),
        ("跟客服磨了两个小时，她就一句话：系统里没有这个选项。", "拒绝协商", "asserted"),
        ("商业银行不得简单拒绝困难客户的分期申请。", "拒绝协商", "denied"),
        ("从来没收到过律师函。", "法律途径", "denied"),
        ("提前还清还要再交百分之五的违约金，什么道理？", "高额费用", "asserted"),
    ],
)
def test_stance(text: str, practice: str, stance: str) -> None:
    assert stances(text)[practice] == stance


def test_a_threat_is_a_fact_and_what_it_threatens_with_is_not() -> None:
    assert stances("催收员威胁说明天就带人上门。") == {"威胁恐吓": "asserted", "上门催收": "possible"}


@pytest.mark.parametrize("text", ["客服很耐心，帮我办了分期。", "快递员上门取件。", "我每个周末都给爸爸打电话。"])
def test_texts_without_a_practice(text: str) -> None:
    assert stances(text) == {}


def test_the_quote_is_the_sentence_at_its_offsets_and_names_the_lender() -> None:
    title, body = "安逸花逾期", "招联客服很好。\n昨天马消暴力催收，还骂我妈！以后不借了。"
    found = PRACTICES.find(title, body, LENDERS.find(title, body))
    assert {it.id for it in found} == {"暴力催收", "侮辱辱骂"}
    for it in found:
        assert it.quote == "昨天马消暴力催收，还骂我妈！" == body[it.start : it.end]
        assert it.phrase in it.quote
        assert (it.where, it.lender) == ("body", "马上消费金融")


def test_a_practice_counts_once_a_sentence_with_the_stance_that_weighs_most() -> None:
    found = PRACTICES.find("", "说是严禁暴力催收。昨天他们暴力催收，可能还会暴力催收。", ())
    assert [(it.id, it.stance) for it in found] == [("暴力催收", "denied"), ("暴力催收", "asserted")]


GOOD = """\
debt: 催
permitted_hours: {begin: '08:00', end: '22:00'}
words: {caller: 催收 对方, kin: 我(妈|爸)}
practices:
- id: 甲法
  severity: lawful
  description: x
  cfpb: {issue: Communication tactics}
  phrases: [甲]
  frames: [caller > kin]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("lawful", "awful", "practices.yaml:6: practices[0].severity: "),
        ("  cfpb: {issue: Communication tactics}\n", "", "practices.yaml:5: practices[0].cfpb: Field required"),
        (
            "Communication tactics",
            "Bad manners",
            "practices.yaml:8: practices[0].cfpb: 'Bad manners' is no issue of the form",
        ),
        (
            "tactics}",
            "tactics, sub_issue: Shouting}",
            "'Shouting' is no sub-issue of it; it has Frequent or repeated calls",
        ),
        ("caller > kin", "caller > cousin", "names the class 'cousin', which is not declared"),
        ("caller > kin", "caller kin", "'caller kin' is no frame, such as"),
        ("'08:00'", "'8 am'", "practices.yaml:2: permitted_hours.begin: "),
        ("  phrases: [甲]\n  frames: [caller > kin]\n", "", "phrases or frames must tell of it"),
        (
            "  phrases: [甲]\n",
            "  phrases: [甲]\n  yields_to: [乙法]\n",
            "甲法: yields to '乙法', which is not declared",
        ),
        (
            "  phrases: [甲]\n",
            "  phrases: [甲]\n  rules: [{text: 不得, clause: 一}]\n",
            "rules[0].version: Field required",
        ),
        ("[甲]", "[甲(乙]", "practices[0].phrases[0]: brackets don't match"),
        ("[甲]", "['甲{nobody}']", "names the group 'nobody', which is not declared"),
        ("[甲]", "[甲…]", "a gap must stand between words"),
        ("[甲]", "['(甲|)']", "may begin with nothing"),
        ("debt: 催", "debt: '['", "practices.yaml:1: debt: not a regular expression"),
    ],
)
def test_a_mistake_in_the_file_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "practices.yaml"
    path.write_text(GOOD, encoding="utf-8")
    Practices.load(path)
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Practices.load(path)
    assert told in str(error.value)


WORDS = [
    "暴力催收",
    "骚扰",
    "不得",
    "严禁",
    "可能",
    "如果",
    "上门",
    "我妈",
    "电话",
    "，",
    "。",
    "？",
    "\n",
    "昨天",
    "骂",
]


@given(st.lists(st.one_of(st.text(max_size=8), st.sampled_from(WORDS)), max_size=15).map("".join))
def test_no_text_breaks_it(text: str) -> None:
    for it in PRACTICES.find(text, text, LENDERS.find(text, text)):
        assert text[it.start : it.end] == it.quote
        assert it.phrase in it.quote
