"""A clock that was years ahead and is set right."""

from datetime import timedelta

from indexer.alerts.messages.letters import senders
from indexer.alerts.messages.outbox import Outbox
from indexer.state import State
from tests.indexer.alerts.messages.conftest import NOW, alert, delivery, letters_of
from tests.indexer.alerts.messages.mailserver import MailServer

MINUTE = timedelta(minutes=1)


def test_a_clock_that_is_set_back_holds_nothing_up(server: MailServer, state: State) -> None:
    by = delivery(server, per_minute=2)
    wrong = NOW + timedelta(days=1500)
    outbox = Outbox(state)
    outbox.enqueue(letters_of(by, alert(1), alert(2), now=wrong), wrong)
    assert outbox.deliver(senders(by), wrong).accepted == 2
    server.at_rcpt = lambda address: "451 4.7.1 greylisted" if wrong else None
    outbox.enqueue(letters_of(by, alert(3), now=wrong), wrong)
    assert outbox.deliver(senders(by), wrong + 2 * MINUTE).later == 1
    server.at_rcpt = lambda address: None
    assert outbox.deliver(senders(by), NOW).accepted == 1
