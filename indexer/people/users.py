"""The users of the web page, in the state file."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from indexer.people import passwords
from indexer.state import State, timestamp

Role = Literal["viewer", "analyst", "admin"]
"""viewer reads; analyst also handles documents, acknowledges alerts and exports; admin also sees the audit log."""
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do all that the ones before it may."""
_NAME = re.compile(r"[\w.@-]{1,60}")


class PeopleError(Exception):
    """What was asked can't be done to that user or token; the message says why."""


@dataclass(frozen=True)
class User:
    """Somebody who may log in."""

    name: str
    role: Role
    added_at: datetime


def reaches(role: Role | None, needed: Role) -> bool:
    """Whether a role may do what `needed` may; None is nobody's."""
    return role is not None and ROLES.index(role) >= ROLES.index(needed)


class Users:
    """Users in the state file. All that changes raises PeopleError where it can't."""

    def __init__(self, state: State) -> None:
        self._state, self._db = state, state.db

    def add(self, name: str, role: Role, password: str, now: datetime) -> None:
        name = checked_name(name)
        stored = _stored(password)
        with self._state.transaction() as db:
            if self.get(name):
                raise PeopleError(f"there is a user {name} already")
            row = (name, role, stored, timestamp(now))
            db.execute("insert into user (name, role, password, added_at) values (?, ?, ?, ?)", row)

    def remove(self, name: str) -> None:
        """With all sessions."""
        with self._state.transaction() as db:
            self._there(name)
            db.execute("delete from session where user = ?", (name,))
            db.execute("delete from user where name = ?", (name,))

    def set_role(self, name: str, role: Role) -> None:
        """Counts at once, for sessions that are open too."""
        with self._state.transaction() as db:
            self._there(name)
            db.execute("update user set role = ? where name = ?", (role, name))

    def set_password(self, name: str, password: str) -> None:
        """Ends all sessions."""
        stored = _stored(password)
        with self._state.transaction() as db:
            self._there(name)
            db.execute("delete from session where user = ?", (name,))
            db.execute("update user set password = ? where name = ?", (stored, name))

    def get(self, name: str) -> User | None:
        row = self._db.execute("select name, role, added_at from user where name = ?", (name,)).fetchone()
        return User(row["name"], row["role"], datetime.fromisoformat(row["added_at"])) if row else None

    def listed(self) -> list[User]:
        rows = self._db.execute("select name, role, added_at from user order by name")
        return [User(row["name"], row["role"], datetime.fromisoformat(row["added_at"])) for row in rows]

    def any(self) -> bool:
        return self._db.execute("select 1 from user limit 1").fetchone() is not None

    def with_password(self, name: str, password: str) -> User | None:
        """The user, if that is the password. Takes as long where there is no such user."""
        row = self._db.execute("select password from user where name = ?", (name,)).fetchone()
        stored = row["password"] if row else None
        if not passwords.matches(stored, password) or stored is None:
            return None
        if passwords.is_outdated(stored):
            with self._state.transaction() as db:
                change = (passwords.hashed(password), name, stored)
                db.execute("update user set password = ? where name = ? and password = ?", change)
        return self.get(name)

    def _there(self, name: str) -> None:
        if not self.get(name):
            raise PeopleError(f"there is no user {name}")


def checked_name(name: str) -> str:
    """A name that can be told from others at sight. Raises PeopleError."""
    name = unicodedata.normalize("NFKC", name)
    if not _NAME.fullmatch(name):
        raise PeopleError("a name is 1 to 60 letters, digits, . _ - or @")
    return name


def _stored(password: str) -> str:
    if reason := passwords.refusal(password):
        raise PeopleError(reason)
    return passwords.hashed(password)
