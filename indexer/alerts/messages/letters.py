"""From a Notice to letters for the outbox, one for each recipient; and who carries them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import cast

from indexer.alerts.messages.chat import body
from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.gate import gated
from indexer.alerts.messages.mail import Mailer
from indexer.alerts.messages.notice import DIGESTS, Notice
from indexer.alerts.messages.recipients import Period, Recipient, held_until, narrowed
from indexer.alerts.messages.sender import Channel, Letter, Sender
from indexer.alerts.messages.smtp import Smtp
from indexer.alerts.messages.unsubscribe import unsubscribe_url
from indexer.alerts.messages.webhooks import Webhooks
from indexer.text.privacy import Masker


class Letters:
    """Makes letters. `key` signs the links that unsubscribe; days begin and times are shown in `zone`."""

    def __init__(self, delivery: Delivery, masker: Masker, key: bytes, zone: tzinfo) -> None:
        self._delivery = delivery
        self._masker = masker
        self._key = key
        self._zone = zone
        self._mailer = Mailer(delivery.mail, zone) if delivery.mail else None

    def to(self, recipients: Iterable[Recipient], notice: Notice, now: datetime) -> Iterator[Letter]:
        """The notice for each of `recipients` (those of `who_gets`), with what that one follows, masked once more."""
        for recipient in recipients:
            held = held_until(notice, recipient, now, self._zone)
            content = self._content(gated(narrowed(notice, recipient), self._masker), recipient, now)
            channel: Channel = "mail" if recipient.mail else "webhook"
            address = recipient.mail or recipient.webhook or ""
            yield Letter(f"{notice.key}/{recipient.name}", channel, recipient.name, address, content, held)

    def _content(self, notice: Notice, recipient: Recipient, now: datetime) -> bytes:
        if recipient.webhook:
            return body(notice, self._delivery.webhooks[recipient.webhook].platform, self._zone)
        if self._mailer is None:
            raise ValueError(f"{recipient.name} has a mailbox, but there is no section mail")
        link = ""
        if notice.kind in DIGESTS:
            link = unsubscribe_url(self._delivery.base_url, self._key, recipient.name, cast(Period, notice.kind))
        return self._mailer.render(notice, recipient, now, unsubscribe=link).as_bytes()


def senders(delivery: Delivery) -> dict[Channel, Sender]:
    """Those that carry letters, for `Outbox.deliver`."""
    carriers: dict[Channel, Sender] = {"webhook": Webhooks(delivery.webhooks)}
    if delivery.mail:
        carriers["mail"] = Smtp(delivery.mail)
    return carriers
