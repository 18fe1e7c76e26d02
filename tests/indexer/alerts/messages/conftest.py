"""What tests of messages share: a server, a state, a clock that stands still, and letters."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import Letters
from indexer.alerts.messages.notice import Notice
from indexer.alerts.messages.recipients import who_gets
from indexer.alerts.messages.sample import sample
from indexer.alerts.messages.sender import Letter
from indexer.alerts.messages.smtp import PASSWORD as VARIABLE
from indexer.state import State
from indexer.text.privacy import Masker
from tests.indexer.alerts.messages.mailserver import PASSWORD, MailServer

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 9, 14, 12, tzinfo=ZONE)
KEY = b"key of the tests"
VIEW = "https://dunwatch.example.com/alerts/17"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server with STARTTLS and a password."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with MailServer(tmp_path) as server:
        yield server


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "data") as state:
        yield state


def alert(which: int = 1, /, **fields: object) -> Notice:
    """An alert on an invented lender; `fields` replace what the sample has."""
    usual = {"id": f"alert-{which}", "kind": "opened", "summary": ""}
    return sample(NOW, VIEW).model_copy(update={**usual, **fields})


def letters_of(delivery: Delivery, *notices: Notice, now: datetime = NOW) -> list[Letter]:
    """Each notice for each recipient of the delivery that wants it."""
    letters = Letters(delivery, Masker(KEY), KEY, ZONE)
    return [letter for notice in notices for letter in letters.to(who_gets(notice, delivery.recipients), notice, now)]


def delivery(server: MailServer, *names: str, **mail: object) -> Delivery:
    """Delivery by that server to recipients of those names, each at its own mailbox."""
    recipients = [{"name": name, "mail": f"{name}@example.com"} for name in names or ("team",)]
    return Delivery.model_validate({"mail": server.config(**mail), "recipients": recipients})
