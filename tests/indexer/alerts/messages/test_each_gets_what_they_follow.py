"""Each recipient gets only the lenders and practices they follow, when they want it."""

from datetime import timedelta
from typing import Any

import pytest

from indexer.alerts.messages.notice import Digest, Driver, Listed, Notice, Quoted, Row, Share, Table
from indexer.alerts.messages.recipients import Recipient, held_until, narrowed, who_gets
from indexer.alerts.messages.unsubscribe import decline, declined
from indexer.state import State
from tests.indexer.alerts.messages.conftest import NOW, ZONE, alert


def recipient(name: str = "team", **fields: Any) -> Recipient:
    return Recipient(name=name, mail=f"{name}@example.com", **fields)


DIGEST = Notice(
    id="daily-2026-11-09",
    kind="daily",
    headline="昨日投诉 214 条",
    digest=Digest(
        start=NOW - timedelta(days=1),
        end=NOW,
        alerts=tuple(
            Listed(headline=lender, state="进行中", observed=9, expected=1, started_at=NOW, lenders=(lender,))
            for lender in ("甲金融", "乙金融")
        ),
        tables=(
            Table(title="机构", rows=tuple(Row(name=it, count=9, lenders=(it,)) for it in ("甲金融", "乙金融"))),
            Table(title="行为", rows=(Row(name="爆通讯录", count=9, practices=("爆通讯录",)),)),
        ),
    ),
)


@pytest.mark.parametrize(
    ("fields", "gets"),
    [
        ({}, True),
        ({"lenders": ["甲金融"]}, True),
        ({"lenders": ["乙金融"]}, False),
        ({"lenders": ["甲金融"], "practices": ["爆通讯录"]}, True),
        ({"lenders": ["甲金融"], "practices": ["上门催收"]}, False),
        ({"practices": ["上门催收"]}, False),
        ({"rules": ["spike"]}, True),
        ({"rules": ["threshold"]}, False),
        ({"severity": "normal"}, True),
        ({"severity": "high"}, False),
        ({"alerts": False, "digest": ["daily"]}, False),
    ],
)
def test_an_alert_reaches_those_who_follow_it(fields: dict[str, Any], gets: bool) -> None:
    notice = alert(lenders=("甲金融",), practices=("爆通讯录",), rule="spike", severity="normal")
    assert bool(who_gets(notice, [recipient(**fields)])) is gets


def test_who_follows_some_lenders_does_not_get_what_names_none() -> None:
    notice = alert(lenders=(), practices=("爆通讯录",))
    assert [it.name for it in who_gets(notice, [recipient("all"), recipient("some", lenders=("甲金融",))])] == ["all"]


def test_a_digest_reaches_those_who_want_it_with_their_rows_only() -> None:
    some = recipient("some", lenders=("甲金融",), digest={"daily"})
    people = [recipient("all", digest={"daily", "weekly"}), some, recipient("none"), recipient("w", digest={"weekly"})]
    assert [it.name for it in who_gets(DIGEST, people)] == ["all", "some"]
    assert narrowed(DIGEST, people[0]) == DIGEST
    mine = narrowed(DIGEST, some).digest
    assert mine
    assert [it.headline for it in mine.alerts] == ["甲金融"]
    assert [[row.name for row in table.rows] for table in mine.tables] == [["甲金融"]]


def test_an_alert_names_no_lender_that_they_do_not_follow() -> None:
    post = {"title": "帖子", "quote": "原话", "source": "来源", "sentiment": 0.1}
    notice = alert(
        lenders=("甲金融", "乙金融"),
        drivers=(
            Driver(kind="lender", shares=(Share(name="甲金融", count=5), Share(name="乙金融", count=4))),
            Driver(kind="practice", shares=(Share(name="爆通讯录", count=5),)),
        ),
        quotes=(
            Quoted(**post, lenders=("乙金融",)),
            Quoted(**post, lenders=("甲金融", "乙金融")),
            Quoted(**post),
        ),
    )
    mine = narrowed(notice, recipient(lenders=("甲金融",)))
    assert [[share.name for share in driver.shares] for driver in mine.drivers] == [["甲金融"], ["爆通讯录"]]
    assert [it.lenders for it in mine.quotes] == [("甲金融", "乙金融"), ()]


def test_who_has_unsubscribed_gets_that_digest_no_more(state: State) -> None:
    people = [recipient("first", digest={"daily", "weekly"}), recipient("second", digest={"daily"})]
    decline(state, "first", "daily", NOW)
    decline(state, "first", "daily", NOW)
    weekly = DIGEST.model_copy(update={"kind": "weekly"})
    assert [it.name for it in who_gets(DIGEST, people, declined(state))] == ["second"]
    assert [it.name for it in who_gets(weekly, people, declined(state))] == ["first"]
    assert len(who_gets(alert(), people, declined(state))) == 2


@pytest.mark.parametrize(
    ("start", "end", "at", "until"),
    [
        ("22:00", "08:00", "23:30", "10T08:00"),
        ("22:00", "08:00", "03:00", "09T08:00"),
        ("22:00", "08:00", "08:00", None),
        ("22:00", "08:00", "21:59", None),
        ("12:00", "14:00", "13:59", "09T14:00"),
        ("12:00", "14:00", "14:00", None),
        ("00:00", "00:00", "03:00", None),
    ],
)
def test_quiet_hours_hold_a_message_back_until_they_end(start: str, end: str, at: str, until: str | None) -> None:
    hours, minutes = map(int, at.split(":"))
    now = NOW.replace(hour=hours, minute=minutes)
    who = recipient(quiet={"start": start, "end": end})
    held = held_until(alert(), who, now, ZONE)
    assert (held and f"{held.astimezone(ZONE):%dT%H:%M}") == until
    assert held_until(alert(kind="escalated"), who, now, ZONE) is None
