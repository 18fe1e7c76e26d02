"""Ends a digest by the link in its mail, without a login: the link is signed, and works for its digest only."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

from indexer.alerts.messages.recipients import Period
from indexer.state import State, timestamp

PATH = "/alerts/unsubscribe"


def unsubscribe_url(base_url: str, key: bytes, recipient: str, digest: Period) -> str:
    """The link; empty without an address of the web page."""
    query = urlencode({"recipient": recipient, "digest": digest, "token": _token(key, recipient, digest)})
    return f"{base_url}{PATH}?{query}" if base_url else ""


def is_signed(key: bytes, recipient: str, digest: str, token: str) -> bool:
    """Whether the token is the one of a link that was mailed."""
    return hmac.compare_digest(_token(key, recipient, digest).encode(), token.encode("utf-8", "replace"))


def decline(state: State, recipient: str, digest: Period, now: datetime) -> None:
    """From now on the recipient gets that digest no more."""
    with state.transaction() as db:
        db.execute(
            "insert into unsubscribed (recipient, digest, at) values (?, ?, ?) on conflict do nothing",
            (recipient, digest, timestamp(now)),
        )


def declined(state: State) -> frozenset[tuple[str, str]]:
    """Names and digests that were unsubscribed, for `who_gets`."""
    return frozenset((name, digest) for name, digest in state.db.execute("select recipient, digest from unsubscribed"))


def _token(key: bytes, recipient: str, digest: str) -> str:
    return hmac.new(key, f"unsubscribe\0{recipient}\0{digest}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
