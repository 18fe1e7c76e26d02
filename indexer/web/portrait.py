"""What the page of a lender is made of: its row among others, practices by stance, peers, how fast it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.store.base import MOST_VALUES, Search, Store
from indexer.web.counted import Facet
from indexer.web.known import Known
from indexer.web.spark import Part, Spark, parts
from indexer.web.usual import Change

PEERS = 4
COMPARED = 7
"""Practices that are held side by side."""


@dataclass(frozen=True)
class Line:
    """A row of a list: counts of documents beside the usual; `weeks` is its small line."""

    change: Change
    negative: int
    unlawful: int
    weeks: Spark | None

    @property
    def negative_share(self) -> float:
        return self.negative / self.change.now if self.change.now else 0.0


def lines(
    changes: Sequence[Change],
    *,
    negative: Mapping[str, int],
    unlawful: Mapping[str, int],
    weeks: Mapping[str, Spark | None],
) -> list[Line]:
    return [Line(it, negative.get(it.name, 0), unlawful.get(it.name, 0), weeks.get(it.name)) for it in changes]


@dataclass(frozen=True)
class Spoken:
    """A practice in documents that name a lender: asserted of it, supposed or denied; `bar` is relative to the most."""

    id: str
    severity: str
    asserted: int
    possible: int
    denied: int
    bar: tuple[Part, ...]


def practices(lender: str, asserted: Facet, stances: Facet, known: Known) -> list[Spoken]:
    """Those spoken of, the most asserted first. `asserted` are pairs lender|practice, `stances` practice:stance."""
    of_it = {pair.partition("|")[2]: count for pair, count in asserted if pair.partition("|")[0] == lender}
    stance = dict(stances)
    names = {value.rpartition(":")[0] for value, _ in stances} | set(of_it)
    counts = {
        name: (of_it.get(name, 0), stance.get(f"{name}:possible", 0), stance.get(f"{name}:denied", 0)) for name in names
    }
    most = max((sum(it) for it in counts.values()), default=0)
    found = [
        Spoken(
            name,
            known.severity.get(name, ""),
            *it,
            parts(list(zip(("asserted", "possible", "denied"), it, strict=True)), most),
        )
        for name, it in counts.items()
        if sum(it)
    ]
    return sorted(found, key=lambda it: (-it.asserted, -it.possible - it.denied, it.id))


@dataclass(frozen=True)
class Beside:
    """A lender beside others: documents, the part that is negative, and the part that asserts each practice of it."""

    id: str
    documents: int
    negative: float
    practices: Mapping[str, float]


def peers(store: Store, id: str, names: Sequence[str], here: Search, known: Known) -> list[Beside]:
    """The lender first, then those of its kind that are most spoken of in the same time."""
    others = Search(None, {**here.filters, "lender": tuple(names[:MOST_VALUES])}, here.since, here.until)
    most = [
        (name, count)
        for name, count in store.search(others, limit=0, facets=("lender",)).facets["lender"]
        if name in names
    ]
    return [_beside(store, name, here) for name in (id, *(name for name, _ in most[:PEERS]))]


def _beside(store: Store, id: str, here: Search) -> Beside:
    search = Search(None, {**here.filters, "lender": (id,)}, here.since, here.until)
    found = store.search(search, limit=0, facets=("sentiment_label", "lender_practice"))
    total = found.total or 1
    pairs = [(pair.partition("|"), count) for pair, count in found.facets["lender_practice"]]
    shares = {practice: count / total for (lender, _, practice), count in pairs if lender == id}
    return Beside(id, found.total, dict(found.facets["sentiment_label"]).get("negative", 0) / total, shares)


def compared(peers: Sequence[Beside], known: Known) -> list[str]:
    """Practices worth a row: those that the lenders are most accused of, the lawful ones left out."""
    weights: dict[str, float] = {}
    for peer in peers:
        for practice, share in peer.practices.items():
            if known.severity.get(practice) != "lawful":
                weights[practice] = weights.get(practice, 0.0) + share
    return sorted(weights, key=lambda practice: (-weights[practice], practice))[:COMPARED]
