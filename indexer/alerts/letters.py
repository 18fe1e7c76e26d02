"""From a Notice to the letters that go into the outbox: one for each recipient, with what that one follows."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from indexer.alerts.delivery import Delivery
from indexer.alerts.message import Notice
from indexer.alerts.recipients import Recipient
from indexer.alerts.sender import Letter
from indexer.text.privacy import Masker


def letters(
    notice: Notice,
    recipients: Iterable[Recipient],
    delivery: Delivery,
    *,
    masker: Masker,
    key: bytes,
    zone: tzinfo,
    now: datetime,
) -> Iterator[Letter]:
    """The notice rendered for each of `recipients` (those of `who_gets`). `key` signs the links to unsubscribe."""
    raise NotImplementedError
