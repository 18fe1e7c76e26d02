"""Mail goes by STARTTLS or TLS, verified, with a password; where that can't be had it waits and says why."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from indexer.alerts.messages.delivery import Mail
from indexer.alerts.messages.letters import senders
from indexer.alerts.messages.outbox import Outbox
from indexer.alerts.messages.smtp import PASSWORD as VARIABLE
from indexer.state import State
from tests.indexer.alerts.messages.conftest import NOW, alert, delivery, letters_of
from tests.indexer.alerts.messages.mailserver import PASSWORD, MailServer

# aiosmtpd's, which takes only STARTTLS for TLS
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_message_arrives_encrypted(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch, encryption: str
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with MailServer(tmp_path, encryption) as server:
        by = delivery(server, "first", "second", "third")
        outbox = Outbox(state)
        assert outbox.enqueue(letters_of(by, alert()), NOW) == 3
        assert outbox.deliver(senders(by), NOW).accepted == 3
    assert [it.recipients for it in server.received] == [
        (f"{name}@example.com",) for name in ("first", "second", "third")
    ]
    assert all(it.encrypted and it.sender == "dunwatch@example.com" for it in server.received)
    assert "second" not in server.received[0].message.as_string()
    # One connection: a greeting before STARTTLS and one after it, or one over TLS.
    assert server.connections == (2 if encryption == "starttls" else 1)


@pytest.mark.parametrize(
    ("encryption", "mail", "password", "why"),
    [
        ("starttls", {"ca_file": None}, PASSWORD, "certificate verify failed"),
        ("tls", {"ca_file": None}, PASSWORD, "certificate verify failed"),
        ("starttls", {"host": "127.0.0.1"}, PASSWORD, "certificate verify failed"),
        ("none", {"security": "starttls"}, PASSWORD, "STARTTLS extension not supported"),
        ("starttls", {}, "wrong", "535"),
        ("starttls", {}, "口令", "must be ASCII"),
        ("starttls", {"port": 1}, PASSWORD, "refused"),
        ("starttls", {"ca_file": "nowhere.pem"}, PASSWORD, "No such file"),
    ],
)
def test_without_it_nothing_is_sent_and_the_reason_is_told(
    tmp_path: Path,
    state: State,
    monkeypatch: pytest.MonkeyPatch,
    encryption: str,
    mail: dict[str, object],
    password: str,
    why: str,
) -> None:
    monkeypatch.setenv(VARIABLE, password)
    with MailServer(tmp_path, encryption, auth=encryption != "none") as server:
        by = delivery(server, "first", "second", **mail)
        outbox = Outbox(state)
        outbox.enqueue(letters_of(by, alert()), NOW)
        assert outbox.deliver(senders(by), NOW).later == 2
    assert not server.received
    assert why in outbox.status().last_answer
    assert outbox.status().waiting == 2


def test_plain_connections_are_for_this_machine_only() -> None:
    said = {"sender": "dunwatch@example.com", "security": "none"}
    assert Mail.model_validate({**said, "host": "127.0.0.1"})
    for words in ({"host": "smtp.example.com"}, {"host": "localhost", "user": "dunwatch"}):
        with pytest.raises(ValidationError, match="on this machine, without a user"):
            Mail.model_validate({**said, **words})
