"""Browsers that are logged in."""

from datetime import datetime, timedelta

from indexer.people.keys import SEEN_EVERY, kept, new_key
from indexer.people.users import User, Users
from indexer.state import State, timestamp

IDLE = timedelta(hours=12)
"""A session that nobody used for so long is over."""
LONGEST = timedelta(days=7)
"""After this one logs in again in any case."""


class Sessions:
    """Sessions in the state file."""

    def __init__(self, state: State) -> None:
        self._state, self._db = state, state.db

    def open(self, user: User, now: datetime, *, instead_of: str = "") -> str:
        """The key of a new session, for the cookie. The one that the browser had before ends."""
        key = new_key()
        with self._state.transaction() as db:
            over = (timestamp(now - LONGEST), timestamp(now - IDLE), kept(instead_of))
            db.execute("delete from session where opened_at < ? or seen_at < ? or token = ?", over)
            row = (kept(key), user.name, timestamp(now), timestamp(now))
            db.execute("insert into session (token, user, opened_at, seen_at) values (?, ?, ?, ?)", row)
        return key

    def user(self, key: str, now: datetime) -> User | None:
        """Whose session it is; None where it is over or was never opened."""
        sql = "select user, opened_at, seen_at from session where token = ?"
        row = self._db.execute(sql, (kept(key),)).fetchone()
        if row is None:
            return None
        seen = datetime.fromisoformat(row["seen_at"])
        if now - seen >= IDLE or now - datetime.fromisoformat(row["opened_at"]) >= LONGEST:
            return None
        if now - seen >= SEEN_EVERY:
            with self._state.transaction() as db:
                db.execute("update session set seen_at = ? where token = ?", (timestamp(now), kept(key)))
        return Users(self._state).get(row["user"])

    def close(self, key: str) -> None:
        with self._state.transaction() as db:
            db.execute("delete from session where token = ?", (kept(key),))
