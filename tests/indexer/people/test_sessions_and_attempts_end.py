"""Sessions end by themselves, and attempts to guess a password are paused longer and longer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.people import attempts, sessions
from indexer.people.attempts import FREE, Attempts
from indexer.people.sessions import Sessions
from indexer.people.tokens import Tokens
from indexer.people.users import User, Users
from indexer.state import State

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path) as opened:
        yield opened


@pytest.fixture
def user(state: State) -> User:
    Users(state).add("王芳", "analyst", "a long password", NOW)
    found = Users(state).get("王芳")
    assert found
    return found


def test_a_session_that_nobody_uses_ends(state: State, user: User) -> None:
    table = Sessions(state)
    key = table.open(user, NOW)
    assert table.user(key, NOW + sessions.IDLE - SECOND) == user, "and from here it goes on"
    assert table.user(key, NOW + 2 * sessions.IDLE - 2 * SECOND) == user
    assert table.user(key, NOW + 4 * sessions.IDLE) is None


def test_a_session_ends_even_if_it_is_used(state: State, user: User) -> None:
    table = Sessions(state)
    key, at = table.open(user, NOW), NOW
    while (at := at + timedelta(hours=6)) < NOW + sessions.LONGEST:
        assert table.user(key, at) == user
    assert table.user(key, at) is None


def test_a_role_counts_at_once_and_another_password_ends_sessions(state: State, user: User) -> None:
    table = Sessions(state)
    key = table.open(user, NOW)
    Users(state).set_role(user.name, "viewer")
    found = table.user(key, NOW)
    assert found
    assert found.role == "viewer"
    Users(state).set_password(user.name, "another password")
    assert table.user(key, NOW) is None
    key = table.open(user, NOW)
    Users(state).remove(user.name)
    assert table.user(key, NOW) is None


def test_a_login_ends_the_session_that_the_browser_had(state: State, user: User) -> None:
    table = Sessions(state)
    first = table.open(user, NOW)
    second = table.open(user, NOW, instead_of=first)
    assert table.user(first, NOW) is None
    assert table.user(second, NOW) == user


def test_a_token_ends_on_its_day(state: State) -> None:
    key = Tokens(state).add("reports", "viewer", NOW, NOW + timedelta(days=30))
    assert Tokens(state).presented(key, NOW + timedelta(days=30) - SECOND)
    assert Tokens(state).presented(key, NOW + timedelta(days=30)) is None
    assert Tokens(state).presented(key + "x", NOW) is None


def test_guessing_at_an_account_gets_slower_from_whatever_address(state: State) -> None:
    table, at, waited = Attempts(state), NOW, []
    for number in range(30):
        while left := table.begin("王芳", f"192.0.2.{number}", at):
            waited.append(left)
            at += left
    assert waited[:3] == [attempts.FIRST, 2 * attempts.FIRST, 4 * attempts.FIRST]
    assert waited[-1] == attempts.LONGEST
    assert len(waited) == 30 - FREE["account"]


def test_guessing_from_an_address_gets_slower_for_whatever_account(state: State) -> None:
    table = Attempts(state)
    for number in range(FREE["address"]):
        assert not table.begin(f"user{number}", f"2001:db8::{number:x}", NOW), "a network of one customer"
    assert table.begin("another", "2001:db8::ffff", NOW) == attempts.FIRST
    assert not table.begin("another", "2001:db8:0:1::1", NOW)


def test_a_login_that_succeeds_frees_the_account_and_not_the_address(state: State) -> None:
    table = Attempts(state)
    for number in range(FREE["address"] - 1):
        table.begin(f"user{number}", "192.0.2.1", NOW)
    assert not table.begin("mine", "192.0.2.1", NOW)
    table.succeeded("mine", "192.0.2.1")
    assert not table.begin("mine", "192.0.2.1", NOW)
    assert table.begin("mine", "192.0.2.1", NOW)
    assert not table.begin("mine", "192.0.2.1", NOW + attempts.FORGOTTEN + SECOND)
