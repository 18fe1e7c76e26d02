"""What a store is: a small interface with two implementations that answer alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

from indexer.document import Document
from indexer.store.query import Node

Sort = Literal["relevance", "time", "sentiment"]
By = Literal["hour", "day", "week"]

#: Fields that can be filtered on and counted, by the name used in `Search.filters` and in facets.
#: `practice` holds the ids of practices, `stance` the pairs `id:stance`, `status` how a complaint stands; `deleted` is
#: `true` where the page has it no more, else `false`.
FACETS = ("lender", "practice", "stance", "voice", "status", "source", "site", "kind", "sentiment_label", "deleted")
#: Fields that can be filtered on but have too many values to count.
#: `lender_practice` holds the pairs `lender|practice` that a document asserts; `reprint` and `generated` are
#: `true` or `false`.
FILTERS = (*FACETS, "author", "story", "campaign", "contact", "category", "lender_practice", "reprint", "generated")

#: Values of a facet that are told where no more are asked for.
MOST_VALUES = 50

#: Ids that a Search may name; Elasticsearch takes 65,536 in one clause.
MOST_IDS = 50_000


class StoreError(Exception):
    """The store can't do what was asked; the message says what to do about it."""


class StoreUnavailable(StoreError):
    """The store can't be reached or is too busy now; what was asked may be asked again later."""


@dataclass(frozen=True)
class Search:
    """What to look for.

    text: parsed query, None for everything. filters: field of FILTERS → values, any of which is enough;
    several fields must all hold. since/until: aware, half open [since, until), on `Document.at`.
    only: ids that it must be among (None: any), without: ids that it must not be among; at most MOST_IDS each.
    sort: relevance falls back to time where there is no text; time is newest first; sentiment is worst first.
    Equal ranks are ordered by time, newest first, then by id, so that pages never overlap.
    """

    text: Node | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    sort: Sort = "relevance"
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    def with_filter(self, name: str, *values: str) -> "Search":
        return replace(self, filters={**self.filters, name: values})


@dataclass(frozen=True)
class Hit:
    """One Document found. `score` is 0 where the order is not by relevance."""

    document: Document
    score: float


@dataclass(frozen=True)
class Results:
    """A page of hits, the total of all hits, and facet counts: field → (value, count), most first."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class Bucket:
    """Documents published in one period that starts at `start` (aware, in the asked time zone)."""

    start: datetime
    count: int
    mean_sentiment: float | None


@dataclass(frozen=True)
class Trend:
    """Counts by `published_at`, without gaps from first to last; documents without a date are `undated`.

    Over more periods than trend.MOST, only those that hold documents.
    """

    buckets: tuple[Bucket, ...]
    undated: int


@dataclass(frozen=True)
class Survey:
    """A page of hits with the trend of all of them."""

    results: Results
    trend: Trend


class Tally(NamedTuple):
    """Documents of one source with one value, published in the hour that starts at `start` (UTC)."""

    value: str
    source: str
    start: datetime
    documents: int


class Wait(NamedTuple):
    """Complaints about one lender that were answered after so many minutes; None: not yet, or it isn't known when."""

    lender: str
    minutes: int | None
    complaints: int


def month(it: Document) -> str:
    """The month that a Document is kept in, as 2026.11: that of its first fetch (UTC), which never changes."""
    return f"{it.first_seen_at.astimezone(UTC):%Y.%m}"


class Store(Protocol):
    """Holds Documents whole. One writer at a time; readers never wait for it."""

    def put(self, documents: Sequence[Document]) -> Mapping[str, str]:
        """Insert or replace by id; durable and visible to every reader on return.

        Returns the ids that the store refused for good, with the reason. Raises StoreError, and then all of them may
        be put again.
        """

    def delete(self, ids: Sequence[str]) -> None:
        """Remove by id; unknown ids are ignored."""

    def months(self) -> Mapping[str, int]:
        """How many Documents there are of each `month`; months without any may be left out."""

    def drop(self, months: Collection[str]) -> None:
        """Remove whole months."""

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        """Those of the ids that are there."""

    def search(
        self, search: Search, *, offset: int = 0, limit: int = 20, facets: Sequence[str] = (), most: int = MOST_VALUES
    ) -> Results:
        """A page of hits with total and facet counts (the `most` frequent values of each)."""

    def trend(self, search: Search, by: By = "day", timezone: str = "Asia/Shanghai") -> Trend:
        """Counts and mean sentiment over time."""

    def survey(
        self,
        search: Search,
        *,
        offset: int = 0,
        limit: int = 20,
        facets: Sequence[str] = (),
        most: int = MOST_VALUES,
        by: By = "day",
        timezone: str = "Asia/Shanghai",
    ) -> Survey:
        """What `search` and `trend` tell of the same, asked at once, which takes less time than one after the other."""

    def tally(self, search: Search, name: str) -> Iterator[Tally]:
        """Counts by value of the field `name` (of FILTERS), source and hour of publication, in no order.

        Empty hours, documents without a date and those without a value are left out.
        """

    def waits(self, search: Search) -> Iterator[Wait]:
        """Counts of complaints by lender and whole minutes until its answer, in no order."""

    def scan(self, search: Search) -> Iterator[Document]:
        """Every Document that matches, in order of id, in flat memory."""

    def count(self) -> int:
        """How many Documents there are."""

    def close(self) -> None:
        """Give up the writer and all files."""
