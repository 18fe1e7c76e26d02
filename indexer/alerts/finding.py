"""Finding: something unusual about one series in one period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indexer.alerts.messages.notice import Severity
from indexer.alerts.rules import By
from indexer.store.base import Search
from indexer.store.query import parse


@dataclass(frozen=True)
class Finding:
    """Something unusual about one series in [start, end). `observed` counts stories.

    `rarity` is the p-value, where the rule knows one; `strength` ranks findings, 1 and more alerts.
    """

    rule: str
    kind: str
    severity: Severity
    of: str
    value: str
    start: datetime
    end: datetime
    observed: int
    expected: float
    upper: float | None = None
    p_value: float | None = None
    strength: float = 1.0
    by: By | None = None
    """Length of its windows, where they are the hours or days of a calendar."""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    told: str = ""
    """What the rule found, in words, where counts don't say it."""
    query: str = ""
    """Words of a saved search."""

    @property
    def subject(self) -> str:
        return f"{self.of}:{self.value}"

    @property
    def lender(self) -> str:
        """The lender that its series is about; empty where it is about several."""
        return lender_of(self.subject)

    @property
    def search(self) -> Search:
        """What finds its documents, reprints included."""
        if self.of == "saved":
            return Search(parse(self.query) if self.query else None, self.where, self.start, self.end)
        if self.of == "term":
            return Search(parse(f'"{self.value}"'), self.where, self.start, self.end)
        name, value = filter_of(self.of, self.value)
        return Search(None, {**self.where, name: (value,)}, self.start, self.end)


def lender_of(subject: str) -> str:
    """The lender that the subject of a finding or of an alert is about; empty where it is about several."""
    of, _, value = subject.partition(":")
    return value.partition("|")[0] if of in ("lender", "lender_practice") else ""


def filter_of(of: str, value: str) -> tuple[str, str]:
    """The filter, and its value, that finds the documents of a series; of a practice those that assert it."""
    return ("stance", f"{value}:asserted") if of == "practice" else (of, value)
