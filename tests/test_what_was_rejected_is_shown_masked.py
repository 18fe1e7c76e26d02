"""What was refused is kept to look at; nobody's number or name is shown."""

from pathlib import Path

from indexer.state import State
from tests.cli import dunwatch
from tests.crawler.crawling import farm, rejected, run
from tests.site.server import Site


def test_samples_and_reasons_are_masked(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.reject(
            stage="analyse",
            source="files",
            url="https://forum.example.cn/t/1?tel=13800001234",
            reason="ValueError: 电话13800001234",
            sample="我叫刘芳，微信wx_test_001，欠了5000元",
        )
    (kept,) = dunwatch(tmp_path, "rejected", "--json").lines()
    assert kept["reason"] == "ValueError: 电话[电话]"
    assert kept["url"] == "https://forum.example.cn/t/1?tel=[电话]"
    assert kept["sample"] == "我叫[姓名]，微信[微信]，欠了5000元"
    assert "[电话]" in dunwatch(tmp_path, "rejected").out


def test_a_lender_that_is_called_like_somebody_is_shown(tmp_path: Path) -> None:
    """As it is in documents: whatever leaves dunwatch is masked in the same way."""
    data, config = tmp_path / "data", tmp_path / "config"
    config.mkdir()
    (config / "lenders.yaml").write_text("lenders: [{id: 方小圆, kind: platform, name: 方小圆}]", "utf-8")
    with State(data) as state:
        state.reject(stage="analyse", source="files", url="", reason="no text", sample="客服方小圆骂人")
    (kept,) = dunwatch(data, "rejected", "--json", config=config).lines()
    assert kept["sample"] == "客服方小圆骂人"


def test_logs_of_a_crawl_are_masked(tmp_path: Path) -> None:
    with Site() as site:
        site.change("/farm/", "1014.html", "9001.html?tel=13800001234")
        told = run(tmp_path, farm(site.url, links=[r"/farm/\d+\.html"]))
    assert any("13800001234" in path for path in rejected(tmp_path)), "kept as it was, to look into"
    assert "9001.html?tel=[电话]: http 500" in told.log
    assert "13800001234" not in told.log
