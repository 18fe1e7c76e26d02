"""From the site to the mailbox: a month of ordinary complaints is silent, a day's storm is one mail, whatever fails."""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from indexer.state import State, timestamp
from tests.cli import ROOT, arguments, dunwatch
from tests.indexer.alerts.messages.mailserver import MailServer
from tests.site import storm as weather
from tests.site.server import Site

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(ZONE).replace(second=0, microsecond=0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LENDER = "招联消费金融"
SIXFOLD = 18.0
USUAL = [
    (LENDER, "爆通讯录", 3.0), (LENDER, "骚扰", 1.5), ("马上消费金融", "骚扰", 2.0), ("马上消费金融", "爆通讯录", 1.0),
    ("中原消费金融", "拒绝协商", 2.0), ("借呗", "高额费用", 2.0), ("苏宁金融", "骚扰", 1.5),
]  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def config(tmp_path: Path, site: Site) -> Path:
    """The configuration that ships, for the site with its fourth source."""
    folder = tmp_path / "config"
    folder.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    shipped = (ROOT / "tests/site/sources.yaml").read_text(encoding="utf-8").replace("{port}", str(site.port))
    more = f"""
  - name: complaints
    kind: feed
    start: ["{site.url}/board/complaints.xml"]
    loopback: true
    limits: {{ delay: 0, concurrency: 4 }}
"""
    (folder / "sources.yaml").write_text(shipped.replace("delay: 0.1", "delay: 0") + more, encoding="utf-8")
    return folder


def in_a_zone_where_it_is_late(config: Path) -> None:
    """Days begin where it is 22 o'clock now, so that the storm is of one day whenever this runs."""
    east = (22 - datetime.now(UTC).hour + 11) % 24 - 11
    file = config / "dunwatch.yaml"
    text = file.read_text(encoding="utf-8")
    assert "timezone: Asia/Shanghai" in text
    file.write_text(text.replace("timezone: Asia/Shanghai", f"timezone: Etc/GMT{-east:+d}"), encoding="utf-8")


def mailing(config: Path, server: MailServer) -> None:
    """Have alerts mailed to a team by this server."""
    file = config / "alerts.yaml"
    yaml = YAML()
    alerts: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
    alerts["mail"] = server.config()
    alerts["recipients"] = [{"name": "team", "mail": "team@example.com"}]
    alerts["base_url"] = "https://dunwatch.example.com"
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(alerts, out)


def crawl(data: Path, config: Path) -> None:
    assert dunwatch(data, "run", "--once", config=config).code == 0


def check(data: Path, config: Path, minutes: int) -> dict[str, int]:
    """What `dunwatch alerts check` says so many minutes from now."""
    told = dunwatch(data, "alerts", "check", "--json", "--at", _at(minutes), config=config)
    assert told.code == 0, told.err
    counts: dict[str, int] = told.json()
    return counts


def _at(minutes: int) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def a_day_passes(data: Path) -> None:
    """What was crawled so far was crawled a day earlier."""
    with State(data) as state, state.transaction() as db:
        for row in db.execute("select seq, started_at from run").fetchall():
            earlier = timestamp(datetime.fromisoformat(row["started_at"]) - DAY - HOUR)
            db.execute("update run set started_at = ?, finished_at = ? where seq = ?", (earlier, earlier, row["seq"]))


def test_a_storm_is_one_mail_whatever_fails(tmp_path: Path, site: Site, config: Path) -> None:
    data = tmp_path / "data"
    month = list(weather.days(NOW - 30 * DAY, NOW - DAY - HOUR, USUAL))
    site.pages |= weather.board(site.url, month)
    server = MailServer(tmp_path, auth=False)
    mailing(config, server)
    in_a_zone_where_it_is_late(config)

    crawl(data, config)
    a_day_passes(data)
    assert check(data, config, 0)["opened"] == 0, "an ordinary month is silent"

    today = NOW - 22 * HOUR
    ordinary = list(weather.days(today, NOW, USUAL[1:], number=20_000, seed=2))
    storm = list(weather.days(today, NOW, [(LENDER, "爆通讯录", SIXFOLD)], number=30_000, seed=3))
    site.pages |= weather.board(site.url, [*month, *ordinary, *storm])
    crawl(data, config)  # which looks for alerts too; no server takes the mail

    (alert,) = dunwatch(data, "alerts", "list", "--json", config=config).lines()
    assert alert["lenders"] == [LENDER]
    assert dunwatch(data, "status", "--json", config=config).json()["outbox"]["waiting"] == 1
    assert check(data, config, 10)["sent"] == 0

    with server:
        for minutes in (60, 120):
            killed_while_sending(data, config, server, minutes)
        assert check(data, config, 360)["sent"] == 1
        assert check(data, config, 400) == {"findings": check(data, config, 405)["findings"], "opened": 0, "queued": 0,
                                            "sent": 0, "waiting": 0}  # fmt: skip
    assert len(server.tried) == 3
    (received,) = server.received
    it_says_what_happened(received.message, alert, len(storm))


def killed_while_sending(data: Path, config: Path, server: MailServer, minutes: int) -> None:
    """A check is killed while the server has the message and has not answered."""
    checking = subprocess.Popen(arguments(data, "alerts", "check", "--at", _at(minutes), config=config), cwd=ROOT,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def kill(_address: str) -> str:
        os.kill(checking.pid, signal.SIGKILL)
        checking.wait()
        return "451 too late"

    server.at_data = kill
    assert checking.wait(120) == -signal.SIGKILL
    server.at_data = lambda _address: None


def it_says_what_happened(message: EmailMessage, alert: dict[str, Any], storm: int) -> None:
    assert message["To"].addresses[0].addr_spec == "team@example.com"
    assert LENDER in message["Subject"]
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert plain
    assert html
    text = plain.get_content()
    assert "爆通讯录" in text
    assert alert["observed"] >= storm - 2, "nearly all of the storm is in the alert's window"
    assert f"{alert['observed']} 条" in text
    assert "https://dunwatch.example.com/alerts/1" in text
    assert "https://dunwatch.example.com/ack/" in text
    assert "SHA-256" in text
    assert any(part.get_content_type() == "image/png" for part in message.walk())
