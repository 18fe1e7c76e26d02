"""Followers get what they follow; silence, acknowledgement, escalation, owners, digests."""

from datetime import datetime, time, timedelta
from typing import Any

from indexer.alerts.alert import Alerts
from indexer.alerts.life import acknowledge
from indexer.alerts.messages.recipients import Recipient
from indexer.alerts.rules import Silence
from tests.indexer.alerts.conftest import World
from tests.indexer.alerts.world import NOW, ZONE, storm

HOUR = timedelta(hours=1)
TEAM = Recipient(name="team", mail="team@example.com")


def test_each_gets_what_they_follow(quiet: World) -> None:
    people = (
        Recipient(name="mine", mail="a@example.com", lenders=("招联消费金融",)),
        Recipient(name="other", mail="b@example.com", lenders=("借呗",)),
        Recipient(name="practice", mail="c@example.com", practices=("爆通讯录",)),
    )
    quiet.add(*storm(18))
    quiet.check(recipients=people)
    assert quiet.messages() == ["alert-1/opened/1/mine", "alert-1/opened/1/practice"]


def test_in_silence_it_is_kept_and_told_when_the_silence_ends(quiet: World) -> None:
    local = NOW.astimezone(ZONE)
    silence = Silence(start=local - HOUR, end=local + HOUR, lenders=("招联消费金融",), why="系统升级")
    quiet.add(*storm(18))
    quiet.check(silence=(silence,))
    assert quiet.alerts()[0].silenced == "系统升级"
    assert quiet.messages() == []
    quiet.check(NOW + 2 * HOUR, silence=(silence,))
    assert quiet.messages() == ["alert-1/opened/1/team"]


def test_what_becomes_of_an_alert_in_a_silence_is_told_when_it_ends(quiet: World) -> None:
    local = NOW.astimezone(ZONE)
    config: dict[str, Any] = {
        "silence": (Silence(start=local + HOUR, end=local + 20 * HOUR),),
        "escalate_after": 2 * HOUR,
        "escalate_to": ("team",),
        "close_after": 8 * HOUR,
    }
    quiet.add(*storm(18))
    quiet.check(**config)
    quiet.add(*storm(40, first=910_000))
    for hours in (2, 12):
        quiet.check(NOW + hours * HOUR, **config)
    assert quiet.messages() == ["alert-1/opened/1/team"]
    quiet.check(NOW + 21 * HOUR, **config)
    assert quiet.messages() == [f"alert-1/{kind}/1/team" for kind in ("opened", "grew", "closed")]


def test_silence_by_the_time_of_day_reaches_over_midnight() -> None:
    night = Silence(start=time(23), end=time(7))
    held = [hour for hour in range(24) if night.holds(datetime(2026, 11, 20, hour, 30, tzinfo=ZONE), ZONE)]
    assert held == [0, 1, 2, 3, 4, 5, 6, 23]


def test_what_nobody_acknowledges_escalates_once(quiet: World) -> None:
    boss = Recipient(name="boss", mail="boss@example.com", severity="high")
    config: dict[str, Any] = {"recipients": (TEAM, boss), "escalate_after": 2 * HOUR, "escalate_to": ("boss",)}
    quiet.add(*storm(18))
    for hours in (0, 1, 2, 3):
        quiet.check(NOW + hours * HOUR, **config)
    assert quiet.messages() == ["alert-1/opened/1/team", "alert-1/escalated/1/boss"]


def test_what_is_acknowledged_does_not_escalate(quiet: World) -> None:
    quiet.add(*storm(18))
    quiet.check()
    acknowledge(Alerts(quiet.state), 1, "王芳", "已联系催收部", NOW)
    acknowledge(Alerts(quiet.state), 1, "李强", "补充", NOW)
    quiet.check(NOW + 3 * HOUR, escalate_after=2 * HOUR, escalate_to=("team",))
    (alert,) = quiet.alerts()
    assert (alert.acknowledged_by, alert.note) == ("王芳", "已联系催收部")
    assert quiet.events(1) == ["opened", "acknowledged", "noted"]
    assert quiet.messages() == ["alert-1/opened/1/team"]


def test_an_alert_has_the_owner_of_its_lender(quiet: World) -> None:
    quiet.add(*storm(18))
    quiet.check(owners={"招联消费金融": "王芳"})
    assert quiet.alerts()[0].owner == "王芳"


def test_digests_come_once_a_day_and_once_a_week(quiet: World) -> None:
    reader = Recipient(name="reader", mail="r@example.com", alerts=False, digest=frozenset({"daily", "weekly"}))
    quiet.add(*storm(18))
    for hours in range(0, 5 * 24, 6):  # from Friday afternoon on
        quiet.check(NOW + hours * HOUR, recipients=(reader,), rules=())
    days = [f"daily-2026-11-{day}/daily/1/reader" for day in (20, 21, 22, 23, 24)]
    assert quiet.messages() == [*days[:3], "weekly-2026-11-16/weekly/1/reader", *days[3:]]


def test_after_a_pause_only_the_last_digest_comes(quiet: World) -> None:
    reader = Recipient(name="reader", mail="r@example.com", alerts=False, digest=frozenset({"daily"}))
    for hours in (0, 96):
        quiet.check(NOW + hours * HOUR, recipients=(reader,), rules=())
    assert quiet.messages() == ["daily-2026-11-23/daily/1/reader"]
