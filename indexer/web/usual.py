"""What is more than usual: counts of a period beside the mean of earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from indexer.store.base import Bucket

LEAST = 5
"""Documents below which nothing is called a rise."""
DEVIATIONS = 3.0
"""Standard deviations of a Poisson count above the mean from which on it is called one."""


@dataclass(frozen=True)
class Change:
    """How many now, and how many such a period usually has; None where there is no time before."""

    name: str
    now: int
    usual: float | None

    @property
    def factor(self) -> float | None:
        """How many times the usual."""
        return self.now / self.usual if self.usual else None

    @property
    def strength(self) -> float:
        """Standard deviations above the usual, as if counts were Poisson and the usual were at least one."""
        if self.usual is None:
            return 0.0
        return (self.now - self.usual) / sqrt(max(self.usual, 1.0))

    @property
    def rises(self) -> bool:
        return self.now >= LEAST and self.strength >= DEVIATIONS

    @property
    def falls(self) -> bool:
        return self.strength <= -DEVIATIONS


def change(name: str, now: int, before: int, windows: float) -> Change:
    return Change(name, now, before / windows if windows else None)


def changes(now: Iterable[tuple[str, int]], before: Mapping[str, int], windows: float) -> list[Change]:
    """Each value of a facet beside its usual, what rises most first."""
    found = [change(name, count, before.get(name, 0), windows) for name, count in now]
    return sorted(found, key=lambda it: (-it.strength, -it.now, it.name))


def mean(buckets: Sequence[Bucket]) -> float | None:
    """Mean sentiment of the documents in them."""
    told = [(it.count, it.mean_sentiment) for it in buckets if it.mean_sentiment is not None and it.count]
    total = sum(count for count, _ in told)
    return sum(count * value for count, value in told) / total if total else None
