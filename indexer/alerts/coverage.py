"""Which hours of which source were watched: what was not is unknown, and never zero.

A crawl sees what was published before it, so a source is known up to the start of its last crawl that came to its end,
and a crawl missed in between is made up for by the next one. Where crawls were missing for longer than lists reach
back, the hours between are unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.state import State

LOST_AFTER = timedelta(hours=36)
"""Without a crawl for so long, lists may have moved on and posts may be missing."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Watched:
    """A source was watched from `since` (what is older is backlog) up to `until`, but for `gaps`."""

    since: datetime
    until: datetime
    gaps: tuple[tuple[datetime, datetime], ...] = ()

    def known(self, start: datetime, hours: int, *, since: datetime | None = None) -> NDArray[np.float64]:
        """1 for each hour from `start` on that was watched, the one at `until` included, else 0."""
        first = since or self.since
        at = [start + number * HOUR for number in range(hours)]
        return np.array(
            [
                float(
                    first <= hour
                    and hour < self.until
                    and not any(begin < hour + HOUR and hour < end for begin, end in self.gaps)
                )
                for hour in at
            ]
        )


def watched(state: State, sources: Sequence[str], now: datetime) -> dict[str, Watched]:
    """When each source was watched, from its crawls; files count as watched since the first of them came."""
    return {source: _by_crawls(state, source) or Watched(_since(state, source, now), now) for source in sources}


def _by_crawls(state: State, source: str) -> Watched | None:
    rows = state.db.execute(
        "select started_at from run where source = ? and outcome in ('finished', 'stopped')"
        " and json_extract(counts, '$.pages') + json_extract(counts, '$.unchanged') > 0 order by started_at",
        (source,),
    )
    starts = [datetime.fromisoformat(row["started_at"]) for row in rows]
    if starts:
        gaps = [(before, after) for before, after in pairwise(starts) if after - before > LOST_AFTER]
        return Watched(starts[0], starts[-1], tuple(gaps))
    began = state.db.execute("select min(started_at) from run where source = ?", (source,)).fetchone()[0]
    if began is None:
        return None
    only = datetime.fromisoformat(began)  # its first crawl isn't done: all is backlog yet
    return Watched(only, only)


def _since(state: State, source: str, now: datetime) -> datetime:
    """When the first file came; looked up once and kept, as the table of posts is long."""
    row = state.db.execute("select since from source_since where source = ?", (source,)).fetchone()
    if row is None:
        first = state.db.execute("select min(first_seen_at) from post where source = ?", (source,)).fetchone()[0]
        if first is None:
            return now
        with state.transaction() as db:
            db.execute("insert or ignore into source_since (source, since) values (?, ?)", (source, first))
        return datetime.fromisoformat(first)
    return datetime.fromisoformat(row["since"])


def backlog_reaches(daily: Mapping[int, float], days: int) -> int:
    """How many of the `days` before a source was first watched its first crawl brought whole.

    `daily` are documents by days before that moment (0 is the last day). Lists are cut off somewhere: the ordinary is
    the median of the first days; three days in a row below a quarter of it are where the backlog ends.
    """
    near = [daily.get(day, 0.0) for day in range(min(14, days))]
    ordinary = float(np.median([count for count in near if count] or [0.0]))
    if not ordinary:
        return 0
    poor = 0
    for day in range(days):
        poor = poor + 1 if daily.get(day, 0.0) < ordinary / 4 else 0
        if poor == 3:
            return day - 2
    return days - poor
