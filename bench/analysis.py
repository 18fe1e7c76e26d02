"""Documents per second: the whole analysis of a post against stock snownlp's sentiment of the same text, in one run.

`python -m bench.analysis [--documents 300] [--rounds 3]`. The two alternate, so that what else the machine does hits
both; printed are the medians and their ratio, and the share of each step of the analysis.
Then the same of typical clean posts of 300 characters, no two of them alike, one by one: the least of the rounds for
each post, which the rest of the machine disturbs less; with the time of each step, and how many times the slowest one
the whole takes. Last, documents/s by the clock of one and of two processes of the analysis, posts handed over and back.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from snownlp import SnowNLP

from bench.meaning import labelled
from indexer.analyse import Analyser
from indexer.indexing import BATCH
from indexer.metrics.stopwatch import Stopwatch
from indexer.post import Post
from indexer.settings import Settings
from indexer.spool import Spooled
from indexer.workers import Workers
from tests.articles import COMPLAINT, FARM, OTHER_FARM
from tests.damage import annotated

TYPICAL = 300
"""Characters of a typical post."""
ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 2, tzinfo=UTC)
STEPS = {
    "repair": ("repair.py", "repair"),
    "furniture": ("furniture.py", "clean"),
    "masking": ("masker.py", "mask"),
    "lenders": ("lenders.py", "find"),
    "practices": ("practices.py", "find"),
    "voice": ("voice.py", "voice"),
    "sentiment": ("sentiment.py", "score"),
    "story": ("fingerprint.py", "story_of"),
}
"""The file and the function of each step."""


def posts(count: int) -> list[Post]:
    """Posts of some 300 to 900 characters: clean complaints, and farm articles damaged each in its own way."""
    chance = random.Random(1)
    lines = [line for text in (COMPLAINT, FARM, OTHER_FARM) for line in text.splitlines() if len(line) > 30]
    made = []
    for number in range(count):
        text = "\n".join(chance.choices(lines, k=chance.randint(4, 10)))
        if number % 3 == 0:
            text = annotated(text, share=0.4, seed=number)
        made.append(Post(url=f"https://example.com/{number}", source="bench", text=text, fetched_at=NOW))
    return made


def typical(count: int) -> list[Post]:
    """Clean posts of some 300 characters: complaints, news, guides, promotion and statements, put together anew."""
    texts = [row["text"] for half in ("tune", "held") for row in labelled("voice", half)]
    chance = random.Random(2)
    made: list[Post] = []
    text = ""
    while True:
        chance.shuffle(texts)
        for more in texts:
            text = f"{text}\n{more}".strip()
            if len(text) >= TYPICAL:
                made.append(
                    Post(url=f"https://example.com/{len(made)}", source="bench", text=text[:330], fetched_at=NOW)
                )
                text = ""
            if len(made) == count:
                return made


def seconds(work: Callable[[Post], object], posts: list[Post]) -> float:
    begin = time.perf_counter()
    for post in posts:
        work(post)
    return time.perf_counter() - begin


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=300)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    sample = posts(given.documents)
    analyser = Analyser(ROOT / "config", Settings(), b"bench")

    def ours(post: Post) -> object:
        return analyser.document(post, NOW)

    def stock(post: Post) -> object:
        return SnowNLP(post.text).sentiments

    ours(sample[0]), stock(sample[0])
    times: dict[str, list[float]] = {"dunwatch": [], "snownlp": []}
    for _ in range(given.rounds):
        times["snownlp"].append(seconds(stock, sample))
        times["dunwatch"].append(seconds(ours, sample))
    rate = {name: given.documents / statistics.median(taken) for name, taken in times.items()}
    characters = statistics.mean(len(post.text) for post in sample)
    print(f"{given.documents} posts of {characters:.0f} characters on average, one process")
    print(f"stock snownlp, sentiment only: {rate['snownlp']:8.1f} documents/s")
    print(f"dunwatch, whole analysis:      {rate['dunwatch']:8.1f} documents/s")
    print(f"ratio: {rate['dunwatch'] / rate['snownlp']:.2f}")
    profile(ours, sample)
    clean = typical(given.documents)
    characters = statistics.mean(len(post.text) for post in clean)
    print(f"clean posts of {characters:.0f} characters, one process:")
    steps(analyser, clean, given.rounds)
    for jobs in (1, 2):
        print(f"{jobs} processes of the analysis: {by_workers(jobs, clean, given.rounds):.0f} documents/s")


def steps(analyser: Analyser, sample: list[Post], rounds: int) -> None:
    """What each step takes where nothing disturbs it: of each post the quickest of the rounds."""
    least: list[dict[str, float]] = [{} for _ in sample]
    for _ in range(rounds):
        for post, known in zip(sample, least, strict=True):
            watch = Stopwatch()
            analyser.document(post, NOW, watch)
            watch.lap("document")
            known |= {step: min(taken, known.get(step, taken)) for step, taken in watch.laps.items()}
    spent = {step: sum(known[step] for known in least) for step in least[0]}
    total = sum(spent.values())
    print(f"    {len(sample) / total:.0f} documents/s, {total / max(spent.values()):.1f} times the slowest step")
    for step, taken in sorted(spent.items(), key=lambda it: -it[1]):
        print(f"    {step:11} {taken / total:4.0%} {1000 * taken / len(sample):7.3f} ms a document")


def by_workers(jobs: int, sample: list[Post], rounds: int) -> float:
    """Documents a second by the clock, in the quickest of the rounds."""
    spooled = [Spooled(seq, 0, NOW, post) for seq, post in enumerate(sample)]
    taken = []
    with Workers(jobs, (ROOT / "config", Settings(), b"bench", None), chunk=BATCH // (4 * jobs)) as workers:
        workers.analyse(spooled[: 4 * BATCH])
        for _ in range(rounds):
            begin = time.perf_counter()
            workers.analyse(spooled)
            taken.append(time.perf_counter() - begin)
    return len(sample) / min(taken)


def profile(work: Callable[[Post], object], sample: list[Post]) -> None:
    """Where the time goes, by step."""
    profiler = cProfile.Profile()
    profiler.runcall(seconds, work, sample)
    spent: dict[tuple[str, str], float] = {}
    for (file, _, function), figures in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        spent[Path(file).name, function] = figures[3]
    total = spent["analyse.py", "document"]
    shares = {step: spent.get(place, 0.0) / total for step, place in STEPS.items()}
    for step, share in sorted(shares.items(), key=lambda it: -it[1]):
        print(f"    {step:11} {share:4.0%} {1000 * share * total / len(sample):7.3f} ms a document, under the profiler")


if __name__ == "__main__":
    main()
