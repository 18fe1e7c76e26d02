"""Where a text has the words that stand beside people's names: one pass over the text finds them all."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from indexer.text.privacy.words import words

_ENDS = (
    "labels",
    "kin",
    "sayings",
    "towards",
    "titles",
    "minorities",
    "parties",
    "called",
    "called_too",
    "said",
    "asked",
    "paid",
)
_STARTS = ("titles", "short_titles", "behind", "sexed", "familiar", "addressed", "greeted", "persons", "spoke")
_INTRODUCE = ("labels", "kin", "titles", "towards", "sayings", "called", "called_too", "said")


class Cues(NamedTuple):
    """Places in a text by the list of the word: where those that introduce a name end, and those behind one begin."""

    ends: dict[str, set[int]]
    starts: dict[str, set[int]]
    introduced: set[int]
    """Where a name may well begin: behind a label, a title or a word that is directed at somebody."""


def cues(text: str) -> Cues:
    ends: dict[str, set[int]] = {kind: set() for kind in _ENDS}
    starts: dict[str, set[int]] = {kind: set() for kind in _STARTS}
    automaton, kinds = _automaton()
    for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        behind, before = kinds[index]
        for kind in behind:
            ends[kind].add(end)
        for kind in before:
            starts[kind].add(start)
    ends["labels"] |= ends["parties"]
    return Cues(ends, starts, set().union(*(ends[kind] for kind in _INTRODUCE)))


@cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """The words, and for each of them the lists that it ends before a name, and those that it begins behind one."""
    lists = words()
    listed: dict[str, Iterable[str]] = {kind: getattr(lists, kind) for kind in {*_ENDS, *_STARTS}}
    listed["behind"] = (*lists.behind, *(f"的{kin}" for kin in lists.kin))
    kinds: dict[str, list[str]] = {}
    for kind, its in listed.items():
        for word in its:
            kinds.setdefault(word, []).append(kind)
    told = tuple(
        (tuple(kind for kind in its if kind in _ENDS), tuple(kind for kind in its if kind in _STARTS))
        for its in kinds.values()
    )
    return AhoCorasick(list(kinds)), told
