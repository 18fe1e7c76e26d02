"""Who asks: set once for each request, read by whatever shows or records it."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from indexer.people.users import Role, reaches

HERE = "本机"
"""What somebody is called where the page opens without login."""


@dataclass(frozen=True)
class Visitor:
    """A user by their session, a program by its token, anybody where there are no users, or nobody known.

    `role` is None for nobody known; `address` is where the request came from.
    """

    name: str
    role: Role | None
    by: Literal["session", "token", "open", "nobody"]
    address: str

    def may(self, needed: Role) -> bool:
        return reaches(self.role, needed)


NOBODY = Visitor("", None, "nobody", "")
visiting: ContextVar[Visitor] = ContextVar("visiting", default=NOBODY)
"""Who asks for what is answered now."""
