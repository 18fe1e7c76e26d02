"""Text whose bytes were read in the wrong charset comes back, torn characters included."""

import random

import pytest

from indexer.text.repair import repair
from tests.damage import damaged, misread
from tests.indexer.text.test_shifted_gbk_is_mended import SENTENCES

POST = "\n".join(SENTENCES)


@pytest.mark.parametrize(
    "codecs",
    [
        ["latin-1"],
        ["gb18030"],
        ["latin-1", "latin-1"],
        ["latin-1", "gb18030"],
        ["gb18030", "latin-1"],
        ["cp1252"],
        ["gbk"],
    ],
    ids=" then ".join,
)
def test_utf8_read_otherwise_gives_the_text_back(codecs: list[str]) -> None:
    mended = repair(misread(POST, *codecs))
    same = sum(one == other for one, other in zip(POST, mended.text, strict=True))
    assert same / len(POST) >= 0.98
    assert mended.repairs["charset"] >= 1


@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_a_torn_character_is_the_one_that_the_words_around_ask_for(errors: str) -> None:
    text = "催收人员冒充法院，说要爆通讯录，还骂人"
    assert repair(text.encode().decode("gbk", errors)).text == text


def test_a_stretch_within_good_text_is_mended_and_the_rest_left() -> None:
    damage = f"他说{misread('催收人员', 'gbk')}后来好了，{misread('很好', 'latin-1')}。"
    assert repair(damage).text == "他说催收人员后来好了，很好。"


def test_gbk_read_as_latin_and_big5_read_as_gbk_are_mended_too() -> None:
    assert repair("催收人员打电话，说是法院".encode("gbk").decode("latin-1")).text == "催收人员打电话，说是法院"
    assert repair("服務人員水平太低，禮貌不夠".encode("big5").decode("gb18030")).text == "服务人员水平太低，礼貌不够"


@pytest.mark.parametrize(
    "text", ["Ça va être très compliqué à Noël.", "résumé — naïve", "忙碌的茅庐", "楠楠和闪闪", "瑕疵很多", "¥30 ±5 °C"]
)
def test_rare_characters_and_accents_are_no_bytes(text: str) -> None:
    assert repair(text).text == text


def test_entities_escaped_twice_and_zero_width_characters_between_come_off() -> None:
    for seed in range(5):
        chance = random.Random(seed)
        assert (
            repair(damaged("entities twice + zero-width characters + traditional characters", POST, chance)).text
            == POST
        )


@pytest.mark.parametrize(
    "text",
    [
        "由于催收不断给我的上级打电话，我被迫离职。",
        "自称是仲裁委员会的工作人员，要求我缴纳保证金。",
        "经调查，用户反映的暴力催收情况不属实。",
        "孩子学校组织家长会，家里老人一天接十几个催债电话，血压都飙升了。",
    ],
)
def test_utf8_read_as_gbk_twice_gives_the_text_back_torn_characters_included(text: str) -> None:
    assert repair(misread(text, "gb18030", "gb18030")).text == text


def test_pinyin_tells_which_character_lost_its_last_byte() -> None:
    meant = "今天去银行办了张储蓄卡，柜员态度很好。"
    glued = "今天去銀(yín)行辦(bàn)了張(zhāng)儲(chǔ)蓄卡，櫃(guì)員(yuán)態(tài)度很好。"
    assert repair(misread(glued, "gb18030")).text == meant
