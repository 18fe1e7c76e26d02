"""GBK read one byte off comes back as the Chinese that it was, because that is where accusations hide."""

from difflib import SequenceMatcher

import pytest

from indexer.text.repair import repair
from tests.damage import annotated, shifted

SENTENCES = [
    "上周三晚上十点多，自称该平台工作人员的人连续拨打我母亲的电话，说再不还款就要让全村都知道这件事。",
    "该公司回应称，已经要求委外机构停止联系无关的第三方，并将对违规人员作出处理。",
    "消费者在办理分期业务时应当看清合同里的年化利率和违约金条款，不要只看每月还多少。",
    "催收人员冒充法院工作人员，通过微信发送伪造的传票，让我当天下午三点之前把欠款结清。",
    "他们给我单位的领导和同事都发了短信，内容里写着我的姓名和欠款金额，严重影响了我的工作。",
    "在与客户沟通的过程中，个别人员使用了不当的语言，例如辱骂、恐吓等，这是公司制度不允许的。",
    "监管部门提示，任何机构不得以暴力、威胁等非法手段催收贷款，金融消费者可以依法维护自己的权益。",
    "双方就还款计划进行了协商，最终同意停止计收罚息，剩余本金分三十六期归还。",
]


@pytest.mark.parametrize("swallow", [False, True], ids=["parenthesis kept", "parenthesis swallowed"])
@pytest.mark.parametrize("share", [0.3, 0.7, 1.0])
def test_pinyin_glued_by_bytes_gives_the_text_back(share: float, swallow: bool) -> None:
    right = total = 0
    for seed, sentence in enumerate(SENTENCES * 4):
        mended = repair(annotated(sentence, share=share, seed=seed, swallow=swallow)).text
        blocks = SequenceMatcher(None, sentence, mended, autojunk=False).get_matching_blocks()
        right += sum(block.size for block in blocks) - max(0, len(mended) - len(sentence))
        total += len(sentence)
    assert right / total >= 0.99


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_lost_first_byte_costs_no_more_than_its_character(sentence: str) -> None:
    mended = repair(shifted(sentence)).text
    same = SequenceMatcher(None, sentence, mended, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in same) >= 0.9 * len(sentence)


def test_private_use_characters_of_the_shift_are_read_too() -> None:
    damaged = "個別人員采用不當(dāng)?shù)拇呤帐侄危\ue0db\ue431绫┝Υ呤?、騷擾等。"
    mended = repair(damaged)
    assert mended.text == "个别人员采用不当的催收手段，例如暴力催收、骚扰等。"
    assert mended.repairs["gbk_shift"] == 1
    assert "unsure" not in mended.repairs


def test_private_use_characters_that_the_site_left_out_are_guessed_from_the_words_around() -> None:
    assert repair("個別人員采用不當(dāng)?shù)拇呤帐侄危绫┝Υ呤?、騷擾等。").text.endswith("如暴力催收、骚扰等。")


def test_what_could_not_be_mended_is_counted_and_no_private_use_character_stays() -> None:
    mended = repair("\ue601收藏 \ufffd")
    assert mended.text.strip() == "收藏"
    assert mended.repairs["unsure"] == 2
