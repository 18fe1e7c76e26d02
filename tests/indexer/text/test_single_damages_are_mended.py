"""Each simple kind of damage alone: entities, invisibles, full width, pinyin, traditional, filtered words."""

import pytest

from indexer.text.filtered import unmark
from indexer.text.repair import repair


@pytest.mark.parametrize(
    ("damaged", "meant", "kind"),
    [
        ("利率&nbsp;36%，&ldquo;砍头息&rdquo;", "利率 36%，“砍头息”", "entity"),
        ("&amp;#20652;收", "催收", "entity"),
        ("催\u200b收\ufeff人员\u00ad", "催收人员", "invisible"),
        ("\u202e催收\u202c", "催收", "invisible"),
        ("电话１３８ＡＢＣ", "电话138ABC", "fullwidth"),
        ("消費(fèi)金融會(huì)催收", "消费金融会催收", "pinyin"),
        ("消費（fèi）金融", "消费金融", "pinyin"),
        ("蘇寧金融催收", "苏宁金融催收", "traditional"),
        ("對著我喊，聽著很難受", "对着我喊，听着很难受", "traditional"),
    ],
)
def test_damage_is_mended_and_counted(damaged: str, meant: str, kind: str) -> None:
    mended = repair(damaged)
    assert mended.text == meant
    assert mended.repairs[kind] >= 1


def test_simplifying_keeps_words_that_only_look_traditional() -> None:
    assert repair("著名學者的著作").text == "著名学者的著作"


@pytest.mark.parametrize(
    ("filtered", "meant", "word"),
    [
        ("随着业务扩张，催收问日渐突出。", "随着业务扩张，催收问题日渐突出。", "题"),
        ("主要通过短信、 等方式提醒客户。", "主要通过短信、电话等方式提醒客户。", "电话"),
        ("包括 催收、短信和上门。", "包括电话催收、短信和上门。", "电话"),
    ],
)
def test_a_filtered_word_is_put_back_where_sure_and_its_place_is_known(filtered: str, meant: str, word: str) -> None:
    mended = repair(filtered)
    text, spans = unmark(mended.text)
    assert text == meant
    assert [text[span.start : span.end] for span in spans] == [word]
    assert mended.repairs["restored"] == 1


@pytest.mark.parametrize(
    "text", ["他问也不问就挂了电话。", "请问日期填哪天？", "我去问了客服。", "催收问我要不要分期。"]
)
def test_nothing_is_put_back_where_nothing_is_missing(text: str) -> None:
    assert repair(text).text == text
