"""Reprints, templates and campaigns against labelled posts, beside plain Jaccard and SimHash; and how fast they are.

`python -m bench.likeness [tune|held]` prints precision, recall and F1 over pairs of posts, and each pair that is
wrong. The thresholds of the two plain methods are those that do best on the tuning half. `python -m bench.likeness
speed [--documents 20000]` places synthetic short posts and prints documents a second of CPU, memory and the size of
the state file.
"""

import argparse
import itertools
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bench.reposts import SEEN, Labelled, labelled
from indexer.analyse import Analyser
from indexer.document import Document
from indexer.likeness.fingerprint import PIECE, fingerprint, relation, sketch
from indexer.likeness.placing import Likeness
from indexer.settings import Settings
from indexer.state import State
from indexer.store import open_store
from tests.documents import document

ROOT = Path(__file__).parent.parent
BATCH = 200
Pair = tuple[int, int]


class Found(NamedTuple):
    """Pairs told against pairs labelled."""

    both: int
    only_told: tuple[Pair, ...]
    only_labelled: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        return self.both / max(1, self.both + len(self.only_told))

    @property
    def recall(self) -> float:
        return self.both / max(1, self.both + len(self.only_labelled))

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1, 2 * self.both + len(self.only_told) + len(self.only_labelled))

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f} ({self.both} pairs)"


class Half:
    """The posts of a half, as labelled, as analysed, and as placed by an index that takes them in small batches."""

    def __init__(self, name: str) -> None:
        self.posts: list[Labelled] = labelled(name)
        analyser = Analyser(ROOT / "config", Settings(), b"bench")
        self.documents = [analyser.document(it.post, SEEN) for it in self.posts]
        self.placed = placed(self.documents)
        self.pairs = list(itertools.combinations(range(len(self.posts)), 2))

    def labelled(self, same: Callable[[Labelled, Labelled], bool]) -> set[Pair]:
        return {(i, j) for i, j in self.pairs if same(self.posts[i], self.posts[j])}

    def told(self, same: Callable[[Document, Document], bool]) -> set[Pair]:
        return {(i, j) for i, j in self.pairs if same(self.placed[i], self.placed[j])}

    def reprints(self) -> Found:
        return found(self.told(lambda a, b: a.story == b.story), self.labelled(lambda a, b: a.story == b.story))

    def campaigns(self) -> Found:
        return found(
            self.told(lambda a, b: a.campaign is not None and a.campaign == b.campaign),
            self.labelled(lambda a, b: bool(a.campaign) and a.campaign == b.campaign),
        )

    def templates(self) -> Found:
        """Each pair compared, without the index: one template filled in otherwise."""
        prints = [fingerprint(it.body, it.lender_mentions) for it in self.documents]
        drawn = [it and (sketch(it.said).signature, it.about, it.numbers) for it in prints]
        told = {(i, j) for i, j in self.pairs if (a := drawn[i]) and (b := drawn[j]) and relation(a, b) == "template"}
        return found(
            told, self.labelled(lambda a, b: bool(a.template) and a.template == b.template and a.story != b.story)
        )

    def name(self, pair: Pair) -> str:
        return " ~ ".join(self.posts[at].post.url.rpartition("/")[2] for at in pair)


def placed(documents: Sequence[Document]) -> list[Document]:
    """The documents as the store has them in the end."""
    with tempfile.TemporaryDirectory() as folder, State(Path(folder)) as state:
        store = open_store("embedded", Path(folder) / "index", writable=True)
        likeness = Likeness(state, store)
        for start in range(0, len(documents), 50):
            store.put(likeness.place(documents[start : start + 50]))
        while likeness.catch_up(BATCH):
            pass
        kept = store.get([it.id for it in documents])
        store.close()
    return [kept[it.id] for it in documents]


def found(told: set[Pair], labels: set[Pair]) -> Found:
    return Found(len(told & labels), tuple(sorted(told - labels)), tuple(sorted(labels - told)))


@cache
def half(name: str) -> Half:
    return Half(name)


def jaccard(it: Half) -> dict[Pair, float]:
    """Of the sets of four characters of the bodies as they are."""
    sets = [{d.body[at : at + PIECE] for at in range(max(1, len(d.body) - PIECE + 1))} for d in it.documents]
    return {(i, j): len(sets[i] & sets[j]) / len(sets[i] | sets[j]) for i, j in it.pairs}


def simhash(it: Half) -> dict[Pair, float]:
    """Share of equal bits of 64-bit SimHashes of the same sets."""
    from simhash import Simhash

    hashes = [Simhash([d.body[at : at + PIECE] for at in range(max(1, len(d.body) - 3))]).value for d in it.documents]
    return {(i, j): 1 - (hashes[i] ^ hashes[j]).bit_count() / 64 for i, j in it.pairs}


def plain(method: Callable[[Half], dict[Pair, float]], name: str) -> Found:
    """Reprints by one threshold, the best of the tuning half."""

    def at(threshold: float, which: str) -> Found:
        it = half(which)
        told = {pair for pair, value in values[which].items() if value >= threshold}
        return found(told, it.labelled(lambda a, b: a.story == b.story))

    values = {which: method(half(which)) for which in {"tune", name}}
    best = max((step / 64 for step in range(16, 64)), key=lambda threshold: at(threshold, "tune").f1)
    return at(best, name)


def report(name: str) -> None:
    it = half(name)
    print(f"{name}: {len(it.posts)} posts, {len(it.pairs)} pairs")
    print(f"{name} reprints, plain Jaccard: {plain(jaccard, name)}")
    print(f"{name} reprints, SimHash:       {plain(simhash, name)}")
    for what, told in (("reprints", it.reprints()), ("templates", it.templates()), ("campaigns", it.campaigns())):
        print(f"{name} {what}: {told}")
        for pair in told.only_told:
            print(f"    {name} {what} +{it.name(pair)}")
        for pair in told.only_labelled:
            print(f"    {name} {what} -{it.name(pair)}")


class Nowhere:
    """A store that holds nothing: what is measured is the placing."""

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        return {}

    def put(self, documents: Sequence[Document]) -> dict[str, str]:
        return {}


def posts(count: int) -> Iterator[Document]:
    """Short posts of words as frequent as words are (Zipf), on fifty sites.

    One in seven is a reprint with a change, one in three advice, and half of these with one of 20,000 contacts.
    """
    chance = random.Random(1)
    words = [
        "".join(chr(chance.randint(0x4E00, 0x5FFF)) for _ in range(chance.choice((1, 2, 2, 3)))) for _ in range(30_000)
    ]
    weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(words))))
    printed: list[str] = []
    for number in range(count):
        body = "".join(chance.choices(words, cum_weights=weights, k=150))
        if printed and chance.random() < 1 / 7:
            body, at = chance.choice(printed), chance.randrange(200)
            body = f"{body[:at]}改了{body[at + 2 :]}"
        elif len(printed) < 2000:
            printed.append(body)
        fields: dict[str, Any] = {"voice": chance.choice(("complaint", "complaint", "guide"))}
        if fields["voice"] == "guide" and chance.random() < 0.5:
            fields["contacts"] = (f"qq:{chance.randrange(20_000)}",)
        yield document(number, body=body, site=f"s{chance.randrange(50)}.example.com", published_at=None, **fields)


def speed(count: int) -> None:
    """CPU seconds of placing alone: making the posts isn't counted, and what else the machine does counts little."""
    with tempfile.TemporaryDirectory() as folder, State(Path(folder)) as state:
        likeness = Likeness(state, Nowhere())  # type: ignore[arg-type]
        spent, step = 0.0, max(BATCH, count // 10)
        coming = posts(count)
        done = before = 0
        while batch := list(itertools.islice(coming, BATCH)):
            begin = time.process_time()
            likeness.place(batch)
            likeness.catch_up(BATCH)
            spent += time.process_time() - begin
            done += len(batch)
            if done // step > before // step:
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                size = sum(file.stat().st_size for file in Path(folder).iterdir()) // 2**20
                print(f"{done} documents: {(done - before) / spent:.0f}/s, {memory} MB, state {size} MB", flush=True)
                before, spent = done, 0.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="*", default=["tune", "held", "speed"])
    options.add_argument("--documents", type=int, default=20_000)
    given = options.parse_args()
    for what in given.what:
        speed(given.documents) if what == "speed" else report(what)


if __name__ == "__main__":
    main()
