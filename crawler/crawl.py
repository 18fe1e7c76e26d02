"""Runs the crawl of some sources, all in one process, and says how it went."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler import settings
from crawler.run import COUNTS, Run
from crawler.scheduling.leases import kept
from crawler.scheduling.register import ALONE, Register, Sharing
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
    left: Mapping[str, str]
    """Sources that were left alone, and why, as where another process was crawling them."""

    @property
    def ok(self) -> bool:
        """Whether every source came to its end, or was stopped, and at least one page of it answered."""
        return all(_ok(run) for run in self.runs)

    def __str__(self) -> str:
        lines = [f"{run.source.name}: {run.outcome}{_told(run)}" for run in self.runs]
        lines += [f"{name}: {why}" for name, why in self.left.items()]
        return "\n".join(lines) or "no source to crawl: config/sources.yaml has none that is enabled"


def crawl(sources: Sequence[Source], data: Path, *, contact: str = "", sharing: Sharing = ALONE) -> Summary:
    """Crawl these sources at the same time, each at its own pace; SIGTERM and SIGINT end it in order.

    Only once in a process. Raises StateError where the data directory, or the Redis that workers share, can't be used.
    """
    place = DataDir(data)
    with ExitStack() as stack:
        state = stack.enter_context(place.state())
        register = stack.enter_context(closing(sharing.register(place, state)))
        left = {it.name: stack.enter_context(_alone(it, data, register)) for it in sources}
        runs = [Run.begin(source, state, place, register) for source in sources if not left[source.name]]
        if runs:
            _run(runs, contact, lambda: sharing.register(place))
    return Summary(tuple(runs), {name: why for name, why in left.items() if why})


def _run(runs: Sequence[Run], contact: str, own_register: Callable[[], Register]) -> None:
    began = time.monotonic()
    process = quiet_process()
    crawlers: dict[str, Crawler] = {}
    for run in runs:
        # Above the priority of the process's settings, which Scrapy lays over those of each crawler.
        own = Settings(settings.of(run, contact), priority="cmdline")
        crawlers[run.source.name] = Crawler(SPIDERS[run.source.kind], own)
        process.crawl(crawlers[run.source.name], run=run)

    def lost(source: str) -> None:
        from twisted.internet import reactor

        if isinstance(spider := crawlers[source].spider, SourceSpider):
            reactor.callFromThread(spider.end, "its lease is lost: another worker may have it", "shutdown")

    with kept(own_register, list(crawlers), lost):
        process.start()
    for run in runs:
        if not run.outcome:
            run.error = run.error or "the crawl could not begin"
        run.finish("failed")
        seconds = round(time.monotonic() - began)
        about = {"source": run.source.name, "outcome": run.outcome, "seconds": seconds, "counts": dict(run.counts)}
        log.info("%s: %s in %d s%s", run.source.name, run.outcome, seconds, _told(run), extra=about)


@contextmanager
def _alone(source: Source, data: Path, register: Register) -> Iterator[str]:
    """ "" where nobody else crawls the source, which nobody can until the block is left; else why it is left alone.

    The lock is for this data directory, and is free as soon as its holder is gone; the lease is for all others.
    """
    if source.quiet and (end := source.quiet.until(datetime.now(UTC), source.zone)):
        yield f"quiet hours until {end.astimezone(source.zone):%H:%M}"
        return
    lock = FileLock(data / f"crawl-{source.name}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield "being crawled by another process"
        return
    except OSError as error:
        raise StateError(f"{lock.lock_file}: {error}") from error
    try:
        if register.take(source.name):
            yield ""
            with suppress(StateError):  # it ends by itself
                register.release(source.name)
        else:
            yield "being crawled by another worker"
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
    return run.outcome == "stopped" or (run.outcome == "finished" and run.answered)


def _told(run: Run) -> str:
    """Counts and causes, in words."""
    told = "".join(f", {run.counts[name]} {name}" for name in COUNTS if run.counts[name] or name == "pages")
    return told + (f" ({run.kinds})" if run.kinds else "") + (f": {run.error}" if run.error else "")
