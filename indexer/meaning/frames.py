"""Frames: a practice told by who does what to whom, in classes of words, after the idea of frame semantics.

A frame is written as classes in their order: `collector >> contact > family & call`. `+` joins neighbours, `>` what
stands in one clause, `>>` what stands in one sentence; `a|b` is one class or the other; `& x` asks for a class anywhere
in the sentence, `& !x` rules it out; `*` in front rules out what the writer does himself (「我给我妈打电话」).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import pairwise
from operator import itemgetter, or_
from typing import NamedTuple

from indexer.meaning.phrases import Hit
from indexer.text.sentences import Span
from indexer.text.sieve import Sieve
from indexer.text.words import Words

REACH = {"+": 4, ">": 16, ">>": 50}
"""Characters that may stand between two classes."""
MAX_STARTS = 12
"""Places in one sentence at which a frame is tried: a page that repeats one word must not cost time."""
_WRITTEN = re.compile(r"(\*\s*)?([\w|]+(?:\s*(?:\+|>>|>)\s*[\w|]+)*)((?:\s*&\s*!?[\w|]+)*)\s*")
OWN = 40
"""Characters before an act in which its clause begins, or it isn't the writer's own."""
_UP_TO_A_MARK = re.compile('.*[，,。：:；;“”"！!？?\n]', re.DOTALL)
_CLAUSE = re.compile("[，,：:；;]")


class Frame(NamedTuple):
    """A frame as written."""

    steps: tuple[tuple[str, ...], ...]
    """Classes of each step; one of them must stand there."""
    joints: tuple[str, ...]
    """How each step but the first joins on."""
    needs: tuple[tuple[str, ...], ...]
    bars: tuple[tuple[str, ...], ...]
    others: bool
    """Not what the writer does himself."""


def frame(text: str) -> Frame:
    """The frame that `text` writes. Raises ValueError for what isn't one."""
    match = _WRITTEN.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no frame, such as `collector >> contact > family & call`")
    core = re.split(r"\s*(\+|>>|>)\s*", match[2].strip())
    context = re.findall(r"&\s*(!?)([\w|]+)", match[3])
    return Frame(
        steps=tuple(tuple(it.split("|")) for it in core[::2]),
        joints=tuple(core[1::2]),
        needs=tuple(tuple(names.split("|")) for bar, names in context if not bar),
        bars=tuple(tuple(names.split("|")) for bar, names in context if bar),
        others=bool(match[1]),
    )


def slots(text: str) -> set[str]:
    """Names of the classes of a frame."""
    it = frame(text)
    return {name for names in (*it.steps, *it.needs, *it.bars) for name in names}


class Own:
    """Tells an act of the writer's own by what stands before it in its clause (`pattern`)."""

    def __init__(self, pattern: str | None) -> None:
        self._pattern = re.compile(pattern or r"(?!)")

    def before(self, text: str, at: int) -> bool:
        """Whether the writer himself does what begins at `at`."""
        begin = max(0, at - OWN)
        if clause := _UP_TO_A_MARK.match(text, begin, at):
            begin = clause.end()
        return self._pattern.fullmatch(text, begin, at) is not None


class _Told(NamedTuple):
    """A frame with what it tells. Classes are bits, and practices too: a sentence must have all of `every`, one of each
    of `some`."""

    practice: int
    weak: bool
    frame: Frame
    every: int
    some: tuple[int, ...]
    none: int


_Found = dict[tuple[str, ...], list[Span]]
"""Where in one sentence words of one class stand, or of several, which is worked out once."""


class Frames:
    """Finds what frames describe. Immutable; safe to share.

    `words` and `patterns` are the classes, `decoys` words in which a word of a class means something else (公司 in
    催收公司), `own` what stands before an act of the writer's own; `told` holds each frame with the
    place of its practice and whether it is weak.
    """

    def __init__(
        self,
        told: Iterable[tuple[int, str, bool]],
        words: dict[str, tuple[str, ...]],
        patterns: dict[str, str],
        decoys: Iterable[str],
        own: str | None,
    ) -> None:
        owners: dict[str, list[str]] = defaultdict(list)
        for name, its in words.items():
            for word in dict.fromkeys(its):
                owners[word].append(name)
        hiding = frozenset(decoys)
        vocabulary = list(dict.fromkeys([*owners, *hiding]))
        self._owners = tuple(tuple(owners.get(word, ())) for word in vocabulary)
        self._hides = tuple(word in hiding for word in vocabulary)
        self._words = Words(vocabulary)
        self._patterns = [(name, re.compile(pattern)) for name, pattern in patterns.items()]
        self._sieve = Sieve([pattern for _, pattern in self._patterns])
        self._own = Own(own)
        told = list(told)
        practices = 1 + max((practice for practice, _, _ in told), default=0)
        bits: dict[str, int] = defaultdict(lambda: 1 << practices + len(bits))
        self._by_first: dict[str, list[_Told]] = defaultdict(list)
        for practice, written, weak in told:
            it = frame(written)
            masks = [sum(bits[name] for name in set(names)) for names in (*it.steps, *it.needs)]
            single = [mask for mask in masks if mask.bit_count() == 1]
            bars = {name for names in it.bars for name in names}
            entry = _Told(
                practice,
                weak,
                it,
                every=reduce(or_, single, 1 << practice),
                some=tuple(mask for mask in masks if mask.bit_count() > 1),
                none=sum(bits[name] for name in bars),
            )
            for name in it.steps[0]:
                self._by_first[name].append(entry)
        self._bits = dict(bits)

    def places(self, text: str, others: Iterable[tuple[str, Span]]) -> list[tuple[str, Span]]:
        """Classes and where they stand, in order; `others` are those of classes that no word makes."""
        places = self._classes(text)
        places += others
        places.sort(key=itemgetter(1))
        return places

    def find(self, text: str, within: Iterable[tuple[Span, int]], places: list[tuple[str, Span]]) -> Iterator[Hit]:
        """Hits in each of the sentences `within`, of the practices that may be told there, the bits of a number;
        `places` are of `text`."""
        starts = [span.start for _, span in places]
        for sentence, practices in within:
            if not practices:
                continue
            found: _Found = {}
            for name, span in places[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]:
                found.setdefault((name,), []).append(span)
            classes = [name for (name,) in found]
            present = practices
            for name in classes:
                present |= self._bits.get(name, 0)
            absent = ~present
            for name in classes:
                for it in self._by_first.get(name, ()):
                    if it.every & absent or it.none & present or not all(map(present.__and__, it.some)):
                        continue
                    for start, end, gaps in _told(it.frame, text, name, found, self._own):
                        yield Hit(it.practice, it.weak, start, end, gaps, framed=True)

    def _classes(self, text: str) -> list[tuple[str, Span]]:
        matches = self._words.find(text)
        hidden = [Span(start, end) for word, start, end in matches if self._hides[word]]
        covered = {place for start, end in hidden for place in range(start, end)}
        places: list[tuple[str, Span]] = []
        for word, start, end in matches:
            if start in covered and _inside(start, end, hidden):
                continue
            span = Span(start, end)
            for name in self._owners[word]:
                places.append((name, span))
        for number in sorted(self._sieve.passed(text)):
            name, pattern = self._patterns[number]
            places += [(name, Span(*match.span())) for match in pattern.finditer(text)]
        return places


def _inside(start: int, end: int, hidden: list[Span]) -> bool:
    """Whether start..end is a part, and not the whole, of one of `hidden`."""
    behind = bisect_left(hidden, (end, 0))
    for it in hidden[max(0, behind - 4) : behind]:
        if it.start <= start and end <= it.end and (it.start, it.end) != (start, end):
            return True
    return False


def _told(it: Frame, text: str, first: str, found: _Found, own: Own) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Where a sentence tells what the frame says, beginning with the class `first`: from, to, and its gaps."""
    places = [found[(first,)], *(_places(names, found) for names in it.steps[1:])]
    for begin in places[0][:MAX_STARTS]:
        if it.others and own.before(text, begin.start):
            continue
        if chain := _chain(it, text, (begin,), places):
            gaps = tuple(Span(a.end, b.start) for a, b in pairwise(chain))
            yield chain[0].start, chain[-1].end, gaps


def _chain(it: Frame, text: str, so_far: tuple[Span, ...], places: list[list[Span]]) -> tuple[Span, ...]:
    """The nearest places that go on from `so_far` to the last step, or nothing."""
    step = len(so_far)
    if step == len(places):
        return so_far
    joint, end = it.joints[step - 1], so_far[-1].end
    for place in places[step][bisect_left(places[step], (end, end)) :]:
        if place.start > end + REACH[joint] or (joint != ">>" and _CLAUSE.search(text, end, place.start)):
            break
        if chain := _chain(it, text, (*so_far, place), places):
            return chain
    return ()


def _places(names: tuple[str, ...], found: _Found) -> list[Span]:
    if (places := found.get(names)) is None:
        places = found[names] = sorted(span for name in names for span in found.get((name,), ()))
    return places
