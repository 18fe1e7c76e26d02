"""Pages of many families of sites: dunwatch, GNE, trafilatura and readability on the same pages in one run.

`python -m bench.families [--half held] [--show FIELD]`. The pages are those of tests/families.py, one for each family.
dunwatch reads the bytes, as a crawl does; the libraries are given the page as text in the right charset, trafilatura
its address as well. Every text goes through dunwatch's repair and removal of furniture, and what bylines in it say
counts for all. Text and replies: F1 of character pairs. Title and author: share exactly right, none where the page
shows none. Time: to the minute where the page says it so, else the day; day: the day alone. `--show` lists what is
wrong.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from zoneinfo import ZoneInfo

import trafilatura
from bs4 import BeautifulSoup
from gne import GeneralNewsExtractor
from readability import Document as Readability

from crawler.page import read_page
from indexer.text.dates import day_in_url, parse_time
from indexer.text.furniture import clean
from indexer.text.repair import repair
from tests.families import HELD, TUNE, Page, families
from tests.shapes import ZONE, similarity

FIELDS = ("title", "text", "author", "time", "day", "replies")


@dataclass(frozen=True)
class Got:
    title: str = ""
    text: str = ""
    author: str = ""
    time: datetime | None = None
    replies: str = ""


def ours(page: Page) -> Got:
    found = read_page(page.body, None, css={}, timezone=ZONE, now=page.now)
    article = clean("", repair(found.text).text, timezone=ZONE, now=page.now)
    at = found.published_at or article.published_at or day_in_url(page.url, timezone=ZONE, now=page.now)
    return Got(found.title, found.text, found.author, at, "".join(it.text for it in found.replies))


def by_trafilatura(page: Page) -> Got:
    found = trafilatura.bare_extraction(page.html, url=page.url, with_metadata=True)
    if found is None:
        return Got()
    at = parse_time(found.date or "", timezone=ZONE, now=page.now)
    return Got(found.title or "", found.text or "", found.author or "", at, found.comments or "")


def by_gne(page: Page) -> Got:
    found = GeneralNewsExtractor().extract(page.html)
    at = parse_time(found["publish_time"], timezone=ZONE, now=page.now)
    return Got(found["title"], found["content"], found["author"], at)


def by_readability(page: Page) -> Got:
    document = Readability(page.html)
    return Got(document.short_title(), BeautifulSoup(document.summary(), "lxml").get_text("\n"))


EXTRACTORS: dict[str, Callable[[Page], Got]] = {
    "dunwatch": ours,
    "GNE": by_gne,
    "trafilatura": by_trafilatura,
    "readability": by_readability,
}


def measure(page: Page, extract: Callable[[Page], Got]) -> dict[str, float | None]:
    """Each field from 0 to 1; None where it isn't asked."""
    try:
        got = extract(page)
    except Exception:  # a library that breaks on a page got nothing of it
        got = Got()
    article = clean(repair(got.title).text, repair(got.text).text, timezone=ZONE, now=page.now)
    at = got.time or article.published_at
    shown = "".join(it.text for it in page.replies)
    return {
        "title": None if page.title is None else article.title.strip() == page.title,
        "text": similarity(article.body, page.text),
        "author": (got.author or article.author) == page.author,
        "time": _same_day(at, page.time) if page.to_the_day else _same_minute(at, page.time),
        "day": _same_day(at, page.time),
        "replies": similarity(repair(got.replies).text, shown) if shown else None if not got.replies else 0.0,
    }


def _same_minute(at: datetime | None, meant: datetime | None) -> bool:
    return at is meant if at is None or meant is None else abs((at - meant).total_seconds()) < 60


def _same_day(at: datetime | None, meant: datetime | None) -> bool:
    zone = ZoneInfo(ZONE)
    return at is meant if at is None or meant is None else at.astimezone(zone).date() == meant.astimezone(zone).date()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--half", choices=("tune", "held"), default="held")
    options.add_argument("--show", default="", choices=("", *FIELDS), metavar="FIELD")
    given = options.parse_args()
    pages = list(families(HELD if given.half == "held" else TUNE))
    print(f"{len(pages)} pages of the {given.half} half\n| | {' | '.join(FIELDS)} |\n|---|{'---|' * len(FIELDS)}")
    for name, extract in EXTRACTORS.items():
        measured = [measure(page, extract) for page in pages]
        means = [mean(value for it in measured if (value := it[field]) is not None) for field in FIELDS]
        print(f"| {name} | {' | '.join(f'{it:.2f}' for it in means)} |", flush=True)
        if given.show:
            for page, it in zip(pages, measured, strict=True):
                if (value := it[given.show]) is not None and value < 0.95:
                    print(f"    {page.family}: {value:.2f}")


if __name__ == "__main__":
    main()
