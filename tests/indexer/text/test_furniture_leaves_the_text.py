"""What a site puts around an article goes, and what it says of the article is kept."""

from datetime import UTC, datetime

import pytest

from indexer.text.furniture import Cleaned, clean

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
FIRST = "借款人逾期之后，平台一般会先通过短信提醒还款，前几天的语气通常比较平和，不会马上打电话。"
LAST = "如果遇到困难，应当主动联系客服，说明自己的情况，争取协商分期，而不是逃避，更不要更换号码。"


def cleaned(*lines: str, title: str = "") -> Cleaned:
    return clean(title, "\n".join(lines), timezone="Asia/Shanghai", now=NOW)


@pytest.mark.parametrize(
    ("byline", "author", "category", "moment"),
    [
        ("小海豚 2026-10-12 09:30:00", "小海豚", "", "2026-10-12T01:30"),
        ("银行逾期 2026-10-12 09:30:00", "", "银行逾期", "2026-10-12T01:30"),
        ("2026-10-12 09:30 来源：晨光财经", "", "", "2026-10-12T01:30"),
        ("作者：小海豚 2026年10月12日 09:30", "小海豚", "", "2026-10-12T01:30"),
        ("发布时间：2026-10-12 09:30", "", "", "2026-10-12T01:30"),
        ("匿名用户83 昨天 12:30 已提交投诉", "匿名用户83", "", "2026-11-01T04:30"),
        ("匿名用户83 3小时前 来自重庆", "匿名用户83", "", "2026-11-02T01:00"),
        ("发表于 2026-10-12 09:30:00 只看该作者", "", "", "2026-10-12T01:30"),
    ],
)
def test_a_byline_is_read_and_goes(byline: str, author: str, category: str, moment: str) -> None:
    found = cleaned("逾期多久会被催收", byline, FIRST, LAST)
    assert found.body == f"{FIRST}\n{LAST}"
    assert found.title == "逾期多久会被催收"
    assert (found.author, found.category) == (author, category)
    assert found.published_at == datetime.fromisoformat(f"{moment}+00:00")


def test_editor_counters_and_notices_are_kept_apart() -> None:
    found = cleaned(
        "逾期多久会被催收",
        "阅读 1,234 评论 56",
        FIRST,
        LAST,
        "责任编辑：王小明",
        "特别声明：以上内容仅代表作者本人观点，不构成投资建议。",
        "（注：本文为示例文章，内容由AI生成，仅供参考）",
    )
    assert found.body == f"{FIRST}\n{LAST}"
    assert found.editor == "王小明"
    assert found.engagement == {"views": 1234, "replies": 56}
    assert len(found.notices) == 2


def test_lists_behind_the_text_go_and_contacts_are_remembered() -> None:
    found = cleaned(
        FIRST, LAST, "陈先生:13800001234 100200300@qq.com", "最新文章", "网贷逾期怎么办", "随机看看", "如何提额"
    )
    assert found.body == f"{FIRST}\n{LAST}"
    assert any("13800001234" in line for line in found.removed)


def test_what_only_looks_like_furniture_stays() -> None:
    lines = (
        FIRST,
        "一、什么是责任编辑：编辑流程说明，以及借款人应当注意的事项，读者可以自行参考。",
        "2026年的变化",
        LAST,
    )
    assert cleaned(*lines, title="说明").body == "\n".join(lines)


def test_a_short_post_is_text() -> None:
    assert cleaned("催收又来了，烦死了！", title="吐槽").body == "催收又来了，烦死了！"
