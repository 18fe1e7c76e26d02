"""config/sources.yaml: which sites are watched, and how politely."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from crawler import presets
from crawler.reading.shape import Css, ListShape, PageShape, Pattern, Rewrite
from crawler.scheduling.clock import Cron, Hours
from indexer import configfile
from indexer.configfile import ConfigError, Duration
from indexer.post import canonical_url, known_zone


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an address that begins with http:// or https://")
    canonical_url(url)  # raises ValueError, as for a port that is no number
    return url


def _growing(steps: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    if list(steps) != sorted(set(steps)):
        raise ValueError("expected times that grow, such as [6h, 1d, 3d]")
    return steps


WebAddress = Annotated[str, Field(max_length=2048), AfterValidator(_web_address)]


FOLLOW_UP = tuple(timedelta(hours=hours) for hours in (6, 24, 72, 168, 336, 720))
"""6 hours, 1, 3, 7, 14 and 30 days."""
LONGEST_DELAY = 3600.0
"""Seconds between two requests, at most."""


_READING = {
    "kind",
    "start",
    "links",
    "links_css",
    "next_page",
    "list",
    "page",
    "rewrite",
    "first_page",
    "css",
    "timezone",
}
"""The keys of a source that say what is read from a page."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """What one crawl of a source may ask of the site."""

    delay: float = Field(default=2.0, ge=0, le=LONGEST_DELAY)
    """Seconds between two requests, at least; the site's own slowness makes it longer."""
    concurrency: int = Field(default=1, ge=1, le=4)
    """Requests at the same time."""
    timeout: float = Field(default=30, gt=0, le=600)
    """Seconds for one page, from asking to its last byte."""
    max_bytes: int = Field(default=10_000_000, ge=1_000, le=100_000_000)
    """Bytes of one page, also after decompression."""
    max_articles: int = Field(default=1000, ge=1)
    """Articles fetched in one crawl; the others are fetched by the next one."""
    max_minutes: float = Field(default=60, gt=0)
    """Minutes after which a crawl begins nothing new."""
    max_known: int = Field(default=1_000_000, ge=100)
    """Pages that are remembered, of all crawls: fetched or waiting."""
    max_pages_a_day: int | None = Field(default=None, ge=1)
    """Requests of any kind in one day of the source's zone, all crawls together."""


class Fields(_Part):
    """CSS of an article's parts, for sites where dunwatch does not find them itself."""

    title: Css | None = None
    text: Css | None = None
    author: Css | None = None
    time: Css | None = None

    def given(self) -> Mapping[str, str]:
        """Only those that are set."""
        return self.model_dump(exclude_none=True)


class Source(_Part):
    """One site that is watched: where its lists are, which of their links are articles, and what those hold.

    A preset stands for the keys that it has; what the source says itself goes before.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    kind: Literal["articles", "feed", "forum", "board", "social"]
    preset: str | None = None
    """A name in crawler/presets.yaml."""
    start: tuple[WebAddress, ...] = Field(min_length=1)
    """Addresses of list pages (articles, forum, board), of RSS, Atom or sitemap files (feed), of timelines (social)."""
    links: tuple[Pattern, ...] = ()
    """Regular expressions; a link that one of them is found in is an article."""
    links_css: Css | None = None
    """CSS of the links to articles, or of what holds them."""
    next_page: Css | None = None
    """CSS of the link to the next list page."""
    max_pages: int = Field(default=5, ge=1, le=10_000)
    """List pages, or files of a feed, for each start address."""
    css: Fields = Fields()
    list: ListShape | None = None
    """A list in JSON (forum, board); left out, lists are pages of HTML."""
    page: PageShape | None = None
    """What the pages of a forum, a board or a timeline hold."""
    rewrite: tuple[Rewrite, ...] = ()
    """Done to each address that a page of a forum, board or timeline leads to, one after the other."""
    first_page: tuple[Rewrite, ...] = ()
    """What makes the address of any page of a thread that of its first one."""
    max_thread_pages: int = Field(default=100, ge=1, le=10_000)
    """Pages of one thread."""
    timezone: Annotated[str, AfterValidator(known_zone)] = "Asia/Shanghai"
    every: Duration = timedelta(hours=6)
    """From the beginning of a crawl to that of the next."""
    cron: Cron | None = None
    """When crawls begin, by the clock of `timezone`, instead of `every`."""
    jitter: Duration | None = None
    """Crawls begin up to so much later, by a chance that differs from source to source."""
    quiet: Hours | None = None
    """Hours of every day, in `timezone`, in which the site is left alone."""
    follow_up: Annotated[tuple[Duration, ...], Field(max_length=20), AfterValidator(_growing)] = FOLLOW_UP
    """Times after its last change at which an article, thread or complaint is looked at again; [] for never."""
    enabled: bool = True
    terms: Literal["allowed", "forbidden", "unknown"] = "unknown"
    """Whether the site's terms of use allow to crawl it; where they forbid it, the source can't be crawled."""
    loopback: bool = False
    """Whether addresses of this machine itself are allowed, for tests and the demo; private networks never are."""
    verify_tls: bool = True
    """Whether the site's certificate must be good; what a site without one says is weaker evidence."""
    limits: Limits = Limits()

    @model_validator(mode="before")
    @classmethod
    def _with_its_preset(cls, keys: Any) -> Any:
        return presets.completed(keys)

    @field_validator("terms")
    @classmethod
    def _is_not_enabled_against_the_terms(cls, terms: str, others: ValidationInfo) -> str:
        if terms == "forbidden" and others.data.get("enabled", True):
            raise ValueError("the site's terms forbid to crawl it: expected `enabled: false`")
        return terms

    @model_validator(mode="after")
    def _has_one_rhythm(self) -> "Source":
        if self.cron and "every" in self.model_fields_set:
            raise ValueError("expected either `every` or `cron`")
        return self

    @model_validator(mode="after")
    def _says_what_an_article_is(self) -> "Source":
        by_links = self.kind == "articles" or (self.kind == "forum" and not self.list)
        if by_links and not self.links and not self.links_css:
            what = "links are articles" if self.kind == "articles" else "links are threads (or a `list` in JSON)"
            raise ValueError(f"expected `links` or `links_css`, to know which {what}")
        if self.kind in ("forum", "board", "social") and not self.page:
            raise ValueError(f"expected `preset` or `page`, to know what a page of a {self.kind} holds")
        return self

    def as_json(self) -> str:
        """As `Source.model_validate_json` takes it: the keys that were given, by the file or by the preset."""
        return self.model_dump_json(exclude_unset=True)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def reading(self) -> str:
        """A name of how pages are read: another one where a page that stayed the same may hold something else."""
        how = self.model_dump_json(include=_READING)
        return hashlib.sha256(how.encode()).hexdigest()[:12]

    def day(self, now: datetime) -> str:
        """The day of the source's zone, as 2026-11-13."""
        return now.astimezone(self.zone).date().isoformat()

    def rewritten(self, url: str, *, first_page: bool = False) -> str:
        """The canonical address under which a page that is linked to as `url` is known, or the thread that it is of."""
        for rule in (*self.rewrite, *(self.first_page if first_page else ())):
            url = re.sub(rule.find, rule.put, url)
        return canonical_url(url)


class Sources(_Part):
    """The whole of config/sources.yaml."""

    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Sources":
        names = [source.name for source in self.sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources have the name {', '.join(twice)}")
        return self

    @classmethod
    def load(cls, config: Path) -> "Sources":
        """The sources in the folder `config`; none where it has no sources.yaml. Raises ConfigError."""
        file = config / "sources.yaml"
        return cls.read(file) if file.exists() else cls()

    @classmethod
    def read(cls, file: Path) -> "Sources":
        """The sources in that file. Raises ConfigError."""
        return configfile.load(file, cls)

    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.enabled)

    def named(self, names: Sequence[str]) -> tuple[Source, ...]:
        """The sources of these names, enabled or not; all that are enabled where none is given. Raises ConfigError."""
        known = {source.name: source for source in self.sources}
        if unknown := [name for name in names if name not in known]:
            there = ", ".join(known) or "none"
            raise ConfigError(f"no source is named {', '.join(unknown)}; there are: {there}")
        if against := [name for name in names if known[name].terms == "forbidden"]:
            raise ConfigError(f"{', '.join(against)}: `terms: forbidden`: the site's terms forbid to crawl it")
        return tuple(known[name] for name in dict.fromkeys(names)) if names else self.enabled()
