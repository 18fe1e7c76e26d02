"""Documents per second: the whole analysis of a post against stock snownlp's sentiment of the same text, in one run.

`python -m bench.analysis [--documents 300] [--rounds 3]`. The two alternate, so that what else the machine does hits
both; printed are the medians and their ratio, and the share of each step of the analysis.
Then the same of typical clean posts of 300 characters, in processor time, which the rest of the machine disturbs less.
"""

import argparse
import cProfile
import itertools
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
from indexer.post import Post
from indexer.settings import Settings
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
    """Clean posts of some 300 characters: complaints, news, guides, promotion and statements in turn."""
    texts = [row["text"] for half in ("tune", "held") for row in labelled("voice", half)]
    random.Random(2).shuffle(texts)
    made: list[Post] = []
    text = ""
    for more in itertools.cycle(texts):
        text = f"{text}\n{more}".strip()
        if len(text) >= TYPICAL:
            made.append(Post(url=f"https://example.com/{len(made)}", source="bench", text=text[:330], fetched_at=NOW))
            text = ""
        if len(made) == count:
            return made
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
    spent = []
    for _ in range(given.rounds):
        begin = time.process_time()
        seconds(ours, clean)
        spent.append(time.process_time() - begin)
    rate_clean = given.documents / min(spent)
    characters = statistics.mean(len(post.text) for post in clean)
    print(f"clean posts of {characters:.0f} characters: {rate_clean:.0f} documents/s of processor time")
    profile(ours, clean)


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
