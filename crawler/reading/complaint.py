"""The life of a complaint, from the words of its board: 处理中 → 已回复 → 已完成 or 已关闭, and sometimes again."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from indexer import configfile
from indexer.post import Complaint, ComplaintStatus, hours
from indexer.text.dates import is_counted_back, parse_time

STATUSES = Path(__file__).with_name("statuses.yaml")
HIGHEST = 1_000_000_000
"""Yuan from which an amount is none."""
_AMOUNT = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d+)?)\s*(万|亿)?")
_NO = {"", "0", "false", "none", "null", "否", "无"}


class _Statuses(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    processing: tuple[str, ...]
    replied: tuple[str, ...]
    completed: tuple[str, ...]
    closed: tuple[str, ...]
    reopened: tuple[str, ...]
    parts: Mapping[str, ComplaintStatus] = Field(default_factory=dict)


def complaint_of(said: Mapping[str, str], published_at: datetime | None, *, timezone: str, now: datetime) -> Complaint:
    """The Complaint in the words of its page, by field; what isn't understood is left out.

    Several times stand on lines of their own, the earliest counts.
    """
    replied_at, replied_back = _earliest(said.get("replied_at", ""), timezone, now)
    completed_at, completed_back = _earliest(said.get("completed_at", ""), timezone, now)
    back = {"replied_at": replied_back, "completed_at": completed_back}
    word = " ".join(said.get("status", "").split())[:50]
    return Complaint(
        status=status(word),
        said=word,
        amount=amount(said.get("amount", "")),
        demand=" ".join(said.get("demand", "").split())[:500],
        merchant=" ".join(said.get("merchant", "").split())[:200],
        replied_at=replied_at,
        reply_hours=hours(published_at, replied_at),
        completed_at=completed_at,
        reopened=said.get("reopened", "").strip().lower() not in _NO or any(it in word for it in _known().reopened),
        counted_back=tuple(name for name, is_back in back.items() if is_back),
    )


def status(word: str) -> ComplaintStatus | None:
    """The state that a board's word for it means; None where it is no known one."""
    known = _known()
    if word in known.reopened:
        return "processing"
    for name in ("processing", "replied", "completed", "closed"):
        if word in getattr(known, name):
            return name
    return next((name for part, name in known.parts.items() if part in word), None)


def amount(said: str) -> float | None:
    """Yuan, as in ¥12,000.50 or 1.2万元."""
    match = _AMOUNT.search(said)
    if not match:
        return None
    yuan = float(match[1].replace(",", "")) * {"万": 1e4, "亿": 1e8}.get(match[2] or "", 1)
    return round(yuan, 2) if yuan < HIGHEST else None


def going_on(before: Complaint | None, now: Complaint) -> Complaint:
    """The Complaint as it is now, which was reopened where it had come to an end before, or was reopened then."""
    if before is None or now.reopened:
        return now
    ended = before.status in ("completed", "closed") and now.status in ("processing", "replied")
    return now.model_copy(update={"reopened": True}) if ended or before.reopened else now


def _earliest(said: str, timezone: str, now: datetime) -> tuple[datetime | None, bool]:
    """The first moment of those on the lines, and whether it counts back."""
    moments = ((parse_time(line, timezone=timezone, now=now), is_counted_back(line)) for line in said.split("\n"))
    return min(((moment, is_back) for moment, is_back in moments if moment), default=(None, False))


@cache
def _known() -> _Statuses:
    return configfile.load(STATUSES, _Statuses)
