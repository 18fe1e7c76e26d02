"""The register of one machine, in its state file."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from crawler.scheduling.timing import MOST_COUNTED, Crawl
from crawler.sources import LONGEST_DELAY
from indexer.state import State


class LocalRegister:
    """A Register for the processes that share a data directory. Use it in the thread of `state`.

    Crawls are what the table of runs says. All have the same owner: that only one of them crawls a source is what the
    lock files are for, which the system frees with the process; the lease tells others that it is being crawled.
    """

    def __init__(self, state: State, owner: str, lease: float, *, own: bool = False) -> None:
        self.state, self.owner, self.lease, self._own = state, owner, lease, own

    def agree(self, key: bytes) -> None:
        """There is one key in a data directory."""

    def take(self, source: str) -> bool:
        now = time.time()
        with self.state.transaction() as db:
            return bool(
                db.execute(
                    "insert into lease (source, owner, until) values (?1, ?2, ?3) on conflict do update"
                    " set owner = ?2, until = ?3 where owner = ?2 or until <= ?4",
                    (source, self.owner, now + self.lease, now),
                ).rowcount
            )

    def release(self, source: str) -> None:
        with self.state.transaction() as db:
            db.execute("delete from lease where source = ? and owner = ?", (source, self.owner))

    def holders(self, sources: Sequence[str]) -> Mapping[str, str]:
        rows = self.state.db.execute("select source, owner from lease where until > ?", (time.time(),))
        wanted = set(sources)
        return {row["source"]: row["owner"] for row in rows if row["source"] in wanted}

    def crawls(self, sources: Sequence[str]) -> Mapping[str, Sequence[Crawl]]:
        asked = (
            "select started_at, finished_at, outcome, counts, error from run where source = ? order by seq desc limit ?"
        )
        return {
            source: [_crawl(row) for row in self.state.db.execute(asked, (source, MOST_COUNTED))] for source in sources
        }

    def began(self, source: str, crawl: Crawl) -> None:
        """It is in the table of runs already."""

    def ended(self, source: str, crawl: Crawl) -> None:
        """It is in the table of runs already."""

    async def turn(self, host: str, delay: float) -> float:
        now = time.time()
        with self.state.transaction() as db:
            row = db.execute("select free_at from host where name = ?", (host,)).fetchone()
            if row and now < row["free_at"] <= now + LONGEST_DELAY:  # later than that: the clock was set back
                return float(row["free_at"]) - now
            db.execute("insert or replace into host (name, free_at) values (?, ?)", (host, now + delay))
        return 0.0

    def spend(self, source: str, day: str, requests: int = 1) -> int:
        with self.state.transaction() as db:
            (count,) = db.execute(
                "insert into spent (source, day, requests) values (?1, ?2, ?3) on conflict do update set"
                " requests = case when day = ?2 then requests + ?3 else ?3 end, day = ?2 returning requests",
                (source, day, requests),
            ).fetchone()
        return int(count)

    def beat(self) -> None:
        """There is nobody else to tell."""

    def alive(self) -> Sequence[str]:
        return [self.owner]

    def close(self) -> None:
        if self._own:
            self.state.close()


def _crawl(row: sqlite3.Row) -> Crawl:
    counts = json.loads(row["counts"])
    answered = counts.get("pages", 0) + counts.get("unchanged", 0) > 0
    finished_at = datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else None
    return Crawl(datetime.fromisoformat(row["started_at"]), finished_at, row["outcome"], answered, row["error"])
