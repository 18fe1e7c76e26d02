"""What was refused is kept to look at; nobody's number or name is shown."""

from pathlib import Path

from indexer.state import State
from tests.cli import dunwatch


def test_samples_and_reasons_are_masked(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.reject(
            stage="analyse",
            source="files",
            url="https://forum.example.cn/t/1",
            reason="ValueError: 电话13800001234",
            sample="我叫刘芳，微信wx_test_001，欠了5000元",
        )
    (kept,) = dunwatch(tmp_path, "rejected", "--json").lines()
    assert kept["reason"] == "ValueError: 电话[电话]"
    assert kept["sample"] == "我叫[姓名]，微信[微信]，欠了5000元"
    assert "[电话]" in dunwatch(tmp_path, "rejected").out
