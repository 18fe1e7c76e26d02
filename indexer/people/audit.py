"""The record of who saw evidence, changed what, exported what and logged in."""

import getpass
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.state import State, timestamp

ACTIONS: Mapping[str, str] = {
    "login": "登录",
    "login-refused": "登录被拒",
    "logout": "退出",
    "evidence": "查看存证",
    "export": "导出",
    "report": "查看报告",
    "api": "接口读取",
    "handling": "处理",
    "acknowledge": "确认预警",
    "change": "更改",
    "refused": "越权被拒",
    "user": "用户",
    "token": "令牌",
}
"""What is recorded, and what it is called on the page."""
MOST = 500
"""Characters of a target or detail that are kept."""
COMMAND_LINE = "cli"


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did. `who` and `role` are empty where nobody was logged in."""

    at: datetime
    who: str
    role: str
    address: str
    action: str
    target: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Kept:
    """An entry with its number."""

    seq: int
    entry: Entry


def record(state: State, entry: Entry) -> None:
    """Add an entry; inside a transaction, together with what it tells of."""
    with state.transaction() as db:
        db.execute(
            "insert into audit (at, who, role, address, action, target, detail) values (?, ?, ?, ?, ?, ?, ?)",
            (
                timestamp(entry.at),
                entry.who,
                entry.role,
                entry.address,
                entry.action,
                entry.target[:MOST],
                entry.detail[:MOST],
            ),
        )


def record_command(state: State, action: str, target: str, detail: str) -> None:
    """Add what was done on the command line by whoever is logged in to this machine."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError):  # as in a container, whose user has no name
        who = f"uid {os.getuid()}"
    record(state, Entry(datetime.now(UTC), who, COMMAND_LINE, "", action, target, detail))


def newest(state: State, limit: int, *, before: int | None = None, who: str = "", action: str = "") -> list[Kept]:
    """Entries, newest first: those with lower numbers than `before`, of one person, of one kind."""
    wanted = {"seq < ?": before, "who = ?": who or None, "action = ?": action or None}
    given = {clause: value for clause, value in wanted.items() if value is not None}
    where = f" where {' and '.join(given)}" if given else ""
    rows = state.db.execute(f"select * from audit{where} order by seq desc limit ?", (*given.values(), limit))
    return [_kept(row) for row in rows]


def _kept(row: sqlite3.Row) -> Kept:
    told = (row[name] for name in ("who", "role", "address", "action", "target", "detail"))
    return Kept(row["seq"], Entry(datetime.fromisoformat(row["at"]), *told))
