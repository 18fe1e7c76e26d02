"""Where several lenders are named, a practice is said of the one that governs it."""

from pathlib import Path

import pytest

from indexer.meaning.lenders import Lenders
from indexer.meaning.practices import Practices

CONFIG = Path(__file__).parents[3] / "config"
LENDERS = Lenders.load(CONFIG / "lenders.yaml")
PRACTICES = Practices.load(CONFIG / "practices.yaml")


def said_of(practice: str, text: str, title: str = "") -> list[str | None]:
    return [it.lender for it in PRACTICES.find(title, text, LENDERS.find(title, text)) if it.id == practice]


@pytest.mark.parametrize(
    ("text", "practice", "lender"),
    [
        ("还呗的人骂我，分期乐的人找我老婆。", "爆通讯录", "分期乐"),
        ("还呗的人骂我，分期乐的人找我老婆。", "侮辱辱骂", "还呗"),
        ("拍拍贷爆了我的通讯录，还呗则是死活不同意分期。", "拒绝协商", "还呗"),
        ("在度小满借了两万。昨天催收打来电话，张口就骂人。", "侮辱辱骂", "度小满"),
        ("冒充律师的是小赢卡贷的人，不是你我贷。", "冒充公检法", "小赢卡贷"),
        ("微粒贷还在协商，中邮那边直接起诉了。", "法律途径", "中邮消费金融"),
    ],
)
def test_the_nearest_mention_that_governs(text: str, practice: str, lender: str) -> None:
    assert said_of(practice, text) == [lender]


def test_of_all_that_are_named_in_one_breath() -> None:
    assert said_of("骚扰", "借呗和微粒贷都天天骚扰我。") == ["蚂蚁消费金融", "微众银行"]


def test_the_title_says_whose_where_the_text_names_nobody() -> None:
    assert said_of("上门催收", "今天有人上门要钱。", title="安逸花逾期") == ["马上消费金融"]
