"""Words that were disguised to get past a filter are read as meant; names and ordinary words stay."""

import pytest

from indexer.text.repair import repair


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我被催*收骚扰", "我被催收骚扰"),
        ("我被催.收骚扰", "我被催收骚扰"),
        ("一直催 收", "一直催收"),
        ("他们崔收天天打电话威胁我", "他们催收天天打电话威胁我"),
        ("遭到暴li催收", "遭到暴力催收"),
        ("bao力催shou", "暴力催收"),
        ("cui收电话不断", "催收电话不断"),
        ("爆通讯绿了", "爆通讯录了"),
        ("网贷忄崔收打来电话", "网贷催收打来电话"),
        ("亻崔收人员", "催收人员"),
        ("暴*力*催*收", "暴力催收"),
        ("马扁子公司", "骗子公司"),
        ("崔*收人员骚扰", "催收人员骚扰"),
        ("ｃｕｉ收电话", "催收电话"),
        ("催\u200b*收", "催收"),
        ("嚴重騷擾，崔收人員", "严重骚扰，催收人员"),
        ("ⓒⓤⓘ收电话", "催收电话"),
        ("𝐜𝐮𝐢收电话", "催收电话"),
        ("⒞⒰⒤收电话", "催收电话"),
        ("c u i 收电话", "催收电话"),
        ("催🈲收打来", "催收打来"),
        ("上🚪催収", "上门催收"),
        ("欠的钱还了摧收还打来", "欠的钱还了催收还打来"),
        ("平台轰榨电话不断", "平台轰炸电话不断"),
        ("说我黛款逾期了", "说我贷款逾期了"),
    ],
)
def test_a_disguised_word_is_read_as_meant_and_counted(written: str, meant: str) -> None:
    mended = repair(written)
    assert mended.text == meant
    assert mended.repairs["evasion"] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "郭崔收是我的同学，小崔收到了法院的传票。",
        "郭崔收欠我三万块钱",
        "崔收是我们公司的出纳，负责对账和还款登记。",
        "马上 门口就有人来了，我正在等电话。",
        "预期收益与预期不符，他语气很差。",
        "书店话剧票八折，骑士带话给上官先生。",
        "催收的拼音是cuī shōu。",
        "见 https://www.example.com/cui收/ 和 cuishou@example.com",
        "短信 电话 微信 都可以联系客服",
        "欠款还清后剩余期限怎么算？",
        "代收代付，代款代付，与借款人无关。",
        "鞋商老刘欠了八十万货款，这桩公案拖了三年。",
        "谁催款？崔收是我同学。",
        "贷款平台维护公共安全，催收前先验证信息。",
    ],
)
def test_what_may_be_meant_as_written_stays(text: str) -> None:
    assert repair(text).text == text
