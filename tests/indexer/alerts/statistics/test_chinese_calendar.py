"""Holidays and moved working days, for any year."""

from datetime import date

import numpy as np
import pytest

from indexer.alerts.statistics.cycles import DAY_OFF, ORDINARY, WORKING_WEEKEND, special_days


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-10-01", DAY_OFF),
        ("2025-10-08", DAY_OFF),
        ("2025-09-28", WORKING_WEEKEND),
        ("2025-10-11", WORKING_WEEKEND),
        ("2025-10-12", ORDINARY),
        ("2025-10-13", ORDINARY),
        ("2020-01-31", DAY_OFF),
        ("2024-02-04", WORKING_WEEKEND),
    ],
)
def test_days(day: str, expected: int) -> None:
    number = (date.fromisoformat(day) - date(1970, 1, 1)).days
    assert special_days(np.array([number])).tolist() == [expected]


def test_no_year_fails() -> None:
    years = [(date(year, 10, 1) - date(1970, 1, 1)).days for year in (1900, 1949, 1970, 2031, 2099, 2150)]
    assert set(special_days(np.array(years)).tolist()) <= {ORDINARY, DAY_OFF}
