"""Who may do what: the one table of it. What no rule names, viewers may read and analysts may change."""

import re
from dataclasses import dataclass
from re import Pattern

from starlette.requests import Request

from indexer.people.users import Role

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Rule:
    """For addresses that match whole: who may read, who may change (None: everybody), and what is recorded of each.

    `seen` and `changed` are keys of indexer.people.audit.ACTIONS; nothing is recorded where they are empty.
    """

    path: Pattern[str]
    read: Role | None
    change: Role | None
    seen: str = ""
    changed: str = ""


def _rule(path: str, read: Role | None, change: Role | None, seen: str = "", changed: str = "") -> Rule:
    return Rule(re.compile(path, re.DOTALL), read, change, seen, changed)


RULES = (
    _rule(r"/(static/.*|healthz|api/docs|api/openapi\.json)", None, None),
    # These record themselves who it was, or tried to be.
    _rule(r"/log(in|out)", None, None),
    # Links of messages: signed, each for one thing, and used by people without an account.
    _rule(r"/ack/[^/]+", None, None, changed="acknowledge"),
    _rule(r"/alerts/unsubscribe", None, None, changed="change"),
    _rule(r"/alerts/\d+/ack", "viewer", "analyst", changed="acknowledge"),
    # Evidence is not masked: asking for it is a click, and the click is recorded.
    _rule(r"/documents/[^/]+/evidence", "viewer", "viewer", changed="evidence"),
    _rule(r"/handling|(/api)?/documents/[^/]+/handling", "viewer", "analyst", changed="handling"),
    _rule(r"/export\..*", "analyst", "analyst", seen="export"),
    # What a program reads page by page is as good as an export.
    _rule(r"/api/(search|documents/[^/]+)", "viewer", "analyst", seen="api", changed="change"),
    _rule(r"/report", "viewer", "analyst", seen="report"),
    _rule(r"/account", "viewer", "viewer", changed="user"),
    _rule(r"/audit(/.*)?", "admin", "admin", changed="change"),
    _rule(r".*", "viewer", "analyst", changed="change"),
)


def rule(path: str) -> Rule:
    """The first that matches."""
    return next(it for it in RULES if it.path.fullmatch(path))


def path(request: Request) -> str:
    """The path that routing goes by, whatever the Host header makes of the address."""
    return str(request.scope["path"])


def is_own_file(path: str) -> bool:
    """Whether the address is one of our own files, the same for everybody: nobody has to be known for it."""
    return path.startswith("/static/")


def is_for_programs(path: str) -> bool:
    """Whether the address is one that programs ask: what it answers is no page."""
    return path in ("/healthz", "/metrics") or (path.startswith("/api/") and path != "/api/docs")
