"""When a source is crawled next: by its rhythm, its last crawls, and what holds it back. No I/O, no clock."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from crawler.scheduling import clock
from crawler.sources import Source

LONGEST_PAUSE = timedelta(days=1)
"""However often a source failed, it is tried again after so long (or after its own interval, where that is longer)."""
FIRST_PAUSE = timedelta(minutes=1)
"""After the second crawl in a row that was killed; doubled for each more."""
SKEW = timedelta(hours=1)
"""How far clocks of several machines are apart, at most."""
MOST_COUNTED = 20
"""Last crawls that are looked at."""


@dataclass(frozen=True)
class Crawl:
    """One crawl of a source. `finished_at` is None while it goes on, or when it was killed.

    `answered`: at least one page of the site was there. `error` says what went wrong with the crawl as a whole.
    """

    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None
    answered: bool = False
    error: str = ""

    @property
    def failed(self) -> bool:
        return self.outcome == "failed" or (self.outcome == "finished" and not self.answered)


@dataclass(frozen=True)
class Due:
    """When a source is crawled next, and `why` it is later than its rhythm asks for.

    `failures` crawls in a row failed since `failing_since`, the last one because of `error`.
    """

    at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    error: str = ""
    why: str = ""


def due(source: Source, crawls: Sequence[Crawl], since: datetime, *, spent_on: datetime | None = None) -> Due:
    """When the source is due. `crawls` are its last ones, the newest first; `since` when it was first seen.

    A crawl that was stopped or killed goes on at once (killed again and again: ever later). What fell due while a crawl
    went on is skipped; what fell due while nothing ran is made up for by one crawl. `spent_on` is a moment of the day
    on which the source's requests were used up, if they were.
    """
    failed = list(takewhile(lambda it: it.failed, crawls[:MOST_COUNTED]))
    at, why = _by_rhythm(source, crawls, since, len(failed))
    if spent_on and at < (midnight := _end_of_day(spent_on, source)):
        at, why = midnight, f"its {source.limits.max_pages_a_day} pages of the day are spent"
    if source.quiet and (end := source.quiet.until(at, source.zone)):
        at, why = end, "quiet hours"
    if not failed:
        return Due(at, why=why)
    return Due(at, len(failed), failed[-1].started_at, failed[0].error, why)


def begun(crawls: Sequence[Crawl], now: datetime) -> Sequence[Crawl]:
    """Those that don't begin in the future: a clock that was wrong once, and set right, would keep a source waiting."""
    return [it for it in crawls if it.started_at <= now + SKEW]


def falling(source: Source, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments after `start`, up to `end`, that the rhythm of a crawl that began at `start` has."""
    moment = start
    while (moment := _next(source, moment)) <= end:
        yield moment


def _by_rhythm(source: Source, crawls: Sequence[Crawl], since: datetime, failures: int) -> tuple[datetime, str]:
    if not crawls:
        return (_with_jitter(source, _next(source, since)) if source.cron else since), ""
    last = crawls[0]
    if last.finished_at is None or last.outcome == "stopped":
        killed = len(list(takewhile(lambda it: it.finished_at is None, crawls[:MOST_COUNTED])))
        pause = min(FIRST_PAUSE * 2 ** (killed - 2), LONGEST_PAUSE) if killed > 1 else timedelta()
        return last.started_at + pause, f"killed {killed} times in a row" if pause else ""
    interval = _next(source, last.started_at) - last.started_at
    pause = min(interval * 2**failures, max(interval, LONGEST_PAUSE)) - interval
    begin = max(last.started_at + pause, last.finished_at) if source.cron else last.started_at + pause
    moment = _next(source, begin)
    if not source.cron and moment < last.finished_at:  # it took longer than the interval
        moment += -((moment - last.finished_at) // source.every) * source.every
    return _with_jitter(source, moment), f"failed {failures} times in a row" if pause else ""


def _next(source: Source, moment: datetime) -> datetime:
    return clock.after(source.cron, moment, source.zone) if source.cron else moment + source.every


def _with_jitter(source: Source, moment: datetime) -> datetime:
    """Later by a chance that is the same whoever asks, and whenever."""
    if not source.jitter:
        return moment
    chance = random.Random(f"{source.name} {moment.astimezone(UTC).isoformat()}")
    return moment + chance.random() * source.jitter


def _end_of_day(moment: datetime, source: Source) -> datetime:
    day = moment.astimezone(source.zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=source.zone).astimezone(UTC)
