"""What counts as drift: a jump that the source's own history doesn't explain. Histories are by (seeded) chance."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from indexer.sources.drift import Crawl, Kind, is_over, signs

FIRST = datetime(2026, 9, 1, tzinfo=UTC)
STEP = timedelta(hours=6)
BROKEN: dict[Kind, dict[str, int]] = {
    "lists": {"lists": 3, "lists.empty": 3, "pages": 3, "posts": 0, "read": 0},
    "pages": {"pages": 12, "rejected": 9, "read": 0, "posts": 0},
    "text": {"pages": 12, "read": 9, "read.no text": 9, "posts": 9},
    "time": {"pages": 12, "read": 9, "read.no time": 9, "posts": 9},
    "author": {"pages": 12, "read": 9, "read.no author": 8, "posts": 9},
    "errors": {"pages": 1, "errors": 12},
    "robots": {"pages": 1, "robots": 9},
}


def ordinary(count: int, seed: int = 1) -> Iterator[Crawl]:
    """Crawls of a site as they are: fewer posts by night and at weekends, some errors, now and then a bad evening."""
    chance = random.Random(seed)
    rate = chance.choice([0.3, 2, 10, 40])
    anonymous, undated = chance.choice([0.0, 0.05, 0.6]), chance.choice([0.0, 0.02, 0.3])
    bad_until = -1
    for seq in range(count):
        at = FIRST + seq * STEP
        if chance.random() < 0.004:
            bad_until = seq
        if seq <= bad_until:
            yield Crawl(seq, at, {"errors": 1})
            continue
        busy = rate * (0.2 if at.hour == 18 else 1) * (0.4 if at.weekday() > 4 else 1)
        read = sum(chance.random() < busy / 50 for _ in range(50))
        errors = sum(chance.random() < 0.02 for _ in range(read)) + (3 if chance.random() < 0.02 else 0)
        counts = {
            "pages": read + 3,
            "unchanged": chance.randrange(20),
            "posts": read,
            "read": read,
            "lists": 3,
            "lists.empty": int(chance.random() < 0.02),
            "rejected": sum(chance.random() < 0.03 for _ in range(read)),
            "read.no author": sum(chance.random() < anonymous for _ in range(read)),
            "read.no time": sum(chance.random() < undated for _ in range(read)),
            "errors": errors,
            "robots": 1,
        }
        yield Crawl(seq, at, counts)


def steady(count: int = 20) -> list[Crawl]:
    counts = {"pages": 12, "posts": 9, "read": 9, "lists": 3, "unchanged": 5, "read.no author": 1}
    return [Crawl(seq, FIRST + seq * STEP, counts) for seq in range(count)]


def then(crawls: list[Crawl], *counts: dict[str, int]) -> list[Crawl]:
    more = [Crawl(len(crawls) + place, FIRST + (len(crawls) + place) * STEP, it) for place, it in enumerate(counts)]
    return [*crawls, *more]


@pytest.mark.parametrize("kind", BROKEN)
def test_each_sign_shows_within_two_crawls(kind: Kind) -> None:
    seen = [{it.kind for it in signs(then(steady(), *[BROKEN[kind]] * times))} for times in (0, 1, 2)]
    assert seen[0] == set()
    assert kind in seen[2]
    if kind in ("errors", "robots"):
        assert not seen[1], "one bad evening of a site is none"


def test_a_share_that_always_was_high_is_no_sign() -> None:
    counts = {"pages": 12, "posts": 9, "read": 9, "read.no author": 9, "read.no time": 5}
    assert not signs(then([], *[counts] * 20))


def test_a_short_history_says_nothing() -> None:
    assert not signs(then(steady(4), BROKEN["text"], BROKEN["text"]))


def test_silence_is_a_sign_where_there_never_was_one_so_long() -> None:
    nothing = {"pages": 1, "unchanged": 8, "posts": 0}
    assert not signs(then(steady(), *[nothing] * 3))
    (sign,) = signs(then(steady(), *[nothing] * 6))
    assert (sign.kind, sign.bad) == ("silence", 6)


def test_a_source_that_seldom_has_anything_new_may_be_silent() -> None:
    now_and_then = [{"pages": 1, "unchanged": 8, "posts": int(seq % 8 == 0)} for seq in range(60)]
    assert not signs(then([], *now_and_then, *[{"unchanged": 9}] * 12))


def test_it_is_over_only_when_a_crawl_says_so() -> None:
    crawls = then(steady(), BROKEN["text"], BROKEN["text"])
    seen = [it for it in signs(crawls) if it.kind == "text"]
    assert not is_over(seen, Crawl(30, FIRST, {"unchanged": 40}))
    assert not is_over(seen, Crawl(30, FIRST, BROKEN["text"]))
    assert is_over(seen, Crawl(30, FIRST, {"pages": 5, "read": 5}))


def test_ordinary_sites_seldom_alarm() -> None:
    looks, alarms = 0, 0
    for seed in range(20):
        crawls = list(ordinary(200, seed))
        before = False
        for end in range(20, len(crawls), 3):
            now = bool(signs(crawls[max(0, end - 120) : end]))
            alarms += now and not before
            looks, before = looks + 1, now
    assert looks == 1200
    assert alarms <= 1, "in 900 days of sources"
