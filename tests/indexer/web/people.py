"""A page with users: their names are their roles, and all have one password."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx

from indexer.datadir import DataDir
from indexer.people import passwords
from indexer.people.users import ROLES, Role
from indexer.settings import Web
from indexer.state import timestamp
from indexer.store.base import Store
from tests.indexer.web.conftest import HERE, served

PASSWORD = "a password for tests"


@cache
def stored() -> str:
    """The hash of the password; each takes a tenth of a second."""
    return passwords.hashed(PASSWORD)


@contextmanager
def peopled(store: Store, data: Path, web: Web = HERE, roles: Sequence[Role] = ROLES) -> Iterator[str]:
    """The address of the page, with a user of each role."""
    with DataDir(data).state() as state, state.transaction() as db:
        for role in roles:
            row = (role, role, stored(), timestamp(datetime.now(UTC)))
            db.execute("insert into user (name, role, password, added_at) values (?, ?, ?, ?)", row)
    with served(store, data=data, web=web) as url:
        yield url.rstrip("/")


@contextmanager
def logged_in(url: str, name: str, **words: str) -> Iterator[httpx.Client]:
    """A client with the session of that user."""
    with httpx.Client(base_url=url) as client:
        answer = client.post("/login", data={"name": name, "password": PASSWORD, **words})
        assert answer.status_code == 303, answer.text
        yield client
