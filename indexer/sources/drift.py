"""Drift: a source that gives less than it used to, or worse, as when its site has another layout.

Each sign is a share of a crawl's counts: lists without links, pages without Posts, Posts that
can't be read any more, without text, time or author,
errors, refusals of robots.txt. The newest one to three crawls that say something are held against those before. A sign
shows where chance and the history so far would hardly bring a share as high (the predictive probability of the
beta-binomial with Jeffreys' prior is below SURE), where each of these crawls lost half of what was good (JUMP), and
together they are higher than nearly every crawl of the history, as sites have bad days. Silence, crawls that went
through and gave nothing new, is a sign where the history would hardly bring as many in a row, and it lasts three times
as long as ever.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from typing import Literal

from pydantic import BaseModel, ConfigDict
from scipy.stats import betabinom

Kind = Literal["lists", "pages", "lost", "text", "time", "author", "errors", "robots", "silence"]

SURE = {1: 1e-4, 2: 1e-3, 3: 1e-3}
"""By the number of newest crawls looked at: what is less probable is no chance."""
UNLIKELY_SILENCE = 1e-4
JUMP = 0.5
"""Part of what was good before that is bad now."""
USUAL = 0.95
"""Part of the crawls of the history whose share is lower."""
HISTORY = 5
"""Crawls that a history has, at least."""
LONGEST = 3
"""Times the longest silence so far."""
SHORTEST_SILENCE = timedelta(days=1)


@dataclass(frozen=True)
class Crawl:
    """A crawl that ended: its number, when it began, what it counted (crawler.run.COUNTS)."""

    seq: int
    started_at: datetime
    counts: Mapping[str, int]

    @property
    def went_through(self) -> bool:
        return self.counts.get("pages", 0) + self.counts.get("unchanged", 0) > 0


class Sign(BaseModel):
    """What is unusual: in the newest crawls `bad` of `all`, where it was the share `before` (0–1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    bad: int
    all: int
    before: float
    crawls: int
    """How many crawls, the newest, it was seen in."""


_ANSWERS = ("errors", "pages", "unchanged")
SHARES: Mapping[Kind, tuple[str, tuple[str, ...], int]] = {
    "lists": ("lists.empty", ("lists",), 1),
    "pages": ("rejected", ("rejected", "read"), 1),
    "lost": ("read.lost", ("read.lost", "read"), 1),
    "text": ("read.no text", ("read",), 1),
    "time": ("read.no time", ("read",), 1),
    "author": ("read.no author", ("read",), 1),
    "errors": ("errors", _ANSWERS, 2),  # a site may be away for an evening
    "robots": ("robots", ("robots", *_ANSWERS), 2),
}
"""What is bad, of what, and in how many crawls it has to be seen at least."""


def signs(crawls: Sequence[Crawl]) -> tuple[Sign, ...]:
    """What is unusual about the newest of these crawls of one source, which are in order of time."""
    found = [sign for kind in SHARES if (sign := _share_sign(kind, crawls))]
    silence = _silence(crawls)
    return tuple([*found, silence] if silence else found)


def is_over(seen: Collection[Sign], newest: Crawl) -> bool:
    """Whether a crawl says of every sign that it is gone; one that says nothing of it doesn't."""
    return all(_is_gone(sign, newest) for sign in seen)


def _is_gone(sign: Sign, newest: Crawl) -> bool:
    if sign.kind == "silence":
        return newest.counts.get("posts", 0) > 0
    bad, whole = _counted(sign.kind, newest)
    return whole > 0 and bad / whole <= sign.before + JUMP / 2 * (1 - sign.before)


def _share_sign(kind: Kind, crawls: Sequence[Crawl]) -> Sign | None:
    said = [counted for crawl in crawls if (counted := _counted(kind, crawl))[1]]
    for length in range(SHARES[kind][2], len(SURE) + 1):
        history, newest = said[:-length], said[-length:]
        if len(history) < HISTORY:
            return None
        (bad, whole), (bad_before, whole_before) = _sum(newest), _sum(history)
        share, before = bad / whole, bad_before / whole_before
        high = all(each >= (before + JUMP * (1 - before)) * of for each, of in newest)
        lower = sum(each / of < share for each, of in history)
        chance = betabinom.sf(bad - 1, whole, bad_before + 0.5, whole_before - bad_before + 0.5)
        if high and lower >= USUAL * len(history) and chance < SURE[length]:
            return Sign(kind=kind, bad=bad, all=whole, before=round(before, 4), crawls=length)
    return None


def _silence(crawls: Sequence[Crawl]) -> Sign | None:
    said = [crawl for crawl in crawls if crawl.went_through]
    giving = [crawl.counts.get("posts", 0) > 0 for crawl in said]
    silent = len(list(takewhile(lambda gave: not gave, reversed(giving))))
    history = len(said) - silent
    if not silent or history < HISTORY:
        return None
    barren = giving[:history].count(False)
    chance = betabinom.sf(silent - 1, silent, barren + 0.5, history - barren + 0.5)
    gave = [crawl.started_at for crawl, did in zip(said, giving, strict=True) if did]
    longest = max((after - before for before, after in pairwise(gave)), default=timedelta())
    lasts = said[-1].started_at - gave[-1]
    if chance >= UNLIKELY_SILENCE or lasts < max(SHORTEST_SILENCE, LONGEST * longest):
        return None
    return Sign(kind="silence", bad=silent, all=silent, before=round(barren / history, 4), crawls=silent)


def _counted(kind: Kind, crawl: Crawl) -> tuple[int, int]:
    """How many are bad, and of how many."""
    bad, whole, _ = SHARES[kind]
    return crawl.counts.get(bad, 0), sum(crawl.counts.get(name, 0) for name in whole)


def _sum(counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(bad for bad, _ in counted), sum(whole for _, whole in counted)
