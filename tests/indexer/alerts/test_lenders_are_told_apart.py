"""Storms on several lenders are told to each one's followers; what they share puts them together only where it must."""

import zlib
from datetime import timedelta
from email import message_from_bytes, policy

from indexer.alerts.messages.recipients import Recipient
from tests.indexer.alerts.conftest import World
from tests.indexer.alerts.world import LENDERS, NOW, storm, watched_since

HOUR = timedelta(hours=1)
OTHER = "捷信消费金融"
PEOPLE = (
    Recipient(name="all", mail="all@example.com"),
    Recipient(name="mine", mail="mine@example.com", lenders=("招联消费金融",)),
    Recipient(name="other", mail="other@example.com", lenders=(OTHER,)),
)


def test_a_small_storm_is_not_lost_in_a_large_one_by_the_same_practice(quiet: World) -> None:
    quiet.add(*storm(40), *storm(15, lender=OTHER, first=950_000))
    quiet.check(recipients=PEOPLE)
    assert quiet.messages() == [
        "alert-1/opened/1/all", "alert-1/opened/1/mine", "alert-2/opened/1/all", "alert-2/opened/1/other",
    ]  # fmt: skip
    assert [alert.observed for alert in quiet.alerts()] == [40, 15]


def test_two_storms_of_one_size_are_two_alerts_and_nobody_hears_of_the_other_lender(quiet: World) -> None:
    quiet.add(*storm(18), *storm(18, lender=OTHER, first=950_000))
    quiet.check(recipients=PEOPLE)
    assert {alert.subject for alert in quiet.alerts()} == {
        f"lender_practice:{lender}|爆通讯录" for lender in ("招联消费金融", OTHER)
    }
    assert len(quiet.messages()) == 4


def test_a_storm_on_another_lender_is_told_while_the_first_one_is_live(quiet: World) -> None:
    quiet.add(*storm(40))
    quiet.check(recipients=PEOPLE)
    later = NOW + 2 * HOUR
    for source in ("board", "forum"):
        watched_since(quiet.state, source, NOW, later, HOUR)
    quiet.add(*storm(15, hours=2, lender=OTHER, first=950_000, until=later))
    quiet.check(later, recipients=PEOPLE)
    assert quiet.messages()[2:] == ["alert-2/opened/1/all", "alert-2/opened/1/other"]


def test_one_lenders_storm_by_two_practices_is_one_alert_for_followers_of_either(quiet: World) -> None:
    follower = Recipient(name="threats", mail="threats@example.com", practices=("威胁恐吓",))
    quiet.add(*storm(14), *storm(14, names=["威胁恐吓"], first=950_000))
    quiet.check(recipients=(PEOPLE[0], follower))
    (alert,) = quiet.alerts()
    assert (alert.facts.lenders, set(alert.facts.practices)) == (("招联消费金融",), {"爆通讯录", "威胁恐吓"})
    assert quiet.messages() == ["alert-1/opened/1/all", "alert-1/opened/1/threats"]


def test_a_practice_that_rises_at_all_lenders_is_one_alert_in_which_each_reads_of_their_own(quiet: World) -> None:
    for number, lender in enumerate(LENDERS):
        quiet.add(*storm(12, lender=lender, first=900_000 + 1000 * number))
    quiet.check(recipients=PEOPLE)
    (alert,) = quiet.alerts()
    assert (alert.subject, alert.observed) == ("practice:爆通讯录", 72)
    assert quiet.messages() == [f"alert-1/opened/1/{person.name}" for person in PEOPLE]
    read = {row["recipient"]: _text(row["content"]) for row in quiet.state.db.execute("select * from outbox")}
    assert all(lender in read["all"] for lender in LENDERS)
    assert [lender for lender in LENDERS if lender in read["other"]] == [OTHER]


def test_a_storm_of_thousands_is_one_alert(quiet: World) -> None:
    """More than are looked at one by one."""
    quiet.add(*storm(3000))
    quiet.check()
    (alert,) = quiet.alerts()
    assert (alert.subject, alert.observed) == ("lender_practice:招联消费金融|爆通讯录", 3000)


def _text(content: bytes) -> str:
    body = message_from_bytes(zlib.decompress(content), policy=policy.default).get_body(("plain",))
    assert body
    return str(body.get_content())
