"""Pages per second: a crawl of dunwatch against a bare Scrapy spider that only fetches, on the same site in one run.

`python -m bench.crawl [--pages 20000] [--rounds 1]`. Both crawl a site on this machine, lists of a hundred links each,
with 4 requests at once and no delay, each in a process of its own; the time is from process start to its end, less that
of a crawl of one page; where the machine has other work, compare the processor time. The bare spider follows the same
links and yields each page's URL; dunwatch obeys robots.txt, archives each page as WARC, extracts it and queues it
durably.

`python -m bench.crawl --memory 200000` crawls that many with dunwatch alone, and tells its memory on the way (Linux).
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.crawler.crawling import ROOT, command, farm
from tests.site.pages import Page
from tests.site.server import Site

BARE = ROOT / "bench/plain/scrapy_spider.py"
A_LIST = 100
"""Links on a list page."""
MOST = 1_000_000


def fill(site: Site, articles: list[Page], pages: int) -> None:
    """The articles, again and again under other addresses, behind list pages that lead to one another."""
    site.pages = {path: page for path, page in site.pages.items() if path == "/robots.txt"}
    lists = -(-pages // A_LIST)
    for number in range(lists):
        some = range(number * A_LIST, min(pages, (number + 1) * A_LIST))
        links = "".join(f'<p><a href="/farm/{place}.html">第{place}篇</a></p>' for place in some)
        following = f'<a class="next" href="/farm/list_{number + 1}.htm">下一页</a>' if number + 1 < lists else ""
        path = f"/farm/list_{number}.htm" if number else "/farm/"
        site.pages[path] = Page(f"<html><body>{links}{following}</body></html>".encode())
    site.pages |= {f"/farm/{number}.html": articles[number % len(articles)] for number in range(pages)}


def bare(url: str, _folder: Path) -> list[str]:
    return [sys.executable, str(BARE), url]


def dunwatch(url: str, folder: Path) -> list[str]:
    limits = {"delay": 0, "concurrency": 4, "max_articles": MOST, "max_minutes": 600}
    return command(folder, farm(url, limits=limits, max_pages=10_000))


class Took(NamedTuple):
    """Seconds from start to end, and of the processor."""

    wall: float
    cpu: float


def took(words: list[str]) -> Took:
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Took(time.perf_counter() - begin, cpu)


def rates(site: Site, articles: list[Page], pages: int, rounds: int) -> None:
    """Print pages a second of both, by the clock and by processor time, and their ratios."""
    found: dict[str, list[Took]] = {"bare Scrapy": [], "dunwatch": []}
    for _ in range(rounds):
        for name, words in (("bare Scrapy", bare), ("dunwatch", dunwatch)):
            spent = []
            for count in (1, pages):
                fill(site, articles, count)
                with tempfile.TemporaryDirectory(prefix="dunwatch-bench-") as folder:
                    spent.append(took(words(site.url, Path(folder))))
                assert sum(it.path != "/robots.txt" for it in site.requests) == count + -(-count // A_LIST)
                site.requests.clear()
            one, many = spent
            found[name].append(Took((pages - 1) / (many.wall - one.wall), (pages - 1) / (many.cpu - one.cpu)))
    rate = {name: Took(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()}
    for name, it in rate.items():
        print(f"{name:12} {it.wall:7.1f} pages/s {it.cpu:7.1f} pages/s of processor time")
    ours, plain = rate["dunwatch"], rate["bare Scrapy"]
    print(f"ratio: {ours.wall / plain.wall:.2f}, of processor time {ours.cpu / plain.cpu:.2f}")


def memory(site: Site, articles: list[Page], pages: int) -> None:
    """Print the crawl's resident memory each time that another tenth of the pages was asked for."""
    fill(site, articles, pages)
    with tempfile.TemporaryDirectory(prefix="dunwatch-bench-") as folder:
        begin = time.perf_counter()
        words = dunwatch(site.url, Path(folder))
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as crawl:
            for asked, megabytes in _watched(site, crawl, pages // 10):
                print(f"{asked:7} pages {megabytes:5.0f} MB {asked / (time.perf_counter() - begin):6.1f}/s", flush=True)


def _watched(site: Site, crawl: "subprocess.Popen[bytes]", step: int) -> Iterator[tuple[int, float]]:
    told = 0
    while crawl.poll() is None:
        time.sleep(0.5)
        if (asked := len(site.requests)) >= told + step:
            told = asked
            status = Path(f"/proc/{crawl.pid}/status").read_text(encoding="ascii")
            (line,) = (it for it in status.splitlines() if it.startswith("VmRSS"))
            yield asked, int(line.split()[1]) / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--memory", type=int, metavar="PAGES")
    given = options.parse_args()
    with Site() as site:
        articles = [page for path, page in site.pages.items() if path.startswith("/farm/1")]
        if given.memory:
            memory(site, articles, given.memory)
        else:
            rates(site, articles, given.pages, given.rounds)


if __name__ == "__main__":
    main()
