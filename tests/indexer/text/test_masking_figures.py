"""What docs/privacy.md claims of the marked lines holds."""

import pytest

from bench.masking import SETS, measure
from indexer.text.privacy.found import MASKS

NUMBERS = tuple(kind for kind in MASKS if kind != "name")
MOST_TOUCHED = 2
"""Lines without marks that may change in a set: as many as docs/privacy.md tells of."""
USUAL = 0.92
LEAST = {"eleventh": 0.65}
"""Recall of the set that has names which are words, and given names alone, in nearly every text."""


@pytest.mark.parametrize("lines", SETS)
def test_marked_lines(lines: str) -> None:
    found = measure(lines)
    assert found.clean - found.whole <= MOST_TOUCHED
    assert found.recall(*NUMBERS) >= 0.95
    assert found.recall(*MASKS) >= LEAST.get(lines, USUAL)
    assert found.precision(*MASKS) >= 0.97
