"""Tells by one pass over a text which of many patterns could match in it, so that the rest needn't be tried.

Whatever a pattern matches holds one of its atoms: words that its parse tree can't do without. A text without any of
them needs no search. After FilteredRE2 of RE2 and code search by trigrams (Cox, 2012, Regular expression matching with
a trigram index).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from indexer.text.words import Words

MOST = 64
"""Words that a part of a pattern is spelled out to, at most."""

# The parse tree is that of re, which doesn't promise to keep it: tests hold that nothing is missed.

Atoms = frozenset[str]


class Sieve:
    """Tells which of `patterns` could match. Immutable; safe to share."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        owners: dict[str, list[int]] = defaultdict(list)
        always = []
        for number, pattern in enumerate(patterns):
            found = atoms(pattern)
            if found is None:
                always.append(number)
            for atom in sorted(found or ()):
                owners[atom].append(number)
        self._always = frozenset(always)
        self._owners = tuple(map(tuple, owners.values()))
        self._words = Words(list(owners))

    def passed(self, text: str) -> frozenset[int]:
        """Numbers of the patterns that could match somewhere in `text`: all that do, and some that don't."""
        found = {index for index, _, _ in self._words.find(text)}
        return self._always.union(*map(self._owners.__getitem__, found))


def atoms(pattern: re.Pattern[str]) -> Atoms | None:
    """Words of which whatever `pattern` matches has at least one; None where no such words can be told."""
    found = _required(parser.parse(pattern.pattern, pattern.flags))
    has_case = any(word.lower() != word.upper() for word in found or ())
    return None if pattern.flags & re.IGNORECASE and has_case else found


def _required(nodes: Iterable[Any]) -> Atoms | None:
    """The best words for nodes that follow one another: what they spell out together, or one of them alone asks for."""
    best: Atoms | None = None
    spelled: Atoms = frozenset([""])
    for kind, value in nodes:
        words = _spelled(kind, value)
        if words is not None and len(words) * len(spelled) <= MOST:
            spelled = frozenset(before + word for before in spelled for word in words)
            continue
        best = _better(best, spelled)
        spelled = frozenset([""]) if words is None else words
        if words is None:
            best = _better(best, _inside(kind, value))
    return _better(best, spelled)


def _inside(kind: Any, value: Any) -> Atoms | None:
    """What one node asks for that isn't spelled out."""
    if kind is op.SUBPATTERN:
        return _required(_group(value))
    if kind is op.BRANCH:
        branches = [_required(branch) for branch in value[1]]
        return None if None in branches else frozenset[str]().union(*(it for it in branches if it))
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0:
        return _required(value[2])
    return None


def _group(value: Any) -> Iterable[Any]:
    """The nodes of a group; of one with flags of its own nothing that could be told."""
    _, flags, _, nodes = value
    return [(op.ANY, None)] if flags else nodes


def _spelled(kind: Any, value: Any) -> Atoms | None:
    """Every text that a node can match; None where they are too many."""
    if kind is op.LITERAL:
        return frozenset([chr(value)])
    if kind is op.IN:
        return _characters(value)
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return frozenset([""])  # what stands around asks for more, never for less
    if kind is op.SUBPATTERN:
        return _sequence(_group(value))
    if kind is op.BRANCH:
        return _union(_sequence(branch) for branch in value[1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[:2] == (0, 1):
        return _union([frozenset([""]), _sequence(value[2])])
    return None


def _sequence(nodes: Iterable[Any]) -> Atoms | None:
    spelled: Atoms = frozenset([""])
    for kind, value in nodes:
        words = _spelled(kind, value)
        if words is None or len(words) * len(spelled) > MOST:
            return None
        spelled = frozenset(before + word for before in spelled for word in words)
    return spelled


def _union(each: Iterable[Atoms | None]) -> Atoms | None:
    found: set[str] = set()
    for words in each:
        if words is None:
            return None
        found |= words
    return frozenset(found) if len(found) <= MOST else None


def _characters(items: Iterable[Any]) -> Atoms | None:
    """The characters of a class that lists them."""
    found: set[str] = set()
    for kind, value in items:
        low, high = (value, value) if kind is op.LITERAL else value if kind is op.RANGE else (0, MOST)
        if high - low >= MOST:
            return None
        found.update(map(chr, range(low, high + 1)))
    return frozenset(found) if len(found) <= MOST else None


def _better(one: Atoms | None, other: Atoms | None) -> Atoms | None:
    """The words that stand in fewer texts, to all appearance: the longer ones, else the fewer."""
    known = [words for words in (one, other) if words and "" not in words]
    return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=None)
