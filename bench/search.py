"""What a search page costs: 20 hits by relevance, total, all facets and the daily trend, against the plain way.

`python -m bench.search [--documents 100000] [--rounds 5] [--index DIR]`. Fills an embedded store and, side by side,
SQLite's FTS5 over the same bigrams (facets and days by SQL over tables), and asks both for the same pages. Prints load
rates, sizes, medians and their ratio, then what the web page takes for its answer, rendered: median of each query, and
the 95th percentile over all. With --index, only the web page is measured, over an index that is there or is made.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from starlette.testclient import TestClient

from indexer.commands import Place
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.health import Health
from indexer.settings import Settings
from indexer.store import open_store
from indexer.store.base import FACETS, Search, Store
from indexer.store.embedded_fields import keywords
from indexer.store.query import parse
from indexer.store.tokens import bigrams, words
from indexer.web.app import create_app
from indexer.web.known import Known
from tests.articles import COMPLAINT, HARSH, INTEREST
from tests.documents import FIRST, document

QUERIES = ("暴力催收", "协商", "催", "通讯录 NOT 律师函", "")
LENDERS = ("招联消费金融", "马上消费金融", "苏宁金融", "蚂蚁消费金融", "中邮消费金融", "平安普惠", "微粒贷", "京东金融")
SENTENCES = [
    *[line for line in (COMPLAINT + HARSH + INTEREST).replace("，", "。").replace("\n", "。").split("。") if line],
    "法院判决被告书面赔礼道歉", "收到一封律师函", "客服很耐心", "每天十几个电话", "逾期之后罚息很高", "要求停止骚扰",
]  # fmt: skip
BATCH = 2_000
CONFIG = Path(__file__).parent.parent / "config"


def documents(count: int, sentences: int = 18) -> Iterator[Document]:
    """Documents of some 300 characters (18 sentences) over two years."""
    chance = random.Random(3)
    for number in range(count):
        body = "。".join(chance.choices(SENTENCES, k=sentences)) + f"。编号{number}"
        yield document(
            number,
            body=body,
            lenders=tuple(chance.sample(LENDERS, chance.choice((0, 1, 1, 1, 2)))),
            voice=chance.choice(("complaint", "news", "guide", "promotion")),
            source=f"source-{chance.randint(1, 30)}",
            sentiment=round(chance.random(), 4),
            published_at=FIRST + timedelta(minutes=chance.randint(0, 60 * 24 * 700)),
        )


def batches(count: int) -> Iterator[list[Document]]:
    made = documents(count)
    while batch := list(islice(made, BATCH)):
        yield batch


class Plain:
    """SQLite FTS5 over bigrams, with a table of values to count."""

    def __init__(self, file: Path) -> None:
        self.db = sqlite3.connect(file)
        self.db.executescript(
            "pragma journal_mode=wal; create virtual table text using fts5(grams, tokenize='unicode61');"
            "create table document (rowid integer primary key, day text, sentiment real, json text);"
            "create table value (document integer, name text, value text)"
        )

    def put(self, batch: Iterable[Document]) -> None:
        with self.db:
            for it in batch:
                grams = " ".join(bigrams(words(f"{it.title}\n{it.body}")))
                row = self.db.execute("insert into text (grams) values (?)", (grams,)).lastrowid
                day = (it.at + timedelta(hours=8)).date().isoformat()
                fields = (row, day, it.sentiment, it.model_dump_json())
                self.db.execute("insert into document values (?, ?, ?, ?)", fields)
                values = [(row, name, value) for name in FACETS for value in keywords(it)[name]]
                self.db.executemany("insert into value values (?, ?, ?)", values)

    def ready(self) -> None:
        self.db.execute("create index value_of on value (document)")

    def page(self, query: str) -> int:
        """Phrases of two and more characters, AND by default, NOT: what FTS5 has as well."""
        parts = [part if part == "NOT" else '"' + " ".join(bigrams(words(part))) + '"' for part in query.split()]
        found = (
            f"select rowid from text where text match '{' '.join(parts)}'" if parts else "select rowid from document"
        )
        order = " order by rank" if parts else " order by rowid"
        list(self.db.execute(f"select json from document where rowid in ({found}{order} limit 20)"))
        self.db.execute(f"create temp table hit as {found}")
        (total,) = self.db.execute("select count(*) from hit").fetchone()
        facet = "select name, value, count(*) from value join hit on document = hit.rowid group by 1, 2"
        list(self.db.execute(facet))
        days = "select day, count(*), avg(sentiment) from document join hit using (rowid) group by 1"
        list(self.db.execute(days))
        self.db.execute("drop table hit")
        return int(total)


def page(store: Store, query: str) -> int:
    return store.survey(Search(text=parse(query)), limit=20, facets=FACETS).results.total


def taken(work: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each round."""
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return found


def median(work: Callable[[], object], rounds: int) -> float:
    return statistics.median(taken(work, rounds))


def web_page(store: Store, rounds: int) -> None:
    """What the web page takes to answer, as its server is asked in this process."""
    settings = Settings(store="embedded")
    place = Place(CONFIG, settings, DataDir(Path(tempfile.mkdtemp(prefix="dunwatch-bench-"))))
    client = TestClient(
        create_app(store, place, Known.load(CONFIG), status=lambda: Health(0, 0, ())), "http://localhost"
    )
    every = []
    for query in QUERIES:
        answer = client.get("/search", params={"q": query})
        assert answer.status_code == 200
        found = taken(lambda query=query: client.get("/search", params={"q": query}), rounds)  # type: ignore[misc]
        every += found
        told = f"web page, {query or '(everything)'}: median {statistics.median(found) * 1e3:.1f} ms"
        print(f"{told}, {len(answer.content) // 1000} kB")
    print(f"web page: 95th percentile of {len(every)}: {statistics.quantiles(every, n=20)[-1] * 1e3:.1f} ms")


def load(put: Callable[[list[Document]], object], count: int) -> float:
    """Documents per second, making them not counted."""
    taken = 0.0
    for batch in batches(count):
        begin = time.perf_counter()
        put(batch)
        taken += time.perf_counter() - begin
    return count / taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--index", type=Path)
    given = options.parse_args()
    if given.index:
        store = open_store("embedded", given.index, writable=True)
        if not store.count():
            load(store.put, given.documents)
        print(f"{store.count()} documents")
        web_page(store, given.rounds)
        return
    folder = Path(tempfile.mkdtemp(prefix="dunwatch-bench-"))
    store, plain = open_store("embedded", folder / "index", writable=True), Plain(folder / "plain.sqlite")
    print(f"{given.documents} documents")
    print(f"load: dunwatch {load(store.put, given.documents):.0f} documents/s (durable every {BATCH})", end=", ")
    print(f"SQLite FTS5 {load(plain.put, given.documents):.0f} documents/s")
    plain.ready()
    size = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file())
    print(f"size: dunwatch {size / 1e6:.0f} MB, SQLite FTS5 {(folder / 'plain.sqlite').stat().st_size / 1e6:.0f} MB")
    for query in QUERIES:
        ours = median(lambda query=query: page(store, query), given.rounds)  # type: ignore[misc]
        told = f"{query or '(everything)'}: {page(store, query)} hits, dunwatch {ours * 1e3:.1f} ms"
        if len(query) != 1:  # bigrams can't answer a single character
            theirs = median(lambda query=query: plain.page(query), given.rounds)  # type: ignore[misc]
            told += f", SQLite FTS5 {theirs * 1e3:.1f} ms, ratio {theirs / ours:.1f}"
        print(told)
    web_page(store, given.rounds)
    store.close()


if __name__ == "__main__":
    main()
