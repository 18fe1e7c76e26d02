"""Which collection practices a text speaks of, where, of whom, and whether it says that they happened.

The practices, their severity, their words and frames are declared in config/practices.yaml.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from indexer.configfile import load
from indexer.document import LenderMention, Practice, Stance, Where
from indexer.meaning.declared import PracticesFile
from indexer.meaning.frames import Frames, Own
from indexer.meaning.hours import outside
from indexer.meaning.phrases import Hit, Phrases, expanded
from indexer.meaning.stance import Stances
from indexer.meaning.subject import subjects
from indexer.text.sentences import Span, sentences

_CLAUSE = re.compile("[，,：:；;]")
_LIKELIEST = ("asserted", "possible", "denied")
NEAR = 200
"""Characters on each side of a sentence in which talk of debt makes its weak words count."""

MAX_HITS = 200
"""Hits in one sentence that are weighed: a page that repeats a word must not cost time."""


class Practices:
    """Finds collection practices in repaired, simplified text. Immutable; safe to share."""

    def __init__(self, declared: PracticesFile) -> None:
        self.declared = declared.practices
        self._debt = re.compile(declared.debt)
        self._own = Own(declared.own)
        self._hours = declared.permitted_hours.hours
        self._stances = Stances.load()
        numbered = list(enumerate(declared.practices))
        phrases = [(number, phrase, False) for number, it in numbered for phrase in it.phrases]
        phrases += [(number, phrase, True) for number, it in numbered for phrase in it.weak]
        decoys = [
            (number, word)
            for number, it in numbered
            for phrase in it.not_
            for word in expanded(phrase, declared.groups)
        ]
        self._phrases = Phrases(phrases, decoys, declared.groups)
        self._frames = Frames(
            [
                *((number, frame, False) for number, it in numbered for frame in it.frames),
                *((number, frame, True) for number, it in numbered for frame in it.weak_frames),
            ],
            declared.class_words(),
            declared.patterns,
            declared.decoy_words(),
            declared.own,
        )

    @classmethod
    def load(cls, path: Path) -> "Practices":
        """Practices as `path` declares them. Raises ConfigError for what is wrong in it."""
        return cls(load(path, PracticesFile))

    def find(self, title: str, body: str, mentions: tuple[LenderMention, ...]) -> tuple[Practice, ...]:
        """Each practice that each sentence speaks of, title first, in order of place; `mentions` are of the same text.

        A sentence that names one practice several times counts once, with the stance that weighs most; once for each
        of the lenders that it says it of in one breath.
        """
        titled = next((it.lender for it in mentions if it.where == "title"), None)
        fields: tuple[tuple[Where, str], ...] = (("title", title), ("body", body))
        about = bool(mentions) or self._debt.search(title) is not None
        found: list[Practice] = []
        for where, text in fields:
            named = [it for it in mentions if it.where == where]
            spans = list(sentences(text))
            hits = self._hits(text, spans, named)
            for span in spans:
                first, behind = (bisect_left(hits, place, key=_start) for place in span)
                inside = [hit for hit in hits[first:behind] if hit.end <= span.end]
                if inside and not about:
                    near = text[max(0, span.start - NEAR) : span.end + NEAR]
                    sure = any(not hit.weak for hit in inside) or self._debt.search(near)
                    inside = inside if sure else []
                found += self._practices(text, where, span, inside, named, titled)
        return tuple(found)

    def _hits(self, text: str, spans: list[Span], named: list[LenderMention]) -> list[Hit]:
        others = [("outside_hours", span) for span in outside(text, self._hours)]
        others += [("lender", Span(it.start, it.end)) for it in named]
        phrases = (hit for hit in self._phrases.find(text) if not (hit.weak and self._own.before(text, hit.start)))
        return sorted([*phrases, *self._frames.find(text, spans, others)], key=_start)

    def _practices(
        self, text: str, where: Where, span: Span, hits: list[Hit], named: list[LenderMention], titled: str | None
    ) -> Iterator[Practice]:
        quote = text[span.start : span.end]
        best: dict[int, tuple[Stance, Hit]] = {}
        for hit in _longest(hits, text):
            known = best.get(hit.practice)
            if known and known[0] == "asserted":
                continue
            gaps = tuple(Span(gap.start - span.start, gap.end - span.start) for gap in hit.gaps)
            stance = self._stances.of(
                quote,
                hit.start - span.start,
                hit.end - span.start,
                gaps=gaps,
                practice=self.declared[hit.practice].id,
                framed=hit.framed,
            )
            if not known or _LIKELIEST.index(stance) < _LIKELIEST.index(known[0]):
                best[hit.practice] = (stance, hit)
        told = {(self.declared[number].id, stance) for number, (stance, _) in best.items()}
        for stance, hit in sorted(best.values(), key=lambda it: it[1].start):
            declared = self.declared[hit.practice]
            if not told.isdisjoint((other, stance) for other in declared.yields_to):
                continue
            act = Span(hit.gaps[-1].end if hit.gaps else hit.start, hit.end)
            for lender in subjects(text, span, act, named) or (titled,):
                yield Practice(
                    id=declared.id,
                    stance=stance,
                    severity=declared.severity,
                    lender=lender,
                    quote=quote,
                    phrase=text[hit.start : hit.end],
                    where=where,
                    start=span.start,
                    end=span.end,
                )


def _longest(hits: list[Hit], text: str) -> list[Hit]:
    """`hits` without those that longer words of the same practice hold in one clause, the longest first.

    Longer words see more of the cues: 「没有爆我的通讯录」.
    """
    until: dict[int, int] = {}
    kept: dict[tuple[int, int, int], Hit] = {}
    for hit in sorted(hits, key=lambda it: (it.start, -it.end)):
        if until.get(hit.practice, 0) < hit.end:
            if not _CLAUSE.search(text, hit.start, hit.end):
                until[hit.practice] = hit.end
            kept.setdefault((hit.practice, hit.start, hit.end), hit)
    return sorted(kept.values(), key=lambda it: it.start - it.end)[:MAX_HITS]


def _start(hit: Hit) -> int:
    return hit.start
