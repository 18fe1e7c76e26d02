"""Main text of pages: dunwatch against trafilatura, GNE and readability, on the same pages in one run.

`python -m bench.extraction`. The pages are those of tests/site and the shapes of tests/data/pages (articles of the
site in the HTML of portals, farms, boards, old table layouts …), and two more sets of shapes with other articles, which
were looked at once before the rules were mended on them: docs/extraction.md has those first figures. Figures: F1 of
character pairs against what was written, and how many titles and times are exactly right. Every text goes through the
same repair and removal of furniture afterwards, as in dunwatch; "raw" is before that.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import trafilatura
from bs4 import BeautifulSoup
from gne import GeneralNewsExtractor
from readability import Document as Readability

from crawler.page import read_page
from indexer.text.dates import parse_time
from indexer.text.furniture import clean
from indexer.text.repair import repair
from tests.shapes import NOW, SECOND, THIRD, ZONE, Case, more, shapes, similarity, site

Figures = tuple[float, float, bool, bool]


@dataclass(frozen=True)
class Got:
    title: str
    text: str
    time: datetime | None


def ours(html: str) -> Got:
    page = read_page(html.encode(), "utf-8", css={}, timezone=ZONE, now=NOW)
    return Got(page.title, page.text, page.published_at)


def by_trafilatura(html: str) -> Got:
    found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    if found is None:
        return Got("", "", None)
    return Got(found.title or "", found.text or "", parse_time(found.date or "", timezone=ZONE, now=NOW))


def by_gne(html: str) -> Got:
    found = GeneralNewsExtractor().extract(html)
    return Got(found["title"], found["content"], parse_time(found["publish_time"], timezone=ZONE, now=NOW))


def by_readability(html: str) -> Got:
    document = Readability(html)
    return Got(document.short_title(), BeautifulSoup(document.summary(), "lxml").get_text("\n"), None)


EXTRACTORS: dict[str, Callable[[str], Got]] = {
    "dunwatch": ours,
    "trafilatura": by_trafilatura,
    "GNE": by_gne,
    "readability": by_readability,
}


def main() -> None:
    sets = {"tests/site and shapes": [*site(), *shapes()], "second set": [*more(SECOND)], "third set": [*more(THIRD)]}
    for half, cases in sets.items():
        figures: dict[str, dict[str, list[Figures]]] = defaultdict(lambda: defaultdict(list))
        for case in cases:
            for name, extract in EXTRACTORS.items():
                measured = measure(case, extract)
                figures[case.shape][name].append(measured)
                figures["all"][name].append(measured)
        print(f"\n{half}: {len(cases)} pages\n{'':20}" + "".join(f"{name:>28}" for name in EXTRACTORS))
        print(f"{'':20}" + "".join(f"{'text   raw title  time':>28}" for _ in EXTRACTORS))
        for shape in sorted(figures, key=lambda shape: shape == "all"):
            print(f"{shape:20}" + "".join(_row(figures[shape][name]) for name in EXTRACTORS))


def measure(case: Case, extract: Callable[[str], Got]) -> Figures:
    """Likeness of the text after cleaning and before; whether title and time are exactly right."""
    try:
        got = extract(case.html)
    except Exception as error:  # a library that breaks on a page got nothing of it
        got = Got("", type(error).__name__, None)
    text = repair(got.text).text
    article = clean(repair(got.title).text, text, timezone=ZONE, now=NOW)
    at = got.time or article.published_at
    timed = case.time is None or (at is not None and abs((at - case.time).total_seconds()) < 60)
    return similarity(article.body, case.text), similarity(text, case.text), article.title.strip() == case.title, timed


def _row(rows: list[Figures]) -> str:
    means = [statistics.mean(float(row[column]) for row in rows) for column in range(4)]
    return f"{'':5}" + " ".join(f"{mean:5.2f}" for mean in means)


if __name__ == "__main__":
    main()
