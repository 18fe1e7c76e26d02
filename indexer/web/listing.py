"""What the search page was asked for: query parameters into a Search, and back into addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from indexer.handling import STATES
from indexer.period import YEARS, PeriodError, moment
from indexer.store.base import FILTERS, Search, Sort
from indexer.store.query import parse

MAX_QUERY = 500
MAX_PAGE = 500
MAX_VALUES = 50
"""Values of one filter."""
MAX_VALUE = 200
"""Characters of a value of a filter."""
PAGE = 20
MAX_REACH = 10_000
"""Hits that can be paged through, the same in every store."""
HANDLING = "handling"
"""The filter that no store knows: how a document is handled, see web.handled."""
SORTS: tuple[Sort, ...] = get_args(Sort)
NAMES = (*FILTERS, HANDLING)
"""Of the filters of an address."""


class ListingError(ValueError):
    """The address asks for something that can't be; the message is for people."""


@dataclass(frozen=True)
class Listing:
    """A request for a page of hits as it was written; nothing is checked before `search`."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    order: str = ""
    number: str = ""

    @classmethod
    def read(cls, params: QueryParams) -> "Listing":
        # One more than may be, which `search` refuses; the page that says so links to each.
        values = {name: tuple(dict.fromkeys(filter(None, params.getlist(name))))[: MAX_VALUES + 1] for name in NAMES}
        return cls(
            q=params.get("q", "").strip(),
            filters={name: given for name, given in values.items() if given},
            since=params.get("from", "").strip(),
            until=params.get("to", "").strip(),
            order=params.get("sort", ""),
            number=params.get("page", ""),
        )

    @property
    def sort(self) -> Sort:
        """What was asked for, else what suits: relevance where there are words to be relevant to."""
        usual: Sort = "relevance" if self.q else "time"
        return next((sort for sort in SORTS if sort == self.order), usual)

    @property
    def page(self) -> int:
        """The page asked for, from 1. Raises ListingError."""
        return whole(self.number or "1", "页码", MAX_PAGE)

    @property
    def narrowed(self) -> bool:
        return bool(self.filters or self.since or self.until)

    def search(self, zone: tzinfo) -> Search:
        """What to ask the store, but for the handling. Raises ListingError, QueryError."""
        if len(self.q) > MAX_QUERY:
            raise ListingError(f"检索式太长：最多 {MAX_QUERY} 个字符")
        if self.order and self.order not in SORTS:
            raise ListingError(f"没有这种排序：{self.order[:40]}")
        for values in self.filters.values():
            if len(values) > MAX_VALUES or any(len(value) > MAX_VALUE for value in values):
                raise ListingError(f"筛选条件太多或太长：每项最多 {MAX_VALUES} 个，每个最多 {MAX_VALUE} 个字符")
        if unknown := set(self.filters.get(HANDLING, ())) - set(STATES):
            raise ListingError(f"没有这种处理状态：{min(unknown)[:40]}")
        since = _moment(self.since, zone, end=False)
        until = _moment(self.until, zone, end=True)
        if since and until and since >= until:
            raise ListingError("起始日期晚于截止日期")
        filters = {name: values for name, values in self.filters.items() if name != HANDLING}
        return Search(parse(self.q) if self.q else None, filters, since, until, self.sort)

    def day(self, written: str, zone: tzinfo) -> str:
        """A day that was written, or how long ago it was, as a date field wants it; empty if it can't be read."""
        try:
            found = _moment(written, zone, end=False)
        except ListingError:
            return ""
        return f"{found.astimezone(zone):%Y-%m-%d}" if found else ""

    def url(self, path: str = "/search") -> str:
        """The address that asks for this."""
        pairs = [("q", self.q), ("from", self.since), ("to", self.until), ("sort", self.order), ("page", self.number)]
        chosen = [(name, value) for name, values in self.filters.items() for value in values]
        query = "&".join(_encoded(*pair) for pair in [*pairs[:1], *chosen, *pairs[1:]] if pair[1])
        return f"{path}?{query}" if query else path

    def toggled(self, name: str, value: str) -> str:
        """The address with one value of a filter added, or taken away where it is there."""
        given = self.filters.get(name, ())
        values = tuple(one for one in given if one != value) if value in given else (*given, value)
        return self._first(filters=_without_empty({**self.filters, name: values}))

    @staticmethod
    def only(name: str, value: str) -> str:
        """The address of everything that has this value, whatever else was asked for."""
        return Listing(filters={name: (value,)}).url()

    def with_only(self, name: str, value: str) -> str:
        """The address of the same with this one value of the filter instead of those that are chosen."""
        return self.with_values(name, (value,))

    def narrowed_to(self, **values: tuple[str, ...]) -> str:
        """The address of the same with these values of these filters instead of those that are chosen."""
        return self._first(filters={**self.filters, **values})

    def with_values(self, name: str, values: tuple[str, ...]) -> str:
        return self._first(filters=_without_empty({**self.filters, name: values}))

    def period(self, since: str, until: str = "") -> str:
        return self._first(since=since, until=until)

    def sorted_by(self, sort: Sort) -> str:
        return self._first(order=sort)

    def paged(self, page: int) -> str:
        return replace(self, number=str(page) if page > 1 else "").url()

    def worded(self, q: str) -> str:
        """The address of the same with other words."""
        return self._first(q=q)

    def cleared(self) -> str:
        return Listing(q=self.q, order=self.order).url()

    def without(self, name: str) -> "Listing":
        """The same without one filter: what its facet is counted over, so that a second value can be chosen."""
        return replace(self, filters={key: values for key, values in self.filters.items() if key != name})

    def _first(self, **changes: object) -> str:
        changed: Listing = replace(self, number="", **changes)  # type: ignore[arg-type]
        return changed.url()


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> str:
    """A page has hundreds of addresses that differ in one part."""
    return urlencode({name: value})


def whole(written: str, what: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises ListingError."""
    if not (written.isascii() and written.isdigit() and len(written) < 10 and 1 <= int(written) <= most):
        raise ListingError(f"{what}应为 1 到 {most} 的整数")
    return int(written)


def _moment(written: str, zone: tzinfo, *, end: bool) -> datetime | None:
    if not written:
        return None
    try:
        return moment(written, zone, datetime.now(UTC), end=end)
    except PeriodError:
        expected = f"请写 {YEARS.start} 至 {YEARS.stop - 1} 年间的日期，如 2026-11-02，或 7d、12h、2w（多久以前）"
        raise ListingError(f"看不懂日期“{written[:40]}”：{expected}") from None


def _without_empty(filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in filters.items() if values}
