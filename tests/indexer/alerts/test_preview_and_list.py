"""`dunwatch alerts preview`, `list` and `ack`, as typed; wrong rules are told with line and key."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.alerts.commands import watching
from indexer.alerts.preview import preview
from indexer.commands import Place
from indexer.datadir import DataDir
from indexer.settings import Settings
from indexer.store.embedded import EmbeddedStore
from tests.cli import ROOT, dunwatch
from tests.indexer.alerts import world

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return filled(DataDir(tmp_path / "data"), NOW).path


def filled(place: DataDir, now: datetime) -> DataDir:
    """Forty days of ordinary complaints of two sources, and a storm ten days ago."""
    with place.state() as state:
        for source in ("board", "forum"):
            world.watched_since(state, source, now - DAY, now, timedelta(hours=2))
    store = EmbeddedStore(place.index, writable=True)
    store.put([*world.ordinary(40, until=now), *world.storm(25, until=now - 10 * DAY)])
    store.close()
    return place


def test_preview_shows_what_would_have_been_sent(data: Path) -> None:
    told = dunwatch(data, "alerts", "preview", "--days", "25", "--json").json()
    (alert,) = told["alerts"]
    headline = re.match("招联消费金融 · 爆通讯录 (\\d+) 条", alert["headline"])
    assert headline and 15 <= int(headline[1]) <= 27  # a day may end at midnight, and has ordinary ones
    assert told["per_rule"] == {"spike": 1} or told["per_rule"] == {"spike": 1, "against-peers": 1}
    text = dunwatch(data, "alerts", "preview", "--days", "25").out
    assert headline[0] in text
    assert text.splitlines()[-1].startswith("1 in 25 days: spike 1")
    assert dunwatch(data, "alerts", "list").out == ""


@pytest.mark.parametrize("minutes", [5, 55, 60, 115])
def test_a_storm_that_rises_here_and_there_in_turn_is_one_alert(tmp_path: Path, minutes: int) -> None:
    """By these minutes of an evening a source alone is unusual in hours in which the lender isn't."""
    now = datetime(2026, 11, 24, 18, tzinfo=UTC) + timedelta(minutes=minutes)
    with watching(Place(ROOT / "config", Settings(), filled(DataDir(tmp_path / "data"), now))) as watch:
        (alert,) = preview(watch, now, 25)
    assert alert.observed >= 15  # a day of it may end at midnight


def test_an_alert_is_listed_and_acknowledged(data: Path) -> None:
    store = EmbeddedStore(data / "index", writable=True)
    store.put(world.storm(20, until=NOW, first=970_000))
    store.close()
    assert dunwatch(data, "alerts", "check", "--json").json()["opened"] == 1
    (alert,) = dunwatch(data, "alerts", "list", "--json").lines()
    assert (alert["state"], alert["acknowledged_by"], alert["messages"]) == ("open", "", {"opened": 1})
    assert dunwatch(data, "alerts", "ack", "1", "--by", "王芳", "--note", "已联系").code == 0
    assert "王芳: 已联系" in dunwatch(data, "alerts", "list").out
    missing = dunwatch(data, "alerts", "ack", "77", "--by", "王芳")
    assert (missing.code, "no alert 77" in missing.err) == (1, True)
    assert dunwatch(data, "status", "--json").json()["alerts"] == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: spike", "kind: spikes", "expected"),
        ("at_least: 5 ", "at_least: none ", "rules[0].at_least"),
        ("name: spike", "name: against-peers", "two rules have the name against-peers"),
        ("every: 5m", "every: often", "expected a time such as 30m"),
        ("recipients: []", "recipients: [{name: a, mail: a@example.com}]", "there is no section mail"),
        ("escalate_to: []", "escalate_to: [boss]", "no recipient is named boss"),
        ("escalate_after: null", "escalate_after: 2h", "expected escalate_to"),
        (
            "recipients: []",
            "recipients: [{name: a, mail: a@b.cn, lenders: [招联金融消费]}]",
            "recipients[0].lenders[0]: no lender is called that; 招联消费金融 is, found '招联金融消费'",
        ),
        ("silence: []", "silence: [{start: '22:00', end: '07:00', practices: [爆通讯]}]", "; 爆通讯录 is"),
        ("owners: {}", "owners: {招联消金公司: 王芳}", "no lender is called that"),
        (
            "rules:\n",
            "rules:\n  - {name: late, kind: new, lookback: 120d}\n",
            "rule late: its lookback is longer than the baseline",
        ),
        ("window: 1d\n    at_least: 8", "where: {lander: [借呗]}", "no filter is called lander"),
        ("silence: []", 'silence: [{start: "22:00", end: 2026-11-11 00:00}]', "two times of day"),
    ],
)
def test_a_mistake_in_the_rules_is_found_where_it_is(tmp_path: Path, old: str, new: str, told: str) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    file = config / "alerts.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    outcome = dunwatch(tmp_path / "data", "alerts", "check", config=config)
    assert outcome.code == 2
    assert "alerts.yaml:" in outcome.err
    assert told in outcome.err
