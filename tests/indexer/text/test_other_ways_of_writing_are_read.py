"""What addresses, scripts, mails, PDFs or vertical text write for characters is read; code and addresses stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.repair import repair


@pytest.mark.parametrize(
    ("written", "meant", "kind"),
    [
        ("标题：%E5%82%AC%E6%94%B6%E7%94%B5%E8%AF%9D", "标题：催收电话", "entity"),
        ("%B4%DF%CA%D5%B5%E7%BB%B0不断", "催收电话不断", "entity"),
        (r"被\u50ac\u6536\u9a9a\u6270了", "被催收骚扰了", "entity"),
        ("u50acu6536u7535u8bdd太多", "催收电话太多", "entity"),
        ("%u50ac%u6536打来", "催收打来", "entity"),
        ("=E5=82=AC=E6=94=B6=\n=E7=94=B5=E8=AF=9D", "催收电话", "entity"),
        ("&#20652&#25910人员说&#19979周上门", "催收人员说下周上门", "entity"),
        ("&#x50ac&#x6536人员", "催收人员", "entity"),
        ("催收人员又来了&#206", "催收人员又来了", "entity"),
        ("⽹贷催收骚扰⽤⼾投诉⻅⻚⾯", "网贷催收骚扰用户投诉见页面", "fullwidth"),
        ("催收﹐骚扰﹑威胁﹗", "催收，骚扰、威胁！", "fullwidth"),
        ("催̶收̶人员", "催收人员", "invisible"),
        ("催\U000e0100收人员", "催收人员", "invisible"),
        ("今 天 催 收 又 打 电 话 来 了", "今天催收又打电话来了", "evasion"),
    ],
)
def test_it_is_read_and_counted(written: str, meant: str, kind: str) -> None:
    mended = repair(written)
    assert mended.text == meant
    assert mended.repairs[kind] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "https://zh.example.org/wiki/%E4%BF%A1%E7%94%A8%E5%8D%A1",
        "搜索 ?wd=%B4%DF%CA%D5%B5%E7&ie=gbk",
        "URL 里的 %E4%B8%AD 就是“中”字。",
        r'json.dumps({"name": "\u5f20\u4e09"})',
        r"正则 [\u4e00-\u9fa5]{2,4} 匹配汉字",
        "利率 36%，手续费 3%E，折扣 20%",
        "部首：⼀⼁⼂⼃⼄",
        "生字：春 夏 秋 冬 山 水 云 石 田",
        "（╯°□°）╯︵ ┻━┻",
        "Nguyễn décomposé: e\u0301",
        "HTML 里空格是 &nbsp，小于号是 &lt;，引号是 &quot;。",
    ],
)
def test_addresses_code_lists_and_lessons_stay(text: str) -> None:
    assert repair(text).text == text


@given(st.text(alphabet="%=\\u0123456789abcdefABCDEF催收 \"'/?&#x;", max_size=60))
def test_any_mixture_is_survived_and_read_to_the_end(text: str) -> None:
    once = repair(text).text
    assert repair(once).text == once
