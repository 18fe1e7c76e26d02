"""A saved search for which a number was set is an alert once it holds so many stories."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.alerts.alert import Alerts
from indexer.alerts.messages.outbox import Outbox
from indexer.saved import SavedSearch, SavedSearches
from indexer.state import State
from indexer.store import open_store
from indexer.store.base import Store
from tests.indexer.alerts import world
from tests.indexer.alerts.world import NOW, ordinary, storm


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Store, State]]:
    """A month of ordinary complaints and today's storm of twelve, which no rule looks at."""
    store = open_store("embedded", tmp_path / "index", writable=True)
    store.put([*ordinary(30, a_day=1.0), *storm(12)])
    with State(tmp_path) as state:
        yield store, state
    store.close()


def kept(state: State, at_least: int | None, q: str = "通讯录里") -> None:
    SavedSearches(state).keep(SavedSearch("通讯录", q, {"lender": ("招联消费金融",)}, at_least), NOW)


def test_it_is_told_once_with_its_ordinary(place: tuple[Store, State]) -> None:
    store, state = place
    kept(state, 12)
    watch = world.watch(store, state, rules=())
    assert watch.check(NOW).opened == 1
    assert watch.check(NOW + timedelta(minutes=5)).opened == 0
    (alert,) = Alerts(state).live()
    assert alert.facts.headline.startswith("搜索 通讯录 1")
    assert alert.facts.measure
    assert alert.facts.measure.observed >= 12
    assert alert.facts.measure.expected < 1
    assert len(alert.facts.quotes) == 3
    assert Outbox(state).status().waiting == 1


@pytest.mark.parametrize(("at_least", "q"), [(None, "通讯录里"), (40, "通讯录里"), (1, "查无此词"), (1, '"')])
def test_fewer_or_none_asked_for_is_silent(place: tuple[Store, State], at_least: int | None, q: str) -> None:
    store, state = place
    kept(state, at_least, q)
    assert world.watch(store, state, rules=()).check(NOW).findings == 0
