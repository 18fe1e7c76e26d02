"""What answers tell, as OpenAPI describes it. Moments are ISO 8601 with an offset."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from indexer.document import Document
from indexer.handling import Handling, HandlingState
from indexer.sources.overview import SourceHealth
from indexer.web.hands import Hand


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Hit(Document):
    """A Document with how well it fits; 0 where hits are not in order of relevance."""

    score: float


class Found(_Told):
    """A page of hits, the number of all, and the 50 most frequent values of each facet with their counts."""

    total: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]]


class Period(_Told):
    """Documents published in a period that begins at `start`."""

    start: datetime
    count: int
    mean_sentiment: float | None


class Trend(_Told):
    """Periods from the first to the last, and how many documents have no date."""

    buckets: list[Period]
    undated: int


class Alert(_Told):
    """Something unusual, and what became of it."""

    id: int
    rule: str
    subject: str
    state: str
    severity: str
    headline: str
    lenders: list[str]
    practices: list[str]
    opened_at: datetime
    start: datetime | None
    end: datetime | None
    unusual_at: datetime
    closed_at: datetime | None
    observed: int
    expected: float | None
    documents: int | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    owner: str
    silenced: str = Field(description="By which silence; empty: by none")
    messages: dict[str, int] = Field(description="How many messages of each kind went out")


class Alerts(_Told):
    """The newest alerts, the last opened first."""

    alerts: list[Alert]


class Campaign(_Told):
    """What one hand wrote: whom it names, where, since when, by which contacts (keyed hashes)."""

    id: str
    documents: int
    lenders: dict[str, int]
    sources: dict[str, int]
    sites: dict[str, int]
    contacts: dict[str, int]
    first: datetime | None = Field(description="The first day of publication")
    last: datetime | None
    undated: int
    sample: str = Field(description="How its newest text begins, lenders left open")

    @classmethod
    def of(cls, hand: Hand) -> Self:
        names = ("lenders", "sources", "sites", "contacts")
        counts: Mapping[str, Any] = {name: dict(getattr(hand, name)) for name in names}
        plain = {name: getattr(hand, name) for name in ("id", "documents", "first", "last", "undated", "sample")}
        return cls(**counts, **plain)


class Campaigns(_Told):
    """The largest campaigns."""

    campaigns: list[Campaign]


class Lender(_Told):
    """A lender that is watched."""

    id: str
    name: str
    kind: str
    short: list[str]
    products: list[str]
    former: list[str]
    documents: int | None = Field(
        description="How many documents name it; null where it is not among the 50 most named"
    )


class Lenders(_Told):
    """The lenders of config/lenders.yaml."""

    lenders: list[Lender]


class Run(_Told):
    """A crawl. `outcome` is null while it runs or where it was killed."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    counts: dict[str, int]


class Source(_Told):
    """How a source does: its last crawl, when it is due again, the crawls of seven days, and whether it drifts."""

    name: str
    last: Run
    next_at: datetime | None
    crawls: int
    failed: int
    counts: dict[str, int] = Field(description="Of the crawls of the last seven days")
    drifts_since: datetime | None
    signs: list[str] = Field(description="By what the drift shows: lists, pages, text, time, author, errors, …")

    @classmethod
    def of(cls, it: SourceHealth) -> Self:
        plain = {name: getattr(it, name) for name in ("name", "next_at", "crawls", "failed")}
        since, signs = (it.drift.opened_at, it.drift.signs) if it.drift else (None, ())
        kinds = [str(sign.kind) for sign in signs]
        last = Run.model_validate(it.last)
        return cls(**plain, counts=dict(it.counts), last=last, drifts_since=since, signs=kinds)


class Sources(_Told):
    """What waits for the index, what was refused, and every source; those that drift first."""

    waiting: int
    rejected: int
    sources: list[Source]


class Handled(_Told):
    """How a document is handled: who changed it last, and when; null where nobody did."""

    document: str
    state: HandlingState
    owner: str
    note: str
    at: datetime | None
    who: str

    @classmethod
    def of(cls, it: Handling) -> Self:
        return cls.model_validate(it)


class HandledWith(Handled):
    """With every change, the newest first."""

    history: list[Handled]


class HandledList(_Told):
    """Documents that somebody handled, the last change first."""

    handling: list[Handled]
