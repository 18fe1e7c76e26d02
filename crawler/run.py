"""One crawl of one source: its frontier, its archive, what it counts, and its row in the table of runs."""

import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from crawler.archive import Archive
from crawler.frontier import Frontier
from crawler.scheduling.register import Register
from crawler.scheduling.timing import Crawl
from crawler.sources import Source
from crawler.vanished import Vanished
from indexer.datadir import DataDir
from indexer.spool import Spool
from indexer.state import State, StateError, timestamp
from indexer.text.privacy.told import told

log = logging.getLogger("dunwatch")

COUNTS = ("pages", "posts", "unchanged", "rejected", "robots", "errors")
"""What every run counts: pages fetched, Posts new or changed, pages unchanged since the last crawl, pages without a
readable text, addresses that robots.txt forbids, pages that could not be fetched. `errors.…` tell why.

Where there are any, also: bytes; `edited` and `deleted` Posts; pages `dropped` to hold the frontier to `max_known`;
and what tells whether the site still is as its source says: `lists` that were read and `lists.empty` without a link,
Posts `read` and those `read.no text`, `read.no time`, `read.no author`; Posts that pages held and can't be read any
more (`read.lost`), and pages of which several were read (`read.whole`)."""


@dataclass
class Run:
    """`outcome` is finished, stopped, failed, or busy where another process crawls the source; `error` says why."""

    source: Source
    state: State
    frontier: Frontier
    vanished: Vanished
    archive: Archive
    spool: Spool
    register: Register
    started_at: datetime
    ends_at: datetime
    """When it begins nothing new: after `max_minutes`, or when the site's quiet hours begin."""
    delay: float
    """Seconds between two requests to a host: what the source says, or its robots.txt where that is more."""
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTS, 0)))
    outcome: str = ""
    error: str = ""
    seq: int = 0

    @classmethod
    def begin(cls, source: Source, state: State, data: DataDir, register: Register) -> "Run":
        """A run that has its row. Raises StateError."""
        archive, now = Archive(data.warc, source.name), datetime.now(UTC)
        ends_at = now + timedelta(minutes=source.limits.max_minutes)
        if source.quiet:
            ends_at = min(ends_at, source.quiet.next_start(now, source.zone))
        frontier, delay = Frontier(state, source.name, source.follow_up, source.limits), source.limits.delay
        vanished, spool = Vanished(frontier), Spool(state)
        run = cls(source, state, frontier, vanished, archive, spool, register, now, ends_at, delay)
        frontier.mend_clock(now)
        with state.transaction() as db:
            row = db.execute(
                "insert into run (source, started_at, counts) values (?, ?, ?)",
                (source.name, timestamp(now), json.dumps(run.counts)),
            )
            run.seq = row.lastrowid or 0
        register.began(source.name, Crawl(now))
        return run

    def count(self, name: str, more: int) -> None:
        """Add to a count that is there only where there is something to count."""
        if more:
            self.counts[name] += more

    def received(self, response: Response) -> None:
        """Count the bytes of a page."""
        self.count("bytes", len(response.body))

    @property
    def answered(self) -> bool:
        """Whether at least one page of the site was there."""
        return self.counts["pages"] + self.counts["unchanged"] > 0

    @property
    def kinds(self) -> str:
        """Why pages could not be had, in words: 「3 timeout, 1 http 500」."""
        kinds = [(count, kind.partition(".")[2]) for kind, count in self.counts.items() if kind.startswith("errors.")]
        return ", ".join(f"{count} {kind}" for count, kind in kinds)

    def save(self) -> None:
        """Write the counts as they are; joins an open transaction."""
        self.count("dropped", self.frontier.room.dropped - self.counts["dropped"])
        with self.state.transaction() as db:
            db.execute("update run set counts = ? where seq = ?", (json.dumps(self.counts), self.seq))

    def reject(self, stage: str, url: str, reason: str, sample: str = "") -> None:
        """Keep aside what could not be fetched (stage fetch) or read (stage extract), and say so."""
        about = {"source": self.source.name, "stage": stage, "url": told(url), "reason": told(reason)}
        log.info("%(source)s: %(url)s: %(reason)s", about, extra=about)
        self.state.reject(stage=stage, source=self.source.name, url=url, reason=reason, sample=sample)

    def finish(self, outcome: str) -> None:
        """The end of the run; only the first call counts. What can't be written any more is logged."""
        if self.outcome:
            return
        self.outcome = "failed" if self.error else outcome
        now = datetime.now(UTC)
        if self.outcome == "finished" and not self.answered:
            forbidden = "robots.txt forbids it" if self.counts["robots"] else ""
            self.error = f"no page answered: {self.kinds or forbidden or 'nothing was asked for'}"
        try:
            self.archive.close()
            with self.state.transaction() as db:
                db.execute(
                    "update run set finished_at = ?, outcome = ?, counts = ?, error = ? where seq = ?",
                    (timestamp(now), self.outcome, json.dumps(self.counts), self.error, self.seq),
                )
            self.register.ended(self.source.name, Crawl(self.started_at, now, self.outcome, self.answered, self.error))
        except (StateError, OSError) as error:
            log.error("%s: the end of the crawl could not be recorded: %s", self.source.name, error)
            self.outcome, self.error = "failed", self.error or str(error)
