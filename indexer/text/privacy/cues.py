"""Where a text has the words that stand beside people's names: one pass over the text finds them all."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from indexer.text.privacy.words import words

_ENDS = ("labels", "kin", "sayings", "towards", "titles", "minorities")
_STARTS = ("titles", "short_titles", "behind")


class Cues(NamedTuple):
    """Places in a text: where words that introduce a name end, and where words that follow one begin."""

    labels: frozenset[int]
    sayings: frozenset[int]
    towards: frozenset[int]
    titles: frozenset[int]
    """Where titles begin, those of one character among `short`."""
    short: frozenset[int]
    behind: frozenset[int]
    minorities: frozenset[int]
    introduced: frozenset[int]
    """Where a name may well begin: behind a label, a title or a word that is directed at somebody."""


def cues(text: str) -> Cues:
    ends: dict[str, set[int]] = {
        kind: set() for kind in ("labels", "kin", "sayings", "towards", "titles", "minorities")
    }
    starts: dict[str, set[int]] = {kind: set() for kind in ("titles", "short_titles", "behind")}
    automaton, kinds = _automaton()
    for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        for kind in kinds[index]:
            if kind in ends:
                ends[kind].add(end)
            if kind in starts:
                starts[kind].add(start)
    return Cues(
        labels=frozenset(ends["labels"] | ends["kin"]),
        sayings=frozenset(ends["sayings"]),
        towards=frozenset(ends["towards"]),
        titles=frozenset(starts["titles"]),
        short=frozenset(starts["short_titles"]),
        behind=frozenset(starts["behind"]),
        minorities=frozenset(ends["minorities"]),
        introduced=frozenset(ends["labels"] | ends["kin"] | ends["titles"] | ends["towards"]),
    )


@cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[str, ...], ...]]:
    lists = words()
    kinds: dict[str, list[str]] = {}
    listed: dict[str, Iterable[str]] = {
        "labels": lists.labels,
        "kin": lists.kin,
        "sayings": lists.sayings,
        "towards": lists.towards,
        "titles": lists.titles,
        "short_titles": lists.short_titles,
        "behind": (*lists.behind, *(f"的{kin}" for kin in lists.kin)),
        "minorities": lists.minorities,
    }
    for kind, its in listed.items():
        for word in its:
            kinds.setdefault(word, []).append(kind)
    return AhoCorasick(list(kinds)), tuple(map(tuple, kinds.values()))
