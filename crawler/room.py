"""How many pages the frontier of a source holds, at most, and which ones make room for new ones."""

import json
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from crawler.sources import Limits
from indexer.state import State, timestamp

log = logging.getLogger("dunwatch")

BATCH = 100
"""Part of the frontier, one in so many, that goes at once: finding what goes looks at all pages of the source."""
UNUSED = timedelta(days=30)
"""After so long without being asked a list page goes first."""
_GOES_FIRST = """
    select url from page where source = ?1 and (role = 'article' or fetched_at < ?2)
        and url not in (select value from json_each(?3))
    order by case when role = 'list' or (fetched_at is null and failures >= ?4) then 0
        when fetched_at is null or due_at is null or old then 1 else 2 end,
        coalesce(changed_at, discovered_at) limit ?5
"""


class Room:
    """Holds a frontier to `max_known` pages. Writes join an open transaction.

    Where it is full, new pages take the place of old ones, as many in one crawl as it may fetch: first goes what was
    given up, then what has waited or rested for longest, last what changed lately. The others of the new ones, which
    stand further down on their lists, are left out. A crawl that finds them later may take them in.
    """

    def __init__(self, state: State, source: str, limits: Limits, tries: int) -> None:
        self._state, self._source, self._tries = state, source, tries
        self._most, self._may_go = limits.max_known, limits.max_articles
        self._held: int | None = None
        self.dropped = 0
        """Pages that went, and links that were left out."""

    def left_out(self, urls: Sequence[str], spared: Collection[str], now: datetime) -> frozenset[str]:
        """Which of these addresses find no place; room is made for the others, but not of those that are spared."""
        if self._held is None:
            counted = self._state.db.execute("select count(*) from page where source = ?", (self._source,))
            (self._held,) = counted.fetchone()
        if self._held + len(urls) <= self._most:
            return frozenset()
        asked = (
            "select value from json_each(?2) where not exists (select 1 from page where source = ?1 and url = value)"
        )
        rows = self._state.db.execute(asked, (self._source, json.dumps(list(dict.fromkeys(urls)))))
        new = [row["value"] for row in rows]
        if (missing := self._held + len(new) - self._most) > 0 and self._may_go:
            self._make_room(min(max(missing, self._most // BATCH), self._may_go), spared, now)
        out = new[max(0, self._most - self._held) :]
        self._count(len(out))
        return frozenset(out)

    def taken(self, pages: int) -> None:
        """So many pages were added."""
        if self._held is not None:
            self._held += pages

    def _make_room(self, pages: int, spared: Collection[str], now: datetime) -> None:
        assert self._held is not None
        words = (self._source, timestamp(now - UNUSED), json.dumps(list(spared)), self._tries, pages)
        going = json.dumps([row["url"] for row in self._state.db.execute(_GOES_FIRST, words)])
        gone = 0
        for table, column in (("seen_on", "page"), ("missing", "thread"), ("page", "url")):
            gone = self._state.db.execute(
                f"delete from {table} where source = ? and {column} in (select value from json_each(?))",
                (self._source, going),
            ).rowcount
        self._held -= gone
        self._may_go -= gone
        self._count(gone)

    def _count(self, pages: int) -> None:
        if pages and not self.dropped:
            log.warning(
                "%s: more than %d pages are known (limits: max_known): older ones go, or new ones are left out",
                self._source,
                self._most,
            )
        self.dropped += pages
