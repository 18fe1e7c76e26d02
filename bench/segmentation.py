"""Characters a second of snownlp's segmentation and naive Bayes: stock, in plain Python, compiled; and the start.

`python -m bench.segmentation [--characters 30000] [--rounds 4]`. All three read the same reviews and sentences of the
field in turn, so that what else the machine does hits all; the compiled one reads them many times over, to be timed at
all. Checked in the same run: words and scores are the same, on ten times as many characters where both are ours.
"""

import argparse
import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from snownlp import SnowNLP, seg

from indexer.meaning import compiled, plain
from indexer.meaning.bayes import Bayes
from indexer.meaning.model.train import field, shipped
from indexer.meaning.tables import tables

AGAIN = 50
START = "import time; begin = time.perf_counter(); {}; print(time.perf_counter() - begin)"
STARTS = {
    "snownlp": "import snownlp",
    "ours": "from indexer.meaning.sentiment import Sentiment; Sentiment().sentence('催收')",
}


def sample(characters: int) -> list[str]:
    """Reviews and sentences of the field, mixed, of so many characters at least."""
    texts = [text for _, text in shipped() + field() * 10]
    random.Random(4).shuffle(texts)
    chosen, count = [], 0
    while count < characters:
        chosen.append(texts.pop())
        count += len(chosen[-1])
    return chosen


def seconds(work: Callable[[str], object], texts: Sequence[str], again: int = 1) -> float:
    """Of the processor, for all texts once."""
    begin = time.process_time()
    for _ in range(again):
        for text in texts:
            work(text)
    return (time.process_time() - begin) / again


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--characters", type=int, default=30_000)
    options.add_argument("--rounds", type=int, default=4)
    given = options.parse_args()
    texts, model, fast = sample(given.characters), Bayes(), compiled.Decoder(tables())
    times: dict[str, list[float]] = {"stock snownlp": [], "plain Python": [], "compiled": []}
    gc.freeze()  # the collector would look through snownlp's millions of objects, for none of the three
    for _ in range(given.rounds):
        slow = plain.Decoder(tables())  # a new one has kept nothing yet

        def in_python(text: str, slow: plain.Decoder = slow) -> float:
            return model.weigh(slow.segment(text)).probability

        times["stock snownlp"].append(seconds(lambda text: SnowNLP(text).sentiments, texts))
        times["plain Python"].append(seconds(in_python, texts))
        times["compiled"].append(seconds(lambda text: model.weigh(fast.segment(text)).probability, texts, AGAIN))
    count = sum(map(len, texts))
    stock = min(times["stock snownlp"])  # the least disturbed round, as for the others
    for name, taken in times.items():
        best = min(taken)
        print(f"{name:14} {count / best:11,.0f} characters/s and core, {stock / best:6.1f} times stock")

    assert all(seg.seg(text) == fast.segment(text) == slow.segment(text) for text in texts)
    furthest = max(abs(SnowNLP(text).sentiments - model.weigh(fast.segment(text)).probability) for text in texts)
    more = sample(10 * given.characters)
    assert all(fast.segment(text) == slow.segment(text) for text in more)
    print(f"same words in {count:,} characters as stock, furthest score {furthest:.0e} away")
    for name, code in STARTS.items():
        runs = [subprocess.check_output([sys.executable, "-c", START.format(code)]) for _ in range(given.rounds)]
        print(f"start of {name}: {statistics.median(map(float, runs)):.2f} s")


if __name__ == "__main__":
    main()
