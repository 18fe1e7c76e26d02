"""Hashes of passwords: argon2id with the parameters that argon2-cffi recommends (RFC 9106, low memory)."""

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST, LONGEST = 12, 200
"""Characters."""
_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)
"""Each takes 64 MB and a core: a crowd of logins waits."""


def refusal(password: str) -> str:
    """Why a new password won't do, empty where it does."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"a password has {SHORTEST} to {LONGEST} characters"
    if len(set(password)) < 5:
        return "a password has at least five different characters"
    return ""


def hashed(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; None stands for nobody's, which takes as long and matches nothing."""
    nobody = _nobody()
    with _AT_ONCE:
        try:
            return _HASHER.verify(nobody if stored is None else stored, _normal(password[:LONGEST]))
        except VerificationError:
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than are used now."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """The same characters by whatever keyboard (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password)
