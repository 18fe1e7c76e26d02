"""Phrases of config/practices.yaml: literal words with gaps, choices and groups, found by their beginnings."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import NamedTuple

from indexer.text.sentences import Span
from indexer.text.sieve import Sieve
from indexer.text.words import Words

_GAP = r"([^。！？!?；;\n，,：:]{0,8}?)"
_TOKEN = re.compile(r"(…)|\(([^()]*)\)|\{(\w+)\}|([^…(){}]+)")
MAX_HEADS = 300
"""Ways in which a phrase may begin that are looked for as words; what would make more is left to its pattern."""


class Hit(NamedTuple):
    """Words that tell of a practice. `practice` counts from 0 in the order of the file."""

    practice: int
    weak: bool
    """Counts only where the text speaks of debt."""
    start: int
    end: int
    gaps: tuple[Span, ...]
    """What stands between the words: a cue may hide there (「催收人员不得使用暴力」)."""
    framed: bool = False
    """Told by a frame, of whose words no negation is a part."""


class Compiled(NamedTuple):
    """A phrase as words and a pattern find it."""

    heads: frozenset[str]
    """What it may begin with."""
    tail: re.Pattern[str] | None
    """What must follow."""


class _Rule(NamedTuple):
    practice: int
    weak: bool
    tail: re.Pattern[str] | None
    number: int
    """Of the tail, among the different ones."""


def well_formed(phrase: str) -> str:
    """`phrase`, once its brackets and gaps are right."""
    if "".join(match.group() for match in _TOKEN.finditer(phrase)) != phrase:
        raise ValueError("brackets don't match")
    if phrase.startswith("…") or phrase.endswith("…"):
        raise ValueError("a gap must stand between words")
    return phrase


def groups_of(phrase: str) -> list[str]:
    """Names of the groups that `phrase` uses."""
    return re.findall(r"\{(\w+)\}", phrase)


def expanded(phrase: str, groups: dict[str, tuple[str, ...]]) -> list[str]:
    """Every word that a phrase without gaps stands for."""
    choices = [_choices(token, groups) for token in _TOKEN.finditer(phrase)]
    return ["".join(parts) for parts in product(*choices)]


class Phrases:
    """Finds phrases in text: `told` holds each with the place of its practice and whether it is weak."""

    def __init__(
        self,
        told: Iterable[tuple[int, str, bool]],
        decoys: Iterable[tuple[int, str]],
        groups: dict[str, tuple[str, ...]],
    ) -> None:
        rules: dict[str, list[_Rule]] = defaultdict(list)
        tails: dict[re.Pattern[str], int] = {}
        for practice, phrase, weak in told:
            heads, tail = compiled(phrase, groups)
            number = tails.setdefault(tail, len(tails)) if tail else -1
            for head in sorted(heads):
                rules[head].append(_Rule(practice, weak, tail, number))
        ruled_out: dict[str, list[int]] = defaultdict(list)
        for practice, word in decoys:
            ruled_out[word].append(practice)
        words = tuple(dict.fromkeys([*rules, *ruled_out]))
        self._rules = tuple(tuple(rules.get(word, ())) for word in words)
        self._decoys = tuple(tuple(ruled_out.get(word, ())) for word in words)
        self._words = Words(words)
        self._tails = Sieve(list(tails))

    def find(self, text: str) -> list[Hit]:
        """Hits in order of place; of those of one practice that begin together the longest."""
        hits: list[Hit] = []
        ruled_out: set[tuple[int, int]] = set()
        could = self._tails.passed(text)
        for index, start, end in self._words.find(text):
            for rule in self._rules[index]:
                match = rule.tail.match(text, end) if rule.tail and rule.number in could else None
                if rule.tail is None or match:
                    gaps = tuple(Span(*it) for it in match.regs[1:]) if match else ()
                    hits.append(Hit(rule.practice, rule.weak, start, match.end() if match else end, gaps))
            if decoys := self._decoys[index]:
                ruled_out.update((number, place) for number in decoys for place in range(start, end))
        return _longest(hit for hit in hits if (hit.practice, hit.start) not in ruled_out)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one practice that begin at the same place the longest: the rest would miss the cues behind it."""
    best: dict[tuple[int, int, bool], Hit] = {}
    for hit in hits:
        key = (hit.practice, hit.start, hit.weak)
        if key not in best or _length(hit) > _length(best[key]):
            best[key] = hit
    return list(best.values())


def _length(hit: Hit) -> tuple[int, int, tuple[Span, ...]]:
    """The end decides, then the fewest characters in gaps; the gaps themselves, so that order never does."""
    return hit.end, -sum(it.end - it.start for it in hit.gaps), hit.gaps


def compiled(phrase: str, groups: dict[str, tuple[str, ...]]) -> Compiled:
    """A phrase as literal beginnings, which are found as words, and a pattern for the rest."""
    tokens = list(_TOKEN.finditer(phrase))
    heads = [""]
    while tokens and not tokens[0].group(1):
        choices = _choices(tokens[0], groups)
        if len(heads) * len(choices) > MAX_HEADS and heads != [""]:
            break
        heads = [head + choice for head in heads for choice in choices]
        tokens = tokens[1:]
    if not tokens:
        return Compiled(frozenset(heads), None)
    pattern = "".join(
        _GAP if token.group(1) else "(?:" + "|".join(map(re.escape, _choices(token, groups))) + ")" for token in tokens
    )
    return Compiled(frozenset(heads), _pattern(pattern))


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _choices(token: re.Match[str], groups: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    _, choice, group, literal = token.groups()
    if group is not None:
        return groups.get(group, ())
    return tuple(choice.split("|")) if choice is not None else (literal,)
