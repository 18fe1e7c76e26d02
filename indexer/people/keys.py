"""What sessions and tokens have in common: a secret of 256 random bits, of which only the SHA-256 is kept."""

import hashlib
import secrets
from datetime import timedelta

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when something was last used: a write for each request would be too many."""


def new_key() -> str:
    return secrets.token_urlsafe(32)


def kept(key: str) -> str:
    """What is kept of a key. One round will do: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
