"""The durable queue of messages: at least once, and never again once accepted, whatever is killed in between.

An attempt is written down as a failed one, with its next time, before it is made: a process killed on the way leaves
a row that is tried again later, with the same Message-ID. One process at a time delivers; a lock of the operating
system, which ends with the process, sees to it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from filelock import FileLock

from indexer.state import State

Channel = Literal["mail", "webhook"]

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP = timedelta(days=5)
"""A message that was not accepted for so long has failed."""
MOST_AT_ONCE = 500
"""Messages that one call delivers at most."""
KEEP_ANSWER = 300
"""Characters of a server's answer that are kept."""
INTERRUPTED = "interrupted: the process ended before the server had answered"


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


@dataclass(frozen=True)
class Delivered:
    """What one call of `deliver` did. `busy`: another process was at it."""

    accepted: int = 0
    later: int = 0
    failed: int = 0
    busy: bool = False


@dataclass(frozen=True)
class Failed:
    """A message that was refused or given up."""

    key: str
    recipient: str
    at: datetime
    answer: str


@dataclass(frozen=True)
class OutboxStatus:
    """What waits and since when, what was last said about it, and what failed (newest first, at most ten)."""

    waiting: int
    oldest: datetime | None
    last_answer: str
    sent: int
    failed: int
    failures: tuple[Failed, ...]


class Outbox:
    """The queue in the state file."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._lock = FileLock(state.path.with_name("outbox.lock"), mode=0o600)

    def enqueue(self, letters: Iterable[Letter], now: datetime) -> int:
        """Queue those that never were before; returns how many. Joins an open transaction."""
        raise NotImplementedError

    def deliver(self, senders: Mapping[Channel, Sender], now: datetime) -> Delivered:
        """Try everything that is due, as far as the rate limits allow; the senders are closed afterwards."""
        raise NotImplementedError

    def status(self) -> OutboxStatus:
        raise NotImplementedError


def wait_after(attempts: int, key: str) -> timedelta:
    """How long to wait after so many attempts: doubling from a minute to six hours, a fifth more or less by key."""
    plain = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    digest = hashlib.sha256(f"{key} {attempts}".encode()).digest()
    return plain * (0.8 + 0.4 * digest[0] / 255)
