"""The command that sends a sample alert over the real path and says what the server answered."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import Letters, senders
from indexer.alerts.messages.outbox import Outbox
from indexer.alerts.messages.recipients import Recipient
from indexer.alerts.messages.sample import sample
from indexer.commands import Failure, Place, WrongUse, command
from indexer.console import clean


@command
@click.option("--to", "names", multiple=True, help="Name of a recipient, or any mailbox; several: each of them.")
def test_mail(place: Place, names: tuple[str, ...]) -> None:
    """Send a sample alert to every recipient, or to those of --to, and say what the servers answered."""
    delivery = Delivery.load(place.config)
    recipients = list(_wanted(delivery, names))
    key, now = place.data.key(), datetime.now(UTC)
    masker = place.masker(key)
    notice = sample(now, delivery.base_url)
    letters = list(Letters(delivery, masker, key, place.settings.zone).to(recipients, notice, now))
    with place.data.state() as state:
        outbox = Outbox(state)
        outbox.enqueue(letters, now)
        if outbox.deliver(senders(delivery), now, only=[letter.key for letter in letters]).busy:
            raise Failure("another process is sending just now: try again in a moment")
        failed = 0
        for letter in letters:
            progress = outbox.progress(letter.key)
            assert progress
            sent = progress.status == "sent"
            failed += not sent
            said = progress.answer or "not tried: as many messages as agreed went out in this minute"
            click.echo(f"{'✓' if sent else '✗'} {letter.recipient} <{letter.address}>: {clean(said)}")
            outbox.withdraw(letter.key)
    if failed:
        raise Failure(f"{failed} of {len(letters)} did not arrive")


def _wanted(delivery: Delivery, names: tuple[str, ...]) -> Iterator[Recipient]:
    """Recipients of those names; a mailbox that is none's gets a name of its own. All without names."""
    if not names and not delivery.recipients:
        raise WrongUse("config/alerts.yaml has no recipients: give a mailbox by --to")
    known = {recipient.name: recipient for recipient in delivery.recipients}
    for name in names or known:
        if name in known:
            yield known[name]
        elif "@" in name and delivery.mail:
            try:
                yield Recipient(name=name, mail=name)
            except ValueError:
                raise WrongUse(f"--to {name}: no mailbox") from None
        else:
            raise WrongUse(f"--to {name}: no recipient of that name and no mailbox, or no section mail")
