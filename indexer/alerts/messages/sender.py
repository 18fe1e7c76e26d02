"""What passes between the outbox and those that send: a letter, an answer, and the one interface of all channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Channel = Literal["mail", "webhook"]


@dataclass(frozen=True)
class Letter:
    """A message ready to be sent to one recipient. `key` is the same for the same message and recipient.

    `address` is a mailbox, or the name of a webhook; `content` the MIME message, or the webhook's JSON.
    """

    key: str
    channel: Channel
    recipient: str
    address: str
    content: bytes
    not_before: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What came of one attempt: accepted, again later, or refused for good; `words` are the server's."""

    outcome: Literal["accepted", "later", "refused"]
    words: str = ""


class Unreachable(Exception):
    """The server as a whole can't be used now: everything that is due there waits. The message says why."""


class Sender(Protocol):
    """Sends letters of one channel, and may keep a connection from one to the next until it is closed."""

    per_minute: int
    """Most messages a minute: in all for mail, to each address for webhooks."""

    def send(self, address: str, content: bytes) -> Answer:
        """One attempt. Raises Unreachable."""

    def close(self) -> None: ...
