"""Which collection practices a text speaks of, where, of whom, and whether it says that they happened.

The practices, their severity and their words are declared in config/practices.yaml.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from ahocorasick_rs import AhoCorasick
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from indexer.configfile import load
from indexer.document import LenderMention, Practice, Severity, Where
from indexer.meaning.lenders import Regex
from indexer.meaning.stance import Stances
from indexer.text.sentences import Span, sentences

_GAP = r"([^。！？!?；;\n，,：:]{0,8}?)"
_TOKEN = re.compile(r"(…)|\(([^()]*)\)|\{(\w+)\}|([^…(){}]+)")
_LIKELIEST = ("asserted", "possible", "denied")
MAX_HEADS = 300
"""Ways in which a phrase may begin that the automaton holds; what would make more is left to its pattern."""


def _well_formed(phrase: str) -> str:
    if "".join(match.group() for match in _TOKEN.finditer(phrase)) != phrase:
        raise ValueError("brackets don't match")
    if phrase.startswith("…") or phrase.endswith("…"):
        raise ValueError("a gap must stand between words")
    return phrase


Phrase = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_well_formed)]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Crosswalk(_Checked):
    """Where the CFPB's consumer complaint database (product: debt collection) would file the practice."""

    issue: str
    sub_issue: str | None = None


class Declared(_Checked):
    """A practice as declared."""

    id: str = Field(min_length=2, max_length=20)
    severity: Severity
    description: str
    cfpb: Crosswalk
    phrases: tuple[Phrase, ...] = Field(min_length=1)
    weak: tuple[Phrase, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")
    rules: tuple[str, ...] = ()


class PracticesFile(_Checked):
    """config/practices.yaml."""

    debt: Regex
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    practices: tuple[Declared, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [practice.id for practice in self.practices]
        for repeated in {it for it in ids if ids.count(it) > 1}:
            raise ValueError(f"practice {repeated!r} is declared twice")
        for practice in self.practices:
            for phrase in (*practice.phrases, *practice.weak):
                for group in re.findall(r"\{(\w+)\}", phrase):
                    if group not in self.groups:
                        raise ValueError(f"{practice.id}: {phrase!r} names the group {group!r}, which is not declared")
                if "" in _compiled(phrase, self.groups).heads:
                    raise ValueError(f"{practice.id}: {phrase!r} may begin with nothing")
        return self


class _Compiled(NamedTuple):
    heads: frozenset[str]
    """What it may begin with."""
    tail: re.Pattern[str] | None
    """What must follow."""


class _Rule(NamedTuple):
    practice: int
    weak: bool
    tail: re.Pattern[str] | None


class _Hit(NamedTuple):
    practice: int
    weak: bool
    start: int
    end: int
    gaps: tuple[str, ...]
    """What stood between the words of the phrase: a cue may hide there (「催收人员不得使用暴力」)."""


class Practices:
    """Finds collection practices in repaired, simplified text. Immutable; safe to share."""

    def __init__(self, declared: PracticesFile) -> None:
        self.declared = declared.practices
        self._debt = re.compile(declared.debt)
        self._stances = Stances.load()
        rules: dict[str, list[_Rule]] = defaultdict(list)
        decoys: dict[str, list[int]] = defaultdict(list)
        for number, practice in enumerate(declared.practices):
            for phrases, weak in ((practice.phrases, False), (practice.weak, True)):
                for phrase in phrases:
                    compiled = _compiled(phrase, declared.groups)
                    for head in compiled.heads:
                        rules[head].append(_Rule(number, weak, compiled.tail))
            for decoy in practice.not_:
                decoys[decoy].append(number)
        self._words = tuple(dict.fromkeys([*rules, *decoys]))
        self._rules = tuple(tuple(rules.get(word, ())) for word in self._words)
        self._decoys = tuple(tuple(decoys.get(word, ())) for word in self._words)
        self._automaton = AhoCorasick(list(self._words))

    @classmethod
    def load(cls, path: Path) -> "Practices":
        """Practices as `path` declares them. Raises ConfigError for what is wrong in it."""
        return cls(load(path, PracticesFile))

    def find(self, title: str, body: str, mentions: tuple[LenderMention, ...]) -> tuple[Practice, ...]:
        """Each practice that each sentence speaks of, title first, in order of place; `mentions` are of the same text.

        A sentence that names one practice several times counts once, with the stance that weighs most.
        """
        titled = next((it.lender for it in mentions if it.where == "title"), None)
        fields: tuple[tuple[Where, str], ...] = (("title", title), ("body", body))
        found: list[Practice] = []
        for where, text in fields:
            named = [it for it in mentions if it.where == where]
            hits = self._hits(text)
            about = bool(mentions) or self._debt.search(title) is not None
            for span in sentences(text):
                first, behind = (bisect_left(hits, place, key=_start) for place in span)
                inside = [hit for hit in hits[first:behind] if hit.end <= span.end]
                if not about:
                    near = text[max(0, span.start - 60) : span.end + 60]
                    inside = [hit for hit in inside if not hit.weak or self._debt.search(near)]
                found += self._practices(text, where, span, inside, named, titled)
        return tuple(found)

    def _hits(self, text: str) -> list[_Hit]:
        hits: list[_Hit] = []
        ruled_out: set[tuple[int, int]] = set()
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for rule in self._rules[index]:
                match = rule.tail.match(text, end) if rule.tail else None
                if rule.tail is None or match:
                    gaps = match.groups() if match else ()
                    hits.append(_Hit(rule.practice, rule.weak, start, match.end() if match else end, gaps))
            ruled_out.update((number, place) for number in self._decoys[index] for place in range(start, end))
        return _longest(hit for hit in hits if (hit.practice, hit.start) not in ruled_out)

    def _practices(
        self, text: str, where: Where, span: Span, hits: list[_Hit], named: list[LenderMention], titled: str | None
    ) -> Iterator[Practice]:
        quote = text[span.start : span.end]
        best: dict[int, tuple[tuple[int, int, int], Practice]] = {}
        for hit in hits:
            declared = self.declared[hit.practice]
            stance = self._stances.of(
                quote, hit.start - span.start, hit.end - span.start, gaps=hit.gaps, practice=declared.id
            )
            weight = (_LIKELIEST.index(stance), hit.start - hit.end, hit.start)
            if hit.practice in best and best[hit.practice][0] <= weight:
                continue
            best[hit.practice] = (
                weight,
                Practice(
                    id=declared.id,
                    stance=stance,
                    severity=declared.severity,
                    lender=_lender(span, hit, named) or titled,
                    quote=quote,
                    phrase=text[hit.start : hit.end],
                    where=where,
                    start=span.start,
                    end=span.end,
                ),
            )
        yield from (practice for _, practice in sorted(best.values(), key=lambda it: it[0][2]))


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """Of hits of one practice that begin at the same place the longest: the rest would miss the cues behind it."""
    best: dict[tuple[int, int, bool], _Hit] = {}
    for hit in hits:
        key = (hit.practice, hit.start, hit.weak)
        if key not in best or _length(hit) > _length(best[key]):
            best[key] = hit
    return sorted(best.values(), key=_start)


def _length(hit: _Hit) -> tuple[int, int, tuple[str, ...]]:
    """The end decides, then the fewest characters in gaps; the gaps themselves, so that order never does."""
    return hit.end, -sum(map(len, hit.gaps)), hit.gaps


def _start(hit: _Hit) -> int:
    return hit.start


def _lender(span: Span, hit: _Hit, named: list[LenderMention]) -> str | None:
    """The lender nearest to the hit in its sentence, else the one last named before."""
    inside = [it for it in named if span.start <= it.start < span.end]
    if inside:
        return min(inside, key=lambda it: max(it.start - hit.end, hit.start - it.end)).lender
    before = [it for it in named if it.start < span.start]
    return before[-1].lender if before else None


def _compiled(phrase: str, groups: dict[str, tuple[str, ...]]) -> _Compiled:
    """A phrase as literal beginnings, which the automaton finds, and a pattern for the rest."""
    tokens = list(_TOKEN.finditer(phrase))
    heads = [""]
    while tokens and not tokens[0].group(1):
        choices = _choices(tokens[0], groups)
        if len(heads) * len(choices) > MAX_HEADS and heads != [""]:
            break
        heads = [head + choice for head in heads for choice in choices]
        tokens = tokens[1:]
    if not tokens:
        return _Compiled(frozenset(heads), None)
    pattern = "".join(
        _GAP if token.group(1) else "(?:" + "|".join(map(re.escape, _choices(token, groups))) + ")" for token in tokens
    )
    return _Compiled(frozenset(heads), re.compile(pattern))


def _choices(token: re.Match[str], groups: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    _, choice, group, literal = token.groups()
    if group is not None:
        return groups.get(group, ())
    return tuple(choice.split("|")) if choice is not None else (literal,)
