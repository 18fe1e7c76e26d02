"""Times as Chinese pages write them, full, partial and relative."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.dates import parse_time

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai

CASES = {
    "2024-10-03 11:58:47": "2024-10-03T03:58:47",
    "2024-10-03T11:58:47+08:00": "2024-10-03T03:58:47",
    "2024-10-03T03:58:47Z": "2024-10-03T03:58:47",
    "2024-10-03T03:58:47.123Z": "2024-10-03T03:58:47.123",
    "２０２４－１０－０３　１１：５８": "2024-10-03T03:58:00",
    "2024/10/3": "2024-10-02T16:00:00",
    "2024.10.03 11:58": "2024-10-03T03:58:00",
    "2024年10月3日": "2024-10-02T16:00:00",
    "2024年10月03日 11时58分": "2024-10-03T03:58:00",
    "2024年10月03日11时58分47秒": "2024-10-03T03:58:47",
    "2024年10月3日 下午3:05": "2024-10-03T07:05:00",
    "2024年10月3日 星期四 15:05": "2024-10-03T07:05:00",
    "2024-10-03（星期四）15:05": "2024-10-03T07:05:00",
    "发布时间：2024-10-03 15:05": "2024-10-03T07:05:00",
    "2024-10-03 15:05 发布": "2024-10-03T07:05:00",
    "24-10-03 15:05": "2024-10-03T07:05:00",
    "20241003": "2024-10-02T16:00:00",
    "20241003150500": "2024-10-03T07:05:00",
    "Thu, 03 Oct 2024 15:05:00 +0800": "2024-10-03T07:05:00",
    "Thu, 03 Oct 2024 07:05:00 GMT": "2024-10-03T07:05:00",
    "1727939100": "2024-10-03T07:05:00",
    "1727939100000": "2024-10-03T07:05:00",
    "10-03": "2026-10-02T16:00:00",
    "10-03 15:05": "2026-10-03T07:05:00",
    "10月3日 15:05": "2026-10-03T07:05:00",
    "12-25": "2025-12-24T16:00:00",
    "02-29": "2024-02-28T16:00:00",
    "3小时前": "2026-11-02T01:00:00",
    "3 小时前": "2026-11-02T01:00:00",
    "半小时前": "2026-11-02T03:30:00",
    "两天前": "2026-10-31T04:00:00",
    "1个月前": "2026-10-03T04:00:00",
    "15分钟前": "2026-11-02T03:45:00",
    "刚刚": "2026-11-02T04:00:00",
    "今天 08:30": "2026-11-02T00:30:00",
    "昨天 12:30": "2026-11-01T04:30:00",
    "昨天12:30": "2026-11-01T04:30:00",
    "前天 23:59": "2026-10-31T15:59:00",
    "昨天": "2026-10-31T16:00:00",
    "11:30": "2026-11-02T03:30:00",
    "13:30": "2026-11-01T05:30:00",
}


@pytest.mark.parametrize(("written", "moment"), CASES.items(), ids=CASES.keys())
def test_a_time_is_understood(written: str, moment: str) -> None:
    assert parse_time(written, timezone="Asia/Shanghai", now=NOW) == datetime.fromisoformat(f"{moment}+00:00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "催收",
        "2024-13-03",
        "2024-02-30",
        "25:00",
        "10.3",
        "99小时",
        "2031-01-01",
        "1970-01-01",
        "3.5%",
        "400-820-8820",
        "1-2-3",
    ],
)
def test_what_is_no_time_is_none(written: str) -> None:
    assert parse_time(written, timezone="Asia/Shanghai", now=NOW) is None


def test_a_time_is_meant_in_the_zone_of_the_source() -> None:
    assert parse_time("2024-10-03 11:58", timezone="UTC", now=NOW) == datetime(2024, 10, 3, 11, 58, tzinfo=UTC)


@given(st.text(max_size=70) | st.from_regex(r"[0-9年月日时分前昨天小:\-/ ]{1,20}", fullmatch=True))
def test_no_text_breaks_it_and_no_time_lies_far_ahead(written: str) -> None:
    found = parse_time(written, timezone="Asia/Shanghai", now=NOW)
    assert found is None or (found.tzinfo is UTC and (found - NOW).days < 1)
