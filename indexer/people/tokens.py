"""Tokens by which programs use the API, each with a role of its own."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from indexer.people.keys import SEEN_EVERY, kept, new_key
from indexer.people.users import PeopleError, Role, checked_name
from indexer.state import State, timestamp

PREFIX = "dw_"
"""What tokens begin with, so that scanners for leaked secrets can find them."""


@dataclass(frozen=True)
class Token:
    """A token, without what the program has of it. `expires_at` None: never."""

    name: str
    role: Role
    added_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class Tokens:
    """Tokens in the state file."""

    def __init__(self, state: State) -> None:
        self._state, self._db = state, state.db

    def add(self, name: str, role: Role, now: datetime, expires_at: datetime | None = None) -> str:
        """The token, which is told this once. Raises PeopleError."""
        name = checked_name(name)
        key = PREFIX + new_key()
        with self._state.transaction() as db:
            if db.execute("select 1 from token where name = ?", (name,)).fetchone():
                raise PeopleError(f"there is a token {name} already")
            row = (name, role, kept(key), timestamp(now), timestamp(expires_at) if expires_at else None)
            db.execute("insert into token (name, role, token, added_at, expires_at) values (?, ?, ?, ?, ?)", row)
        return key

    def revoke(self, name: str) -> None:
        """Counts at once. Raises PeopleError."""
        with self._state.transaction() as db:
            if not db.execute("delete from token where name = ?", (name,)).rowcount:
                raise PeopleError(f"there is no token {name}")

    def listed(self) -> list[Token]:
        return [_token(row) for row in self._db.execute("select * from token order by name")]

    def presented(self, key: str, now: datetime) -> Token | None:
        """The token that a program shows; None where it is none, was revoked or has expired."""
        row = self._db.execute("select * from token where token = ?", (kept(key),)).fetchone()
        found = _token(row) if row else None
        if found is None or (found.expires_at and found.expires_at <= now):
            return None
        if found.used_at is None or now - found.used_at >= SEEN_EVERY:
            with self._state.transaction() as db:
                db.execute("update token set used_at = ? where name = ?", (timestamp(now), found.name))
        return found


def _token(row: sqlite3.Row) -> Token:
    expires, used = (datetime.fromisoformat(it) if it else None for it in (row["expires_at"], row["used_at"]))
    return Token(row["name"], row["role"], datetime.fromisoformat(row["added_at"]), expires, used)
