"""Bylines in their freer shapes are read; lines of a complaint that begin with a time stay."""

from datetime import UTC, datetime

import pytest

from indexer.text.furniture import Cleaned, clean

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TEXT = "借款人逾期之后，平台一般会先通过短信提醒还款，前几天的语气通常比较平和，不会马上打电话。"


def cleaned(*lines: str) -> Cleaned:
    return clean("标题在此", "\n".join(lines), timezone="Asia/Shanghai", now=NOW)


@pytest.mark.parametrize(
    ("byline", "author", "category"),
    [
        ("2026-11-04 17:05 陆行舟", "陆行舟", ""),
        ("2026年11月04日 17:05 远山财经", "", "远山财经"),
        ("2026-11-04 17:05 聚财网 匿名用户0173", "匿名用户0173", "聚财网"),
        ("2026-11-04 17:05 · 慢慢来", "慢慢来", ""),
        ("河边小树，2026-11-04 17:05", "河边小树", ""),
        ("数据组 河边小树 2026-11-04 17:05", "数据组", ""),
        ("来源：陆行舟 时间：2026-11-04 17:05 浏览：8012次", "陆行舟", ""),
        ("楼主 发表于 2026-11-04 17:05", "", ""),
        ("发布时间：2026-11-04 17:05 【字体：大 中 小】", "", ""),
    ],
)
def test_a_byline_is_read_and_goes(byline: str, author: str, category: str) -> None:
    found = cleaned(byline, TEXT)
    assert (found.body, found.author, found.category) == (TEXT, author, category)
    assert found.published_at == datetime(2026, 11, 4, 9, 5, tzinfo=UTC)


def test_a_day_at_the_top_dates_the_text() -> None:
    found = cleaned("本报记者 陆行舟", "2026年11月04日 第A04版", TEXT)
    assert found.author == "陆行舟"
    assert found.published_at == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-04 17:05 催收打电话骂人",
        "2026-11-04 17:05，他们说要上门。",
        "2026年11月4日，我收到第一条短信，从那天起没有一天安宁。",
    ],
)
def test_what_happened_at_a_time_stays(line: str) -> None:
    found = cleaned(line, TEXT)
    assert (found.body, found.published_at) == (f"{line}\n{TEXT}", None)


def test_a_time_within_the_text_dates_nothing() -> None:
    assert cleaned(TEXT, "2026年11月04日 第A04版", TEXT).published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "标签：逾期 催收",
        "展开剩余50%",
        "微博 微信 空间",
        "关于我们 联系我们 用户协议 隐私政策",
        "本站文章均由网友投稿，如有侵权，请联系我们删除。",
        "（文章来源：银河财经网）",
        "扫一扫，关注某地新闻网",
        "相关阅读：",
    ],
)
def test_furniture_goes_wherever_it_stands(line: str) -> None:
    assert cleaned(TEXT, line, TEXT).body == f"{TEXT}\n{TEXT}"
