"""The outbox: at least once, never again once accepted, whatever the server does and whoever is killed."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from indexer import console
from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import senders
from indexer.alerts.messages.outbox import GIVE_UP, LONGEST_WAIT, Delivered, Outbox, wait_after
from indexer.alerts.messages.smtp import PASSWORD as VARIABLE
from indexer.health import health, rejections
from indexer.state import State
from tests.cli import ROOT
from tests.indexer.alerts.messages.conftest import NOW, ZONE, alert, delivery, letters_of
from tests.indexer.alerts.messages.mailserver import MailServer

MINUTE = timedelta(minutes=1)
SOON = NOW + 2 * MINUTE


def queued(state: State, by: Delivery, *numbers: int) -> Outbox:
    outbox = Outbox(state)
    outbox.enqueue(letters_of(by, *(alert(number) for number in numbers or (1,))), NOW)
    return outbox


def test_the_same_message_is_queued_once(server: MailServer, state: State) -> None:
    by = delivery(server, "first", "second")
    outbox = queued(state, by)
    assert outbox.enqueue(letters_of(by, alert(), now=SOON), SOON) == 0
    assert outbox.enqueue(letters_of(by, alert(kind="grew"), alert(kind="grew", number=2), now=SOON), SOON) == 4
    assert outbox.deliver(senders(by), SOON).accepted == 6
    assert outbox.enqueue(letters_of(by, alert(), now=SOON), SOON) == 0
    assert outbox.deliver(senders(by), SOON + GIVE_UP) == Delivered()


def test_message_and_what_it_tells_are_committed_together_or_not_at_all(server: MailServer, state: State) -> None:
    by = delivery(server)
    outbox = Outbox(state)
    with pytest.raises(ZeroDivisionError), state.transaction():
        assert outbox.enqueue(letters_of(by, alert()), NOW) == 1
        raise ZeroDivisionError
    assert outbox.status().waiting == 0
    assert outbox.enqueue(letters_of(by, alert()), NOW) == 1


def test_a_greylisted_message_is_tried_again_later(server: MailServer, state: State) -> None:
    by = delivery(server, "first", "second")
    outbox = queued(state, by)
    server.at_rcpt = lambda address: "451 4.7.1 greylisted" if server.tried.count(address) < 2 else None
    assert outbox.deliver(senders(by), NOW) == Delivered(later=2)
    assert outbox.status().last_answer == "451 4.7.1 greylisted"
    assert outbox.deliver(senders(by), NOW + timedelta(seconds=40)) == Delivered()
    assert outbox.deliver(senders(by), SOON) == Delivered(accepted=2)
    assert outbox.deliver(senders(by), SOON + GIVE_UP) == Delivered()


def test_who_is_refused_fails_alone_with_the_servers_words(server: MailServer, state: State) -> None:
    by = delivery(server, "first", "gone", "spam", "last")
    outbox = queued(state, by)
    server.at_rcpt = lambda address: "550 5.1.1 no such user 没有这个人" if address.startswith("gone") else None
    server.at_data = lambda address: "554 5.7.1 looks like spam" if address.startswith("spam") else None
    assert outbox.deliver(senders(by), NOW) == Delivered(accepted=2, failed=2)
    assert {(it.recipient, it.answer) for it in outbox.status().failures} == {
        ("gone", "550 5.1.1 no such user 没有这个人"),
        ("spam", "554 5.7.1 looks like spam"),
    }
    assert {it.source for it in rejections(state, 10)} == {"gone", "spam"}
    assert outbox.deliver(senders(by), NOW + GIVE_UP) == Delivered()


def test_a_connection_dropped_in_the_middle_of_data_loses_nothing(server: MailServer, state: State) -> None:
    by = delivery(server, "first", "second", "third")
    outbox = queued(state, by)
    server.drop = 1
    assert outbox.deliver(senders(by), NOW) == Delivered(accepted=2, later=1)
    assert outbox.deliver(senders(by), SOON) == Delivered(accepted=1)
    assert Counter(it.recipients for it in server.received) == {
        (f"{name}@example.com",): 1 for name in ("first", "second", "third")
    }


def test_while_the_server_is_down_all_wait_and_none_is_hurried(tmp_path: Path, state: State) -> None:
    server = MailServer(tmp_path, "none", auth=False)
    by = delivery(server, *(f"r{number}" for number in range(5)))
    outbox = queued(state, by)
    now, rounds = NOW, 0
    while now < NOW + timedelta(days=4):
        done = outbox.deliver(senders(by), now)
        assert done.accepted == done.failed == 0
        rounds += bool(done.later)
        now += timedelta(minutes=30)
    assert outbox.status().waiting == 5
    assert outbox.status().oldest == NOW
    assert rounds < 5 * 40
    with server:
        assert outbox.deliver(senders(by), now + LONGEST_WAIT * 1.2).accepted == 5
    assert [len(server.to(f"r{number}@example.com")) for number in range(5)] == [1] * 5


def test_a_server_that_lets_nobody_in_is_asked_once_a_round(
    server: MailServer, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    by = delivery(server, *(f"r{number}" for number in range(5)))
    outbox = queued(state, by)
    assert outbox.deliver(senders(by), NOW) == Delivered(later=5)
    assert server.connections == 2  # one greeting before STARTTLS and one after it
    assert outbox.deliver(senders(by), NOW + timedelta(seconds=30)) == Delivered()


def test_after_five_days_a_message_is_given_up_and_told(server: MailServer, state: State) -> None:
    by = delivery(server)
    outbox = queued(state, by)
    server.at_rcpt = lambda address: "450 try again"
    now = NOW
    while outbox.status().waiting:
        outbox.deliver(senders(by), now)
        now += LONGEST_WAIT
    assert GIVE_UP <= now - NOW < GIVE_UP + timedelta(days=1)
    (failed,) = outbox.status().failures
    assert failed.answer == "450 try again"
    (told,) = rejections(state, 10)
    assert (told.stage, told.reason) == ("outbox", "given up after 5 days: 450 try again")


def test_status_tells_what_waits_and_what_failed(server: MailServer, state: State) -> None:
    by = delivery(server, "team", "gone", "late")
    outbox = queued(state, by)
    server.at_rcpt = lambda address: {"g": "550 no such user", "l": "451 \x1b[31mgreylisted"}.get(address[0])
    outbox.deliver(senders(by), NOW)
    lines = console.status(health(state), 0, ZONE, as_json=False).splitlines()
    assert "messages wait since 2026-11-09 14:12: 451  [31mgreylisted" in lines
    assert "not sent to gone: 550 no such user" in lines
    told = json.loads(console.status(health(state), 0, ZONE, as_json=True))["outbox"]
    assert (told["waiting"], told["sent"], told["failed"]) == (1, 1, 1)


def test_what_is_no_longer_configured_waits_and_says_so(server: MailServer, state: State) -> None:
    outbox = queued(state, delivery(server))
    assert outbox.deliver(senders(Delivery()), NOW) == Delivered(later=1)
    assert "config/alerts.yaml" in outbox.status().last_answer


def test_no_more_a_minute_than_agreed(server: MailServer, state: State) -> None:
    by = delivery(server, per_minute=3)
    outbox = queued(state, by, *range(1, 9))
    times = (NOW, NOW + timedelta(seconds=59), NOW + MINUTE, NOW + 2 * MINUTE)
    assert [outbox.deliver(senders(by), now).accepted for now in times] == [3, 0, 3, 2]


def test_waits_grow_from_a_minute_to_hours_and_differ() -> None:
    waits = [wait_after(attempts, "alert-1/opened/1/team") for attempts in range(1, 30)]
    assert waits[0] < 1.3 * MINUTE
    assert all(later > 1.3 * sooner for sooner, later in pairwise(waits[:9]))
    assert max(waits) < 1.3 * LONGEST_WAIT
    assert len({wait_after(3, f"alert-{number}") for number in range(50)}) > 20


@pytest.fixture
def config(tmp_path: Path, server: MailServer) -> Callable[..., Delivery]:
    """Writes alerts.yaml for recipients of those names, for a process of its own."""

    def write(*names: str, **mail: object) -> Delivery:
        by = delivery(server, *names, **mail)
        # YAML takes JSON.
        (tmp_path / "alerts.yaml").write_text(
            json.dumps(by.model_dump(mode="json", exclude_none=True)), encoding="utf-8"
        )
        return by

    return write


def process(folder: Path, now: object = NOW) -> subprocess.Popen[str]:
    words = [str(folder), str(folder / "data"), str(now)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.indexer.alerts.messages.deliver", *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


def test_killed_before_the_server_has_answered_it_is_sent_again_and_what_was_accepted_is_not(
    tmp_path: Path, server: MailServer, state: State, config: Callable[..., Delivery]
) -> None:
    by = config("first", "second", "third")
    outbox = queued(state, by)
    children: list[subprocess.Popen[str]] = []

    def kill(address: str) -> None:
        if address.startswith("second") and server.tried.count(address) == 1:
            children[0].send_signal(signal.SIGKILL)
            children[0].wait()

    server.at_rcpt = kill
    children.append(process(tmp_path))
    assert children[0].wait() == -signal.SIGKILL
    assert [it.recipients for it in server.received] == [("first@example.com",)]
    assert outbox.status().waiting == 2
    # The two that wait: the interrupted one after its back-off, the untouched one at once.
    assert outbox.deliver(senders(by), NOW) == Delivered(accepted=1)
    assert outbox.deliver(senders(by), SOON) == Delivered(accepted=1)
    assert Counter(it.recipients for it in server.received) == {
        (f"{name}@example.com",): 1 for name in ("first", "second", "third")
    }


def test_killed_between_acceptance_and_writing_it_down_it_comes_again_with_the_same_id(
    tmp_path: Path, server: MailServer, state: State, config: Callable[..., Delivery]
) -> None:
    by = config("team")
    outbox = queued(state, by)
    children: list[subprocess.Popen[str]] = []

    def take_and_kill(address: str) -> None:
        if len(server.received) == 0:
            children[0].send_signal(signal.SIGKILL)
            children[0].wait()

    server.at_data = take_and_kill
    children.append(process(tmp_path))
    assert children[0].wait() == -signal.SIGKILL
    assert outbox.deliver(senders(by), SOON) == Delivered(accepted=1)
    first, second = server.to("team@example.com")
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    assert outbox.deliver(senders(by), SOON + GIVE_UP) == Delivered()


def test_processes_that_deliver_at_once_send_nothing_twice(
    tmp_path: Path, server: MailServer, state: State, config: Callable[..., Delivery]
) -> None:
    names = [f"r{number}" for number in range(20)]
    queued(state, config(*names, per_minute=1000))
    children = [process(tmp_path) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    said = [child.communicate()[0] for child in children]
    assert any("accepted=20" in it for it in said), said
    assert Counter(it.recipients[0] for it in server.received) == {f"{name}@example.com": 1 for name in names}
