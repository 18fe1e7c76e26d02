"""Pages per second: a crawl of dunwatch against a bare Scrapy spider that only fetches, on the same site in one run.

`python -m bench.crawl [--pages 400] [--rounds 3]`. Both crawl a site on this machine with 4 requests at once and no
delay, each in a process of its own; the time is from process start to its end, less that of a crawl of one page. The
bare spider follows the same links and yields each page's URL; dunwatch obeys robots.txt, archives each page as WARC,
extracts it and queues it durably.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.crawler.crawling import ROOT, command, farm
from tests.site.pages import Page
from tests.site.server import Site

BARE = ROOT / "bench/plain/scrapy_spider.py"


def fill(site: Site, articles: list[Page], pages: int) -> None:
    """The articles, again and again under other addresses, behind one list page."""
    site.pages = {path: page for path, page in site.pages.items() if path == "/robots.txt"}
    links = "".join(f'<p><a href="{number}.html">第{number}篇</a></p>' for number in range(pages))
    site.pages["/farm/"] = Page(f"<html><body>{links}</body></html>".encode())
    site.pages |= {f"/farm/{number}.html": articles[number % len(articles)] for number in range(pages)}


def bare(url: str) -> list[str]:
    return [sys.executable, str(BARE), url]


def ours(url: str) -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="dunwatch-bench-"))
    limits = {"delay": 0, "concurrency": 4, "max_articles": 100_000}
    return command(folder, farm(url, limits=limits))


def seconds(words: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=400)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    rates: dict[str, list[float]] = {"bare Scrapy": [], "dunwatch": []}
    with Site() as site:
        articles = [page for path, page in site.pages.items() if path.startswith("/farm/1")]
        for _ in range(given.rounds):
            for name, words in (("bare Scrapy", bare), ("dunwatch", ours)):
                fill(site, articles, 1)
                one = seconds(words(site.url))
                fill(site, articles, given.pages)
                rates[name].append((given.pages - 1) / (seconds(words(site.url)) - one))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in medians.items():
        print(f"{name:12} {rate:7.1f} pages/s")
    print(f"ratio: {medians['dunwatch'] / medians['bare Scrapy']:.2f}")


if __name__ == "__main__":
    main()
