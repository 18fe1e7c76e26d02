"""A rise is one alert with the right facts, told again only when it has doubled, and closed when it is over."""

from datetime import timedelta

from indexer.alerts.messages.words import chart_in_words
from tests.indexer.alerts.conftest import World
from tests.indexer.alerts.world import NOW, ZONE, storm, told, watched_since

MINUTES = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_quiet_weeks_give_no_alert(quiet: World) -> None:
    for days in (0, 3, 9, 16):
        quiet.check(NOW - timedelta(days=days))
    assert quiet.alerts() == []
    assert quiet.messages() == []


def test_a_storm_is_one_alert_about_what_rose(quiet: World) -> None:
    quiet.add(*storm(18))
    assert quiet.check().opened == 1
    (alert,) = quiet.alerts()
    measure = alert.facts.measure
    assert measure
    assert alert.subject == "lender_practice:招联消费金融|爆通讯录"
    assert (measure.observed, measure.documents, measure.stories) == (18, 18, 18)
    assert measure.expected < 1
    assert alert.facts.headline.startswith("招联消费金融 · 爆通讯录 18 条，平常不足 1 条")
    assert (alert.facts.lenders, alert.facts.practices) == (("招联消费金融",), ("爆通讯录",))
    assert {quote.source for quote in alert.facts.quotes} == {"board", "forum"}
    assert all("通讯录" in quote.quote and quote.sha256 for quote in alert.facts.quotes)
    sources = next(driver for driver in alert.facts.drivers if driver.kind == "source")
    assert {(share.name, share.count) for share in sources.shares} == {("board", 9), ("forum", 9)}
    last = alert.facts.points[-1]
    assert last.count == 18
    assert last.upper
    assert last.upper < 6
    assert quiet.messages() == ["alert-1/opened/1/team"]
    assert chart_in_words(alert.facts, ZONE).startswith(
        "走势图，2026年10月10日 – 2026年11月20日；最高 18 条，在 11月20日（"
    )
    assert measure.rarity == "若纯属偶然，百年以上才会有一次"


def test_looking_again_tells_nothing_new(quiet: World) -> None:
    quiet.add(*storm(18))
    for minutes in (0, 5, 10, 60):
        quiet.check(NOW + minutes * MINUTES)
    assert quiet.messages() == ["alert-1/opened/1/team"]


def test_an_alert_that_doubles_is_told_once_more_while_it_lasts(quiet: World) -> None:
    quiet.add(*storm(12))
    quiet.check()
    quiet.add(*storm(5, first=910_000))
    quiet.check(NOW + 5 * MINUTES)
    assert quiet.messages() == ["alert-1/opened/1/team"]
    quiet.add(*storm(10, first=920_000))
    quiet.check(NOW + 10 * MINUTES)
    quiet.add(*storm(60, first=930_000))
    quiet.check(NOW + 15 * MINUTES)
    assert quiet.messages() == [f"alert-1/{kind}/team" for kind in ("opened/1", "grew/1", "grew/2")]
    assert quiet.alerts()[0].observed == 87


def test_a_burst_within_a_rise_of_days_is_told(quiet: World) -> None:
    """The rise has counted hundreds by then, which the burst doesn't double."""
    quiet.add(*storm(6 * 72, hours=72))
    for hours in (-60, -30, 0):
        quiet.check(NOW + hours * HOUR)
    told_before = quiet.messages()
    quiet.check(NOW + 5 * MINUTES)
    assert quiet.messages() == told_before
    for source in ("board", "forum"):
        watched_since(quiet.state, source, NOW, NOW + HOUR, HOUR)
    quiet.add(*storm(60, hours=0.5, until=NOW + 50 * MINUTES, first=960_000))
    for minutes in (60, 65):
        quiet.check(NOW + minutes * MINUTES)
    assert len(quiet.messages()) == len(told_before) + 1
    (alert,) = quiet.alerts()
    assert "一小时 60 条，此前最多" in alert.facts.headline
    assert max(point.count or 0 for point in alert.facts.points) == 60


def test_it_eases_and_is_closed_with_a_summary(quiet: World) -> None:
    quiet.add(*storm(18))
    quiet.check()
    quiet.check(NOW + 8 * HOUR)
    assert quiet.alerts()[0].state == "eased"
    quiet.check(NOW + 26 * HOUR)
    quiet.check(NOW + 40 * HOUR)
    (alert,) = quiet.alerts()
    assert alert.state == "closed"
    assert quiet.events(1) == ["opened", "eased", "closed"]
    assert quiet.messages() == ["alert-1/opened/1/team", "alert-1/closed/1/team"]


def test_another_storm_after_the_end_is_another_alert(quiet: World) -> None:
    quiet.add(*storm(18))
    for hours in (0, 26):
        quiet.check(NOW + hours * HOUR)
    later = NOW + 5 * 24 * HOUR
    for source in ("board", "forum"):
        watched_since(quiet.state, source, NOW + 2 * HOUR, later, 2 * HOUR)
    quiet.add(*storm(18, until=later, first=950_000))
    quiet.check(later)
    assert [alert.state for alert in quiet.alerts()] == ["closed", "open"]


def test_another_lenders_storm_at_the_same_time_is_an_alert_of_its_own(quiet: World) -> None:
    quiet.add(*storm(18), *storm(15, lender="捷信消费金融", names=["威胁恐吓"], first=950_000))
    quiet.check()
    assert {alert.subject for alert in quiet.alerts()} == {
        "lender_practice:招联消费金融|爆通讯录",
        "lender_practice:捷信消费金融|威胁恐吓",
    }


def test_reprints_of_one_story_are_no_storm(quiet: World) -> None:
    first, *others = storm(18)
    reprints = [it.model_copy(update={"story": first.story, "reprint_of": first.id}) for it in others]
    quiet.add(first, *reprints)
    assert quiet.check().findings == 0


def test_reprints_are_told_apart_from_stories(quiet: World) -> None:
    first, *others = storm(14)
    copies = [told(970_000 + number, "招联消费金融", ["爆通讯录"], NOW - HOUR, story=first.story, reprint_of=first.id)
              for number in range(6)]  # fmt: skip
    quiet.add(first, *others, *copies)
    quiet.check()
    (alert,) = quiet.alerts()
    assert alert.facts.measure
    assert (alert.facts.measure.documents, alert.facts.measure.stories, alert.observed) == (20, 14, 14)


def test_promotion_and_samples_do_not_count(quiet: World) -> None:
    quiet.add(*(it.model_copy(update={"voice": "promotion"}) for it in storm(20)))
    quiet.add(*(it.model_copy(update={"generated": True}) for it in storm(20, first=950_000)))
    assert quiet.check().findings == 0
