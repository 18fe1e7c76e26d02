"""Who gets which message, and how much of it."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta, tzinfo
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from indexer.alerts.messages.names import LenderName, PracticeName
from indexer.alerts.messages.notice import DIGESTS, SEVERITIES, About, Digest, Notice, Severity, Table, in_short

Period = Literal["daily", "weekly"]


def _mailbox(written: str) -> str:
    try:
        address = Address(addr_spec=written)
        written.encode("ascii")
    except (HeaderParseError, ValueError, IndexError):
        raise ValueError("expected a mailbox such as team@example.com, in ASCII") from None
    if not (address.username and address.domain and re.fullmatch(r"[!-~]+", written)) or "." not in address.domain:
        raise ValueError("expected a mailbox such as team@example.com, in ASCII")
    return written


def _line(written: str) -> str:
    if not written.isprintable():
        raise ValueError("expected one line without control characters")
    return written


Mailbox = Annotated[str, Field(max_length=254), AfterValidator(_mailbox)]
Line = Annotated[str, Field(max_length=60), AfterValidator(_line)]


class Quiet(BaseModel):
    """Hours in which nothing is sent but what is escalated; the rest waits until they end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: time
    end: time

    def ends_after(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet hours end that `now` lies in; None outside of them."""
        local = now.astimezone(zone)
        clock = local.time().replace(tzinfo=None)
        inside = self.start <= clock < self.end if self.start <= self.end else not self.end <= clock < self.start
        if not inside or self.start == self.end:
            return None
        end = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)


class Recipient(About):
    """One who gets messages, by mail or by a webhook. An empty list of lenders, practices or rules means all."""

    name: Line = Field(min_length=1)
    lenders: tuple[LenderName, ...] = ()
    practices: tuple[PracticeName, ...] = ()
    mail: Mailbox | None = None
    webhook: str | None = None
    """Name of one of `webhooks`."""
    rules: tuple[str, ...] = ()
    severity: Severity = "low"
    """The least grave that is wanted."""
    digest: frozenset[Period] = frozenset()
    alerts: bool = True
    """Whether single alerts are wanted; with false, only digests."""
    quiet: Quiet | None = None

    @model_validator(mode="after")
    def _is_reachable(self) -> "Recipient":
        if (self.mail is None) == (self.webhook is None):
            raise ValueError("expected either mail or webhook")
        return self

    def follows(self, about: About) -> bool:
        """Who follows only some lenders gets what names one of them, and the same for practices."""
        return _meets(self.lenders, about.lenders) and _meets(self.practices, about.practices)

    def wants(self, notice: Notice) -> bool:
        if notice.kind in DIGESTS:
            return notice.kind in self.digest
        if notice.kind in ("test", "drift"):
            return self.alerts
        grave = SEVERITIES.index(notice.severity) >= SEVERITIES.index(self.severity)
        return self.alerts and grave and (not self.rules or notice.rule in self.rules) and self.follows(notice)


def who_gets(
    notice: Notice, recipients: Iterable[Recipient], declined: Collection[tuple[str, str]] = ()
) -> list[Recipient]:
    """Those who want it and follow what it is about; a digest goes to all who want digests, each with what it follows.

    `declined` are the names and digests (daily, weekly) that were unsubscribed.
    """
    return [it for it in recipients if it.wants(notice) and (it.name, notice.kind) not in declined]


def narrowed(notice: Notice, recipient: Recipient) -> Notice:
    """The notice with only the lenders and practices that the recipient follows."""
    lenders, practices = set(recipient.lenders), set(recipient.practices)

    def kept(kind: str, name: str) -> bool:
        wanted = {"lender": lenders, "practice": practices}.get(kind)
        return not wanted or name in wanted

    drivers = (
        driver.model_copy(update={"shares": tuple(it for it in driver.shares if kept(driver.kind, it.name))})
        for driver in notice.drivers
    )
    also = tuple(it for it in notice.also if _not_of_others(recipient, it))
    return notice.model_copy(
        update={
            "also": also,
            "summary": in_short(also) if notice.also else notice.summary,
            "drivers": tuple(driver for driver in drivers if driver.shares),
            "quotes": tuple(it for it in notice.quotes if _not_of_others(recipient, it)),
            "digest": _narrowed_digest(notice.digest, recipient) if notice.digest else None,
        }
    )


def held_until(notice: Notice, recipient: Recipient, now: datetime, zone: tzinfo) -> datetime | None:
    """When the recipient's quiet hours end, if the notice has to wait for that; what is escalated never does."""
    if not recipient.quiet or notice.kind in ("escalated", "test"):
        return None
    return recipient.quiet.ends_after(now, zone)


def _narrowed_digest(digest: Digest, recipient: Recipient) -> Digest:
    tables = (Table(title=it.title, rows=tuple(filter(recipient.follows, it.rows))) for it in digest.tables)
    return digest.model_copy(
        update={
            "alerts": tuple(filter(recipient.follows, digest.alerts)),
            "tables": tuple(table for table in tables if table.rows),
        }
    )


def _not_of_others(recipient: Recipient, about: About) -> bool:
    """A post is kept unless it names only lenders, or only practices, that the recipient doesn't follow."""
    return (not about.lenders or _meets(recipient.lenders, about.lenders)) and (
        not about.practices or _meets(recipient.practices, about.practices)
    )


def _meets(wanted: tuple[str, ...], about: tuple[str, ...]) -> bool:
    return not wanted or bool(set(wanted) & set(about))
