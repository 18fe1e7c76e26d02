"""Who, where and how to reach a person leave the text; amounts, dates and words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.masking import SETS, lines, unmarked
from indexer.text.privacy import Masker

MASKER = Masker(b"a key")

CASES = {
    "陈先生:13800001234 100200300@qq.com": "[姓名]先生:[电话] [邮箱]",
    "我的电话是138 0000 1234，微信 wx_test_001": "我的电话是[电话]，微信 [微信]",
    "请拨一三八零零零零一二三四": "请拨[电话]",
    "打 138-0000-1234 或 ①③⑧００００１２３４": "打 [电话] 或 [电话]",
    "座机010-62345678转12": "座机[电话]",
    "加QQ：100200300": "加QQ：[QQ]",
    "扣扣 123456789 咨询": "扣扣 [QQ] 咨询",
    "发到 lawyer.wang@example.com": "发到 [邮箱]",
    "邮箱：fa_wu@vip.163.com": "邮箱：[邮箱]",
    "打186,0000,8899": "打[电话]",
    "银行卡6217 0000 0044 5566 775": "银行卡[银行卡]",
    "身份证11010519491231002X": "身份证[身份证]",
    "号码11010519491231002X属于他": "号码[身份证]属于他",
    "卡号6222 0202 0001 1234 567": "卡号[银行卡]",
    "车牌京A12345": "车牌[车牌]",
    "住在朝阳区建国路88号院3号楼2单元501": "住在朝阳区[地址]",
    "王小明经理打电话骂我妈": "[姓名]经理打电话骂我妈",
    "催收员张伟威胁我": "催收员[姓名]威胁我",
    "被告：李建国，男": "被告：[姓名]，男",
    "我叫刘芳，今年三十": "我叫[姓名]，今年三十",
    "一三八 零零零零 一二三四": "[电话]",
    "(+86)0755-26000012": "[电话]",
    "薇❤️：huahua_0099": "薇❤️：[微信]",
    "laowang7788，这是我微信": "[微信]，这是我微信",
    "微信a13500002020": "微信[微信]",
    "2200330044是我扣扣": "[QQ]是我扣扣",
    "他把430104198503021230发在朋友圈": "他把[身份证]发在朋友圈",
    "卡号6228.4804.0000.1234.567": "卡号[银行卡]",
    "电报@yuqi_help77": "电报@[账号]",
    "身份证后四位是0027": "身份证后四位是[身份证]",
    "同事小李和老王说": "同事小[姓名]和老[姓名]说",
    "担保人高峰下落不明": "担保人[姓名]下落不明",
    "住在下沙八坊22栋": "住在[地址]",
    "某县白果镇八字门村二组": "某县[地址]",
    "依三八零零零零一二三四": "[电话]",
    "投诉人蒋**": "投诉人[姓名]",
    "租住于光明小区17-2-501": "租住于[地址]",
    "桃花村第八组": "[地址]",
    "我妈田桂芝今年七十": "我妈[姓名]今年七十",
    "孟晓东、秦玉梅：本院受理原告": "[姓名]、[姓名]：本院受理原告",
    "客服经理李静怡态度极差": "客服经理[姓名]态度极差",
    "我叫古丽娜尔·艾山": "我叫[姓名]",
    "此致敬礼！\n秦玉梅\n2025年3月1日": "此致敬礼！\n[姓名]\n2025年3月1日",
    "嫌疑人韦某平": "嫌疑人[姓名]",
    "姓名：高兴，电话见附件": "姓名：[姓名]，电话见附件",
    "我叫安静，去年借了三万": "我叫[姓名]，去年借了三万",
    "请问是田野吗？": "请问是[姓名]吗？",
    "万里，男，1990年生": "[姓名]，男，1990年生",
    "我弟弟志远，今年大三": "我弟弟[姓名]，今年大三",
    "国强，你要是看到就回电话": "[姓名]，你要是看到就回电话",
    "催收向队长，请你停止": "催收[姓名]队长，请你停止",
    "婷婷你别怕": "[姓名]你别怕",
    "他叫强子，很凶": "他叫[姓名]，很凶",
    "成员：张伟、江波、吉祥": "成员：[姓名]、[姓名]、[姓名]",
}


@pytest.mark.parametrize(("text", "masked"), CASES.items(), ids=CASES.keys())
def test_it_is_masked(text: str, masked: str) -> None:
    assert MASKER.mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "本金2800元，2024年10月3日 11:58:47 到期，年化24%",
        "订单号20241003150500123",
        "苏宁金融、马上消费金融的安逸花、招联好期贷",
        "任何机构不得冒充公检法，向借款人说明情况",
        "共128000000元，涉及13800000000元的资产包",
        "北京市朝阳区人民法院 (2024)京0105民初12345号",
        "高利贷、黄牛、马上到账、方便快捷、江苏银行、万达普惠",
        "12378",
        "消费者权益保护机制，用户权限",
        "我妈高血压犯了，我是马上消费的用户，用户应当知道",
        "本月15号、全村15户、这条路3号",
        "向某银行申请，被告于庭审中辩称",
        "成都天府三街那家公司又招人了",
        "高兴的是客服同意减免，安静了一个月",
        "向队长汇报工作，签收人：本人，双方签字盖章后生效",
        "我妈高兴，孩子安静，都说平安就好",
        "一个叫安心的平台，斯德哥尔摩和墨西哥",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    masked = MASKER.mask(text)
    assert (masked.text, masked.contacts) == (text, frozenset())


def test_one_contact_has_one_hash_however_it_is_written() -> None:
    spellings = ["电话13800001234", "电话 138-0000-1234", "+86 138 0000 1234", "一三八零零零零一二三四"]
    assert len({MASKER.mask(text).contacts for text in spellings}) == 1
    assert MASKER.mask("QQ 100200300").contacts == MASKER.mask("100200300@qq.com").contacts


def test_a_hash_needs_the_key() -> None:
    assert MASKER.mask("13800001234").contacts != Masker(b"another").mask("13800001234").contacts
    assert MASKER.pseudonym("张三") != Masker(b"another").pseudonym("张三")
    assert MASKER.pseudonym("") == ""


@given(st.from_regex("1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii), st.binary(max_size=8))
def test_no_hash_looks_like_a_number(number: str, key: bytes) -> None:
    masker = Masker(key)
    (contact,) = masker.mask(f"电话{number}").contacts
    kind, _, digest = contact.partition(":")
    assert kind == "phone"
    assert len(digest) == 16
    assert f"{digest}{masker.pseudonym(number)}".isalpha()


def test_published_hotlines_stay_where_configured() -> None:
    masker = Masker(b"a key", keep=["400-820-8820"])
    assert masker.mask("客服4008208820，电话 400-820-8821").text == "客服4008208820，电话 [电话]"


TEXT = st.text(
    st.sampled_from("我你他被催收打电话骂了，。 张伟先生微信号qqQQ加:：@.comwx_138001234567890一二三零\n"), max_size=80
)


PERSONAL = [
    "13800001234",
    "加V：laoge_0099",
    "扣扣200300400",
    "x.y@foxmail.com",
    "身份证11010519491231002X",
    "京A12345",
    "我叫刘芳",
]
REST = [
    "。他们骂我，",
    "。还了50000元，",
    "。2026-10-03 11:58:47，",
    "。（2026）京0105民初12345号，",
    "。打了12378，",
    "\n\n",
    "，\ufdd0，",
]


@given(st.lists(st.tuples(st.sampled_from(PERSONAL), st.sampled_from(REST)), max_size=8))
def test_what_stands_around_keeps_its_place(parts: list[tuple[str, str]]) -> None:
    masked = MASKER.mask("".join(personal + rest for personal, rest in parts)).text
    at = 0
    for personal, rest in parts:
        alone = MASKER.mask(personal).text
        assert alone != personal
        assert masked[at : at + len(alone + rest)] == alone + rest
        at += len(alone + rest)
    assert at == len(masked)


@given(TEXT)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = MASKER.mask(text)
    again = MASKER.mask(once.text)
    assert (again.text, again.contacts) == (once.text, frozenset())


@given(
    st.text(st.sampled_from("我被催收骂了，。！他们打电话给妈"), max_size=20),
    st.from_regex("1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii),
    st.sampled_from(["", " ", "-", "·"]),
)
def test_a_mobile_number_never_survives(around: str, number: str, sign: str) -> None:
    written = sign.join([number[:3], number[3:7], number[7:]])
    masked = MASKER.mask(f"{around}{written}{around}").text
    assert "[电话]" in masked
    assert not set(masked) & set("0123456789")


TEXTS = [unmarked(line) for name in SETS for line in lines(name)]
CLEAN = [text for text, marks in TEXTS if not marks and MASKER.mask(text).text == text]


@given(st.lists(st.sampled_from([text for text, _ in TEXTS]), max_size=6), st.sampled_from(["", "\n", "，", " "]))
def test_posts_are_masked_once_and_for_all(texts: list[str], between: str) -> None:
    once = MASKER.mask(between.join(texts))
    again = MASKER.mask(once.text)
    assert (again.text, again.contacts, again.counts) == (once.text, frozenset(), {})


@given(st.lists(st.sampled_from(CLEAN), max_size=6))
def test_posts_without_people_stay(texts: list[str]) -> None:
    post = "\n".join(texts)
    assert MASKER.mask(post).text == post


def test_names_of_companies_are_nobodys() -> None:
    assert MASKER.mask("客服方小圆骂人").text == "客服[姓名]骂人"
    assert Masker(b"a key", spare=["方小圆"]).mask("客服方小圆骂人").text == "客服方小圆骂人"


@given(st.text(st.sampled_from("\0[姓名]哥姐小老阿王芳莉天客服叫、 "), max_size=24))
def test_what_is_masked_is_never_masked_again(text: str) -> None:
    """However much of a text is gone already: it doesn't grow."""
    masked = MASKER.mask(text).text
    assert MASKER.mask(masked).text == masked
    assert len(masked) <= 4 * len(text)


def test_a_name_told_once_is_masked_throughout() -> None:
    assert MASKER.mask("我叫庞博文。庞博文欠款不归我管，别找庞博文。").text.count("[姓名]") == 3
