"""A look at a few pages of a site, one at a time and as politely as a crawl, for a person who waits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from crawler import settings
from crawler.crawl import quiet_process
from crawler.failures import kind_of
from crawler.run import Run
from crawler.scheduling.register import ALONE
from crawler.sources import Source
from crawler.spiders.base import SourceSpider
from indexer.datadir import DataDir

T = TypeVar("T")
Fetch = Callable[[str], Awaitable[Response]]
"""Gives the page at an address. Raises NoPage."""


class NoPage(Exception):
    """A page that can't be had; the message says why."""


def visit(source: Source, contact: str, look: Callable[[Fetch, Run], Awaitable[T]]) -> T:
    """What `look` makes of the pages that it fetches, within the limits of `source`. Only once in a process.

    Nothing is kept. Raises what `look` raises.
    """
    with TemporaryDirectory() as folder:
        place = DataDir(Path(folder))
        with place.state() as state:
            run = Run.begin(source, state, place, ALONE.register(place, state))
            done: list[T | BaseException] = []
            process = quiet_process()
            own = Settings(settings.of(run, contact), priority="cmdline")
            process.crawl(Crawler(_Visitor, own), run=run, look=look, done=done)
            process.start()
    (outcome,) = done or [NoPage("the visit could not begin")]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


class _Visitor(SourceSpider, Generic[T]):
    """Fetches what `look` asks for, in the order in which it asks, through all that a crawl goes through."""

    name = "visitor"

    def __init__(self, run: Run, look: Callable[[Fetch, Run], Awaitable[T]], done: list[Any], **words: Any) -> None:
        super().__init__(run, **words)
        self.look, self.done = look, done

    async def start(self) -> AsyncIterator[Any]:
        try:
            self.done.append(await self.look(self._fetch, self.run))
        except Exception as error:  # told to whoever waits for it
            self.done.append(error)
        for request in list[Request]():  # a spider's start is a generator, and this one asks by itself
            yield request

    async def _fetch(self, url: str) -> Response:
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(Request(url, dont_filter=True))
        except IgnoreRequest as error:
            raise NoPage(f"{url}: {error}") from None
        except Exception as error:
            raise NoPage(f"{url}: {kind_of(error)}") from None
        if response.status != 200:
            raise NoPage(f"{url}: http {response.status}")
        return response
