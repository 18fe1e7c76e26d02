"""Why things of each source were refused, the most frequent reasons first, out of the newest that are kept."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from indexer.state import State

OF_A_SOURCE = 5
"""Reasons that are told of one source."""
IN_ALL = 500
"""Reasons that are told of all sources together, the most frequent ones."""


@dataclass(frozen=True)
class Refusal:
    """A reason, in words that may be a stranger's: how often, at which stage, and when last."""

    stage: str
    reason: str
    count: int
    last: datetime


def refusals(state: State) -> Mapping[str, tuple[Refusal, ...]]:
    """By source; a source of which nothing was refused isn't there."""
    rows = state.db.execute(
        "select * from (select source, stage, reason, count(*) as count, max(at) as last, row_number() over"
        "  (partition by source order by count(*) desc, max(at) desc) as place"
        "  from rejected group by source, stage, reason) where place <= ? order by count desc, last desc limit ?",
        (OF_A_SOURCE, IN_ALL),
    )
    found: dict[str, list[Refusal]] = defaultdict(list)
    for row in rows:
        last = datetime.fromisoformat(row["last"])
        found[row["source"]].append(Refusal(row["stage"], row["reason"], row["count"], last))
    return {source: tuple(reasons) for source, reasons in found.items()}
