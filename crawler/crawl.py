"""Runs the crawl of some sources, all in one process, and says how it went."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler import settings
from crawler.run import COUNTS, Run
from crawler.sources import Source
from crawler.spiders.articles import ArticlesSpider
from crawler.spiders.base import SourceSpider
from crawler.spiders.board import BoardSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.forum import ForumSpider
from crawler.spiders.social import SocialSpider
from indexer.datadir import DataDir
from indexer.state import StateError

log = logging.getLogger("dunwatch")

SPIDERS: dict[str, type[SourceSpider]] = {
    it.name: it for it in (ArticlesSpider, FeedSpider, ForumSpider, BoardSpider, SocialSpider)
}


@dataclass(frozen=True)
class Summary:
    """How the crawl of every source went. `str()` is a line a source."""

    runs: tuple[Run, ...]
    busy: tuple[str, ...]
    """Sources that another process was crawling, which were left to it."""

    @property
    def ok(self) -> bool:
        """Whether every source came to its end, or was stopped, and at least one page of it answered."""
        return all(_ok(run) for run in self.runs)

    def __str__(self) -> str:
        lines = [f"{run.source.name}: {run.outcome}{_told(run)}" for run in self.runs]
        lines += [f"{name}: being crawled by another process" for name in self.busy]
        return "\n".join(lines) or "no source to crawl: config/sources.yaml has none that is enabled"


def crawl(sources: Sequence[Source], data: Path, *, contact: str = "") -> Summary:
    """Crawl these sources at the same time, each at its own pace; SIGTERM and SIGINT end it in order.

    Only once in a process. Raises StateError where the data directory can't be used.
    """
    place = DataDir(data)
    with ExitStack() as stack:
        state = stack.enter_context(place.state())
        free = [source for source in sources if stack.enter_context(_alone(source, data))]
        runs = [Run.begin(source, state, place) for source in free]
        if runs:
            _run(runs, contact)
    return Summary(tuple(runs), tuple(source.name for source in sources if source not in free))


def _run(runs: Sequence[Run], contact: str) -> None:
    began = time.monotonic()
    process = quiet_process()
    for run in runs:
        # Above the priority of the process's settings, which Scrapy lays over those of each crawler.
        own = Settings(settings.of(run.source, contact), priority="cmdline")
        process.crawl(Crawler(SPIDERS[run.source.kind], own), run=run)
    process.start()
    for run in runs:
        if not run.outcome:
            run.error = run.error or "the crawl could not begin"
        run.finish("failed")
        seconds = round(time.monotonic() - began)
        about = {"source": run.source.name, "outcome": run.outcome, "seconds": seconds, "counts": dict(run.counts)}
        log.info("%s: %s in %d s%s", run.source.name, run.outcome, seconds, _told(run), extra=about)


@contextmanager
def _alone(source: Source, data: Path) -> Iterator[bool]:
    """Whether no other process crawls the source; none can until the block is left."""
    lock = FileLock(data / f"crawl-{source.name}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StateError(f"{lock.lock_file}: {error}") from error
    try:
        yield True
    finally:
        lock.release()


def quiet_process() -> AsyncCrawlerProcess:
    """Scrapy telling only its own errors: what goes wrong with pages is counted and told by the spiders."""
    logging.disable(logging.INFO)  # it introduces itself, at a level that it sets itself
    try:
        process = AsyncCrawlerProcess(settings.common())
    finally:
        logging.disable(logging.NOTSET)
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    return process


def _ok(run: Run) -> bool:
    answered = run.counts["pages"] + run.counts["unchanged"] > 0
    return run.outcome == "stopped" or (run.outcome == "finished" and answered)


def _told(run: Run) -> str:
    """Counts and causes, in words."""
    told = "".join(f", {run.counts[name]} {name}" for name in COUNTS if run.counts[name] or name == "pages")
    kinds = [f"{count} {kind.partition('.')[2]}" for kind, count in run.counts.items() if kind.startswith("errors.")]
    return told + (f" ({', '.join(kinds)})" if kinds else "") + (f": {run.error}" if run.error else "")
