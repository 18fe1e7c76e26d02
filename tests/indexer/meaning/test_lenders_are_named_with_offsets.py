"""Lenders are found where a text names them, and everyday words that look like their names aren't lenders."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.configfile import ConfigError
from indexer.meaning.lenders import Lenders

CONFIG = Path(__file__).parents[3] / "config/lenders.yaml"
LENDERS = Lenders.load(CONFIG)

#: The consumer-finance companies that held a licence at the end of 2024, by their usual names.
LICENSED = re.findall(
    r"\w+",
    """
    北银 锦程 中银 京东 兴业 海尔 招联 湖北 南银法巴 马上 中邮 杭银 宁银 晋商 盛银 长银
    蒙商 中原 长银五八 哈银 尚诚 幸福 金美信 中信 阳光 小米 平安 唯品富邦 苏银凯基 建信 蚂蚁
    """,
)


def named(text: str, title: str = "") -> set[str]:
    return {it.lender for it in LENDERS.find(title, text)}


def test_all_licensed_companies_are_there_and_found_by_their_names() -> None:
    assert len(LICENSED) == 31
    declared = {it.id: it for it in LENDERS.declared}
    for name in LICENSED:
        lender = declared[f"{name}消费金融"]
        assert lender.kind == "consumer-finance"
        assert named(f"我欠{lender.id}的钱") == named(f"与{lender.name}借款合同纠纷") == {lender.id}


def test_offsets_point_at_the_name_in_its_field() -> None:
    title, body = "马消的催收", "安逸花逾期。\n微 粒 贷 也逾期，３６０借条没有。"
    found = LENDERS.find(title, body)
    fields = {"title": title, "body": body}
    assert [(it.lender, it.alias, it.where) for it in found] == [
        ("马上消费金融", "马消", "title"),
        ("马上消费金融", "安逸花", "body"),
        ("微众银行", "微 粒 贷", "body"),
        ("奇富借条", "３６０借条", "body"),
    ]
    assert all(fields[it.where][it.start : it.end] == it.alias for it in found)


@pytest.mark.parametrize(
    "text",
    [
        "我马上还，别催了",
        "分期乐呵地过日子，还款的时候笑不出来",
        "没钱就先欠着，有钱了再还呗",
        "我是放心借给朋友的，他逾期了",
        "客服帮我办好分期了",
        "工资被孩子拿去花了，网贷只能拖着",
        "他有钱花得快，没钱就刷信用卡",
        "苏宁金融研究院认为逾期率会上升",
        "中国银行业协会发布信用卡自律公约",
        "在招商银行楼下见了催收员",
        "执行过程中行使搜查权，查明没有贷款",
        "以及贷款的担保费",
    ],
)
def test_everyday_words_are_no_lenders(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "lenders"),
    [
        ("中邮消金和招联同时起诉我", {"中邮消费金融", "招联消费金融"}),
        ("苏宁消费金融的旧债", {"南银法巴消费金融"}),
        ("捷信消费金融更名了", {"京东消费金融"}),
        ("拿去花逾期了三天", {"携程金融"}),
        ("还呗天天打电话", {"还呗"}),
        ("马上的催收说我不还就起诉", {"马上消费金融"}),
        ("平安的信用卡逾期了", {"平安银行信用卡"}),
    ],
)
def test_aliases_products_and_former_names(text: str, lenders: set[str]) -> None:
    assert named(text) == lenders


@pytest.mark.parametrize(
    ("text", "lender"),
    [
        ("招lian的好期贷", "招联消费金融"),
        ("微某贷逾期了", "微众银行"),
        ("借某呗停了额度", "蚂蚁消费金融"),
        ("分qi乐商城买的", "分期乐"),
        ("某东白条欠五千", "京东金融"),
    ],
)
def test_names_in_disguise(text: str, lender: str) -> None:
    assert named(text) == {lender}


def test_a_disguise_that_several_lenders_could_wear_is_nobody() -> None:
    assert named("某商消费金融逾期") == set()
    assert named("马某贷款十万元未还") == set()


def test_a_name_that_needs_context_counts_where_the_lender_is_known() -> None:
    assert named("建行来电话了") == set()
    assert named("建行来电话了", title="建行信用卡逾期") == {"建设银行信用卡"}


def test_the_title_ranks_first_and_then_what_is_named_most() -> None:
    mentions = LENDERS.find("拍拍贷逾期", "借呗、微粒贷、微粒贷都逾期")
    assert LENDERS.rank(mentions) == ("拍拍贷", "微众银行", "蚂蚁消费金融")


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("lenders:\n- {id: 甲贷, kind: shop, name: 甲贷公司}\n", "lenders.yaml:2: lenders[0].kind: "),
        ("lenders:\n- {id: 甲贷, kind: platform, name: 甲贷公司, shrt: [甲]}\n", "2: lenders[0].shrt: unknown key"),
        ("contexts:\n  c:\n    near: '('\nlenders: []\n", "lenders.yaml:3: contexts.c.near: not a regular expression"),
        (
            "lenders:\n- {id: 甲贷, kind: platform, name: 甲公司, ambiguous: {甲乙: far}}\n",
            "甲贷: '甲乙' asks for the context 'far', which is not declared",
        ),
        (
            "lenders:\n- {id: 甲贷, kind: platform, name: 同名}\n- {id: 乙贷, kind: platform, name: 同名}\n",
            "'同名' is a name of both 甲贷 and 乙贷",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told(tmp_path: Path, yaml: str, told: str) -> None:
    path = tmp_path / "lenders.yaml"
    path.write_text(yaml, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Lenders.load(path)
    assert told in str(error.value)


NAMES = [name for lender in LENDERS.declared for name in (*lender.sure, *lender.ambiguous)]


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(NAMES)), max_size=12).map("".join))
def test_no_text_breaks_it(text: str) -> None:
    for it in LENDERS.find(text, text):
        assert text[it.start : it.end] == it.alias
        assert it.alias
