"""A page with users: their names are their roles, and all have one password."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from indexer.datadir import DataDir
from indexer.people.users import ROLES, Role, Users
from indexer.settings import Web
from indexer.store.base import Store
from tests.indexer.web.conftest import HERE, served

PASSWORD = "a password for tests"


@contextmanager
def peopled(store: Store, data: Path, web: Web = HERE, roles: Sequence[Role] = ROLES) -> Iterator[str]:
    """The address of the page, with a user of each role."""
    with DataDir(data).state() as state:
        for role in roles:
            Users(state).add(role, role, PASSWORD, datetime.now(UTC))
    with served(store, data=data, web=web) as url:
        yield url.rstrip("/")


@contextmanager
def logged_in(url: str, name: str, **words: str) -> Iterator[httpx.Client]:
    """A client with the session of that user."""
    with httpx.Client(base_url=url) as client:
        answer = client.post("/login", data={"name": name, "password": PASSWORD, **words})
        assert answer.status_code == 303, answer.text
        yield client
