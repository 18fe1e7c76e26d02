"""Backlog and undated pages never alert, late posts count where they belong, a source that was down is no zero."""

from datetime import timedelta

from tests.indexer.alerts.conftest import World
from tests.indexer.alerts.world import NOW, ordinary, spooled, storm, told, watched_since

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_the_backlog_of_a_first_crawl_does_not_alert(empty: World) -> None:
    empty.add(*ordinary(60), *storm(40))
    for source in ("board", "forum"):
        watched_since(empty.state, source, NOW, NOW, HOUR)
    assert empty.check(NOW + HOUR).findings == 0


def test_a_new_source_does_not_alert_by_its_backlog(quiet: World) -> None:
    quiet.add(*(it.model_copy(update={"source": "new-site"}) for it in storm(40)))
    watched_since(quiet.state, "new-site", NOW, NOW, HOUR)
    assert quiet.check(NOW).findings == 0


def test_undated_posts_do_not_alert(quiet: World) -> None:
    quiet.add(*(told(980_000 + number, "招联消费金融", ["爆通讯录"], None) for number in range(40)))
    assert quiet.check().findings == 0


def test_posts_found_late_count_when_they_were_written(quiet: World) -> None:
    quiet.check(NOW)
    quiet.add(*storm(14, hours=2, until=NOW - 9 * HOUR))
    quiet.check(NOW + HOUR)
    (alert,) = quiet.alerts()
    assert alert.facts.measure
    assert alert.facts.measure.start <= NOW - 9 * HOUR


def test_files_count_from_when_the_first_came(quiet: World) -> None:
    quiet.add(*(it.model_copy(update={"source": "ingest"}) for it in storm(40)))
    spooled(quiet.state, "ingest", NOW)
    assert quiet.check().findings == 0


def test_when_a_source_comes_back_the_ordinary_is_no_rise(empty: World) -> None:
    """Down for ten days, whose posts are lost: were they zero, the ordinary of today would be a spike."""
    empty.add(*(it for it in ordinary(60, a_day=8) if not NOW - 11 * DAY <= (it.published_at or NOW) < NOW - DAY))
    for source in ("board", "forum"):
        watched_since(empty.state, source, NOW - 50 * DAY, NOW - 11 * DAY, 2 * HOUR)
        watched_since(empty.state, source, NOW - DAY, NOW, 2 * HOUR)
    assert empty.check().findings == 0


def test_nothing_is_concluded_from_hours_that_were_not_crawled_yet(quiet: World) -> None:
    """Two days without a crawl are no fall and, when posts come back, no rise."""
    assert quiet.check(NOW + 2 * DAY).findings == 0
