"""What docs/privacy.md claims of the marked lines holds."""

import pytest

from bench.masking import SETS, measure
from indexer.text.privacy.found import MASKS


@pytest.mark.parametrize("lines", SETS)
def test_marked_lines(lines: str) -> None:
    found = measure(lines)
    assert found.whole == found.clean
    assert found.recall("phone", "id_card", "bank_card", "plate", "qq", "wechat", "mail", "address") >= 0.98
    assert found.recall(*MASKS) >= 0.89
    assert found.precision(*MASKS) >= 0.98
