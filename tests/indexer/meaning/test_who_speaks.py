"""Who speaks in a text, and whether it says itself that it is a sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Voice
from indexer.meaning.voice import voice

TEXTS: dict[Voice, tuple[str, str]] = {
    "complaint": ("催收骂我妈", "我逾期三天，他们天天打电话骂我妈，我真的受不了了，求平台处理！"),
    "news": ("一公司被罚", "近日，监管部门通报，某公司因催收管理不到位被罚款。记者致电该公司，截至发稿未获回应。"),
    "promotion": ("专业债务优化", "专业团队一对一帮您协商，不成功不收费，添加微信：[微信]，名额有限。"),
    "guide": (
        "遇到暴力催收怎么办",
        "首先保留录音证据；其次向平台投诉。如果对方仍然骚扰，你可以拨打12378，必要时报警。",
    ),
    "statement": ("严正声明", "我司郑重声明：从未授权任何第三方收费。我司将保留追究法律责任的权利。特此声明。"),
}


@pytest.mark.parametrize("speaker", TEXTS)
def test_each_voice(speaker: Voice) -> None:
    title, body = TEXTS[speaker]
    assert voice(title, body, (), kind="article") == (speaker, False)


@pytest.mark.parametrize(
    "mark", ["以上内容仅为示例，实际内容可根据需求进行调整。", "本文由人工智能生成。", "注：内容由AI生成"]
)
def test_a_text_that_says_that_it_is_a_sample_is_generated(mark: str) -> None:
    title, body = TEXTS["guide"]
    assert voice(title, body + mark, (), kind="article")[1]
    assert voice(title, body, (), kind="article", notes=mark)[1], "a line that was removed as furniture counts too"


def test_praise_of_a_lender_is_no_statement_and_no_news() -> None:
    body = "苏宁金融凭借专业的团队与良好的口碑，赢得了广大用户的信赖，成为行业的佼佼者，实现与用户的双赢。"
    assert voice("苏宁金融催收：人性化服务", body, (), kind="article")[0] == "promotion"


@given(st.text(max_size=300), st.text(max_size=50))
def test_no_text_breaks_it(body: str, title: str) -> None:
    assert voice(title, body, (), kind="post")[0] in TEXTS
