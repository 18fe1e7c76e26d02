"""Histograms that several processes add to: counts in buckets, kept in the state file."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from indexer.state import State

ANALYSIS = "analysis"
"""Seconds that a step took for one document, by step."""
LAG = "lag"
"""Seconds from when a document was published until it could be found."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
BOUNDS: Mapping[str, Sequence[float]] = {
    ANALYSIS: (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, inf),
    LAG: (10 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 30 * _DAY, inf),
}
"""Upper bounds of the buckets."""


@dataclass(frozen=True)
class Histogram:
    """`buckets` are upper bounds with the counts of what lies within each alone; `total` is the sum of all."""

    label: str
    buckets: Mapping[float, int]
    total: float


def observe(state: State, name: str, measured: Iterable[tuple[str, float]]) -> None:
    """Add what was measured, each with its label; joins an open transaction."""
    bounds = BOUNDS[name]
    counts: Counter[tuple[str, float]] = Counter()
    totals: defaultdict[tuple[str, float], float] = defaultdict(float)
    for label, value in measured:
        key = label, bounds[bisect_left(bounds, value)]
        counts[key] += 1
        totals[key] += value
    with state.transaction() as db:
        db.executemany(
            "insert into histogram (name, label, le, count, total) values (?, ?, ?, ?, ?)"
            " on conflict do update set count = count + excluded.count, total = total + excluded.total",
            [(name, label, le, count, totals[label, le]) for (label, le), count in counts.items()],
        )


def histograms(state: State, name: str) -> list[Histogram]:
    """What was measured so far, by label."""
    counts: dict[str, dict[float, int]] = defaultdict(lambda: dict.fromkeys(BOUNDS[name], 0))
    totals: defaultdict[str, float] = defaultdict(float)
    for label, le, count, total in state.db.execute(
        "select label, le, count, total from histogram where name = ? order by label, le", (name,)
    ):
        counts[label][le] = counts[label].get(le, 0) + count
        totals[label] += total
    return [Histogram(label, buckets, totals[label]) for label, buckets in counts.items()]
