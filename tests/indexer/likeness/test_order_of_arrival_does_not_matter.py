"""The same documents in any order, in any batches, placed once or again after a kill, are grouped the same."""

import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.likeness import evidence
from tests.documents import document
from tests.indexer.likeness.placing import NEWS, OTHERS, advert, farm, later, placed_in

LENDERS = ("招联消费金融", "中原消费金融", "海尔消费金融")
VOICES = ("promotion", "guide", "news", "complaint")
CONTACTS = ("phone:1", "phone:2", "qq:1", "mail:1")


@st.composite
def pool(draw: st.DrawFn) -> list[Document]:
    """Documents of a few texts, templates, contacts, sites and voices, in the order in which they come."""
    made = []
    for number in range(draw(st.integers(2, 10))):
        contacts = tuple(sorted(draw(st.sets(st.sampled_from(CONTACTS), max_size=2))))
        fields = {
            "contacts": contacts,
            "voice": draw(st.sampled_from(VOICES)),
            "site": draw(st.sampled_from(("a.example", "b.example", "c.example", ""))),
            "published_at": later(draw(st.integers(0, 5))),
            "first_seen_at": later(draw(st.integers(30, 35))),
        }
        what = draw(st.sampled_from(("farm", "news", "advert")))
        if what == "farm":
            made.append(farm(draw(st.sampled_from(LENDERS)), number, **fields))
        elif what == "news":
            lines = draw(st.permutations(NEWS.split("\n")))
            made.append(document(number, body="\n".join(lines[: draw(st.integers(3, 4))]), **fields))
        else:
            made.append(advert(number, **fields))
    return made


@settings(max_examples=25, deadline=None)
@given(pool(), st.randoms(use_true_random=False), st.integers(2, 5))
def test_stories_and_campaigns_are_the_same(documents: list[Document], chance: random.Random, size: int) -> None:
    shuffled = chance.sample(documents, len(documents))
    with mock.patch.object(evidence, "RARE", 4), tempfile.TemporaryDirectory() as folder:
        with placed_in(Path(folder) / "at-once") as at_once:
            at_once.put(*documents)
            expected = at_once.groups(documents)
        with placed_in(Path(folder) / "in-parts") as in_parts:
            for start in range(0, len(shuffled), size):
                batch = shuffled[start : start + size]
                in_parts.likeness.place(batch)  # killed before the store had them: placed once more
                in_parts.put(*batch)
            assert in_parts.groups(documents) == expected
            in_parts.put(*documents)
            assert in_parts.groups(documents) == expected


def documents() -> list[Document]:
    """A giant story whose first print comes last, two campaigns that merge at the end, and others."""
    prints = [document(n, body=NEWS, published_at=later(5 + n)) for n in range(60)]
    adverts = [
        advert(1000 + n, f"qq:{n % 2}", first_seen_at=later(n), site=f"www.farm{n % 3}.example") for n in range(60)
    ]
    others = [document(3000 + n, body=body) for n, body in enumerate(OTHERS)]
    last = [document(5000, body=NEWS, published_at=later(1)), advert(5001, "qq:0", "qq:1", first_seen_at=later(999))]
    return [*prints, *adverts, *others, *last]


def work(folder: str, dies_at: int = 0) -> None:
    """Goes on where the last process was killed, as the indexer does with what waits in the spool.

    With `dies_at` the process is killed in the midst of that many times ten steps of SQLite.
    """
    waiting, done = documents(), Path(folder) / "done"
    steps = itertools.count(1)

    def step() -> None:
        if next(steps) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with placed_in(Path(folder)) as placed:
        if dies_at:
            placed.state.db.set_progress_handler(step, 10)
        for at in range(int(done.read_text() or 0) if done.exists() else 0, len(waiting), 20):
            placed.store.put(placed.likeness.place(waiting[at : at + 20]))
            done.write_text(str(at + 20))
            placed.likeness.catch_up(10)
        while placed.likeness.catch_up(10):
            pass


def test_a_process_that_is_killed_again_and_again_comes_to_the_same(tmp_path: Path) -> None:
    work(str(tmp_path / "undisturbed"))
    with placed_in(tmp_path / "undisturbed") as placed:
        expected = placed.groups(documents())
    assert len({campaign for _, _, campaign in expected.values()}) == 2
    folder = str(tmp_path / "killed")
    for dies_at in (1500, 2500, 3500, 4500, 0):
        command = [sys.executable, "-c", f"import {__name__} as it; it.work({folder!r}, {dies_at})"]
        assert subprocess.run(command).returncode == (-signal.SIGKILL if dies_at else 0)
    with placed_in(tmp_path / "killed") as placed:
        assert placed.groups(documents()) == expected
