"""How long lenders let complaints wait: percentiles of the time to the first answer, exact in every store."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from indexer.store.base import Search, Store

EVERYTHING = Search()


@dataclass(frozen=True)
class ReplyLag:
    """Complaints about a lender, those whose answer's time is known, and the waits that half and nine tenths of these
    didn't exceed; None where there are none."""

    lender: str
    complaints: int
    answered: int
    p50: timedelta | None
    p90: timedelta | None


def reply_lags(store: Store, search: Search = EVERYTHING) -> tuple[ReplyLag, ...]:
    """The reply lag of each lender among the complaints that the search finds; most complaints first.

    Complaints that still wait are counted and not estimated: where few are answered yet, the true lags are longer.
    """
    waits: dict[str, Counter[int]] = defaultdict(Counter)
    complaints: Counter[str] = Counter()
    for it in store.waits(search):
        complaints[it.lender] += it.complaints
        if it.minutes is not None:
            waits[it.lender][it.minutes] += it.complaints
    return tuple(
        ReplyLag(lender, count, waits[lender].total(), percentile(waits[lender], 0.5), percentile(waits[lender], 0.9))
        for lender, count in sorted(complaints.items(), key=lambda it: (-it[1], it[0]))
    )


def reply_lag(store: Store, lender: str, search: Search = EVERYTHING) -> ReplyLag | None:
    """That of one lender; None where no board told of complaints about it."""
    return next((it for it in reply_lags(store, search.with_filter("lender", lender)) if it.lender == lender), None)


def percentile(waits: Mapping[int, int], share: float) -> timedelta | None:
    """The least wait that at least this share of them didn't exceed (nearest rank); `waits` are counts by minute."""
    total, reached = sum(waits.values()), 0
    for minutes, count in sorted(waits.items()):
        reached += count
        if reached >= share * total:
            return timedelta(minutes=minutes)
    return None
