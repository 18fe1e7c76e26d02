"""How often one may try to log in: by account and by address, with pauses that double."""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from indexer.state import State, timestamp

FREE = {"account": 5, "address": 20}
"""Failures without a pause; many people may share an address."""
FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=5)
"""Pause after the first failure beyond those, and the longest: somebody else's failures lock nobody out for long."""
FORGOTTEN = timedelta(days=1)


class Attempts:
    """Attempts in the state file, so that neither a restart nor a second process forgets them."""

    def __init__(self, state: State) -> None:
        self._state = state

    def begin(self, account: str, address: str, now: datetime) -> timedelta:
        """Nothing: the attempt may be made, and counts as failed until `succeeded`. Else the pause that is left."""
        with self._state.transaction() as db:
            db.execute("delete from attempt where last_at < ?", (timestamp(now - FORGOTTEN),))
            keys = _keys(account, address)
            if left := max(self._left(kind, key, now) for kind, key in keys):
                return left
            for _, key in keys:
                db.execute(
                    "insert into attempt (what, failures, last_at) values (?, 1, ?)"
                    " on conflict do update set failures = failures + 1, last_at = excluded.last_at",
                    (key, timestamp(now)),
                )
        return timedelta()

    def succeeded(self, account: str, address: str) -> None:
        """The account's failures are forgotten; of the address's only this attempt, or one account would free it."""
        (_, mine), (_, shared) = _keys(account, address)
        with self._state.transaction() as db:
            db.execute("delete from attempt where what = ?", (mine,))
            db.execute("update attempt set failures = failures - 1 where what = ?", (shared,))

    def _left(self, kind: str, key: str, now: datetime) -> timedelta:
        row = self._state.db.execute("select failures, last_at from attempt where what = ?", (key,)).fetchone()
        if row is None:
            return timedelta()
        until = datetime.fromisoformat(row["last_at"]) + pause(row["failures"] - FREE[kind])
        return max(until - now, timedelta())


def pause(beyond: int) -> timedelta:
    """The pause after so many failures beyond the free ones."""
    return min(FIRST * 2 ** min(beyond, 20), LONGEST) if beyond >= 0 else timedelta()


def _keys(account: str, address: str) -> list[tuple[str, str]]:
    # Hashed, as some type their password into the field of the name.
    named = hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()
    return [("account", f"account:{named}"), ("address", f"address:{_network(address)}")]


def _network(address: str) -> str:
    """One IPv6 customer has a whole /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
