"""What docs/privacy.md claims of the held-back lines holds."""

from bench.masking import measure
from indexer.text.privacy.found import MASKS


def test_held_back_lines() -> None:
    found = measure("held")
    assert found.whole == found.clean >= 50
    assert found.recall("phone", "id_card", "bank_card", "plate", "qq", "wechat", "mail") >= 0.98
    assert found.recall(*MASKS) >= 0.95
    assert found.precision(*MASKS) >= 0.98
