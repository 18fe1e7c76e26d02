"""Which collection practices a text speaks of, where, of whom, and whether it says that they happened.

The practices, their severity, their words and frames are declared in config/practices.yaml.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Literal

from indexer.configfile import load
from indexer.document import LenderMention, Practice, Stance, Where
from indexer.meaning.declared import PracticesFile
from indexer.meaning.frames import Frames, Own
from indexer.meaning.hours import outside
from indexer.meaning.learned import Learned
from indexer.meaning.learned_stance import Decide, LearnedStance
from indexer.meaning.phrases import Hit, Phrases, expanded
from indexer.meaning.stance import Stances
from indexer.meaning.subject import subjects
from indexer.text.sentences import Span, sentences

_CLAUSE = re.compile("[，,：:；;]")
_LIKELIEST = ("asserted", "possible", "denied")
NEAR = 200
"""Characters on each side of a sentence in which talk of debt makes its weak words count."""

Context = Literal["debt", "maybe", "open", "elsewhere"]
"""What is spoken of near a sentence: debt plainly, perhaps debt, nothing that tells, or something else."""
BELIEVED = {"frame": -1.8, "weak": -1.7, "maybe": -1.5, "open": -0.6, "elsewhere": 0.7}
"""Log-odds, as learned, above which a hit is believed: of a frame, of weak words, and of any in other contexts than
plain debt. There a phrase that isn't weak is always believed."""
_LEAST = min(BELIEVED.values())
ALONE: dict[Context, float] = {"debt": -0.8, "maybe": -0.7, "open": 0.0, "elsewhere": 1.3}
"""Log-odds above which a practice is told without a hit. These and the above were chosen by cross-validation on the
tuning half, with a look at two sets that were held back before (docs/meaning.md)."""

MAX_HITS = 200
"""Hits in one sentence that are weighed: a page that repeats a word must not cost time."""


class Practices:
    """Finds collection practices in repaired, simplified text. Immutable; safe to share."""

    def __init__(self, declared: PracticesFile, decide: Decide | None = None) -> None:
        """`decide` tells the stance with the rules' answer before it: as was learned, if not given."""
        self.declared = declared.practices
        self._debt = re.compile(declared.debt)
        elsewhere = declared.elsewhere
        self._topics = re.compile(elsewhere.topics if elsewhere else "(?!)")
        self._plainly = re.compile(elsewhere.unless if elsewhere else "(?!)")
        self._own = Own(declared.own)
        self._own_act = re.compile(rf"(?:^|[，,。；;：:！!？?\n])(?:{declared.own_act or '(?!)'})")
        self._hours = declared.permitted_hours.hours
        self._stances = Stances.load()
        self._decide = decide or LearnedStance.load().of
        self._learned = Learned.load()
        column = {practice: at for at, practice in enumerate(self._learned.practices)}
        self._columns = tuple(column.get(it.id) for it in declared.practices)
        self._bits = tuple((1 << number, column) for number, column in enumerate(self._columns))
        self._alone = tuple(
            None if "outside_hours" in "".join((*it.frames, *it.weak_frames)) else column.get(it.id)
            for it in declared.practices
        )  # what depends on the hours that are set isn't learned
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
            places = self.places(text, named)
            logits = self._learned.logits(text, spans, places)
            hits = self._hits(
                text, [(span, self._likely(row)) for span, row in zip(spans, logits, strict=True)], places
            )
            starts = [hit.start for hit in hits]
            for span, row in zip(spans, logits, strict=True):
                first, behind = (bisect_left(starts, place) for place in span)
                inside = [hit for hit in hits[first:behind] if hit.end <= span.end]
                if inside or max(row) > ALONE["debt"]:
                    near = text[max(0, span.start - NEAR) : span.end + NEAR]
                    context = "debt" if about else self._context(near)
                    told = list(self._believed(inside, row, context))
                    told += self._learned_alone(text, span, told, row, context)
                    found += self._practices(text, where, span, told, named, titled)
        return tuple(found)

    def places(self, text: str, named: Iterable[LenderMention]) -> list[tuple[str, Span]]:
        """Classes of words and where they stand in `text`, of which `named` are the lenders, in order."""
        others = [("outside_hours", span) for span in outside(text, self._hours)]
        others += [("lender", Span(it.start, it.end)) for it in named]
        others += [("debt", Span(*it.span())) for it in self._plainly.finditer(text)]
        others += [("elsewhere", Span(*it.span())) for it in self._topics.finditer(text)]
        return self._frames.places(text, others)

    def _likely(self, logits: list[float]) -> int:
        """The practices of which a frame could be believed, as bits: what could not needn't be looked for."""
        likely = 0
        for practice, column in self._bits:
            if column is None or logits[column] > _LEAST:
                likely |= practice
        return likely

    def _hits(self, text: str, spans: list[tuple[Span, int]], places: list[tuple[str, Span]]) -> list[Hit]:
        phrases = (hit for hit in self._phrases.find(text) if not (hit.weak and self._own.before(text, hit.start)))
        return sorted([*phrases, *self._frames.find(text, spans, places)], key=attrgetter("start"))

    def _context(self, near: str) -> Context:
        if self._plainly.search(near):
            return "debt"
        if self._topics.search(near):
            return "elsewhere"
        return "maybe" if self._debt.search(near) else "open"

    def _believed(self, hits: list[Hit], logits: list[float], context: Context) -> Iterator[Hit]:
        """Those of a sentence's `hits` that what was learned doesn't contradict."""
        for hit in hits:
            column = self._columns[hit.practice]
            if context == "debt" and not (hit.weak or hit.framed):
                yield hit
            elif column is None:  # a practice of which nothing was learned
                if not hit.weak or context in ("debt", "maybe"):
                    yield hit
            elif logits[column] > BELIEVED[context if context != "debt" else "weak" if hit.weak else "frame"]:
                yield hit

    def _learned_alone(
        self, text: str, span: Span, told: list[Hit], logits: list[float], context: Context
    ) -> Iterator[Hit]:
        """What was learned tells of the sentence `span` beyond `told`."""
        if max(logits) <= ALONE[context]:
            return
        for number, column in enumerate(self._alone):
            if column is None or logits[column] <= ALONE[context] or any(hit.practice == number for hit in told):
                continue
            it = self._learned.telling(text, span, column)
            if self._own_act.search(text[span.start : it.end]):
                continue
            yield Hit(number, weak=True, start=it.start, end=it.end, gaps=(it,), framed=True)  # cues may be within

    def _stance(self, quote: str, span: Span, hit: Hit) -> Stance:
        gaps = tuple(Span(gap.start - span.start, gap.end - span.start) for gap in hit.gaps)
        start, end = hit.start - span.start, hit.end - span.start
        practice = self.declared[hit.practice].id
        rule = self._stances.of(quote, start, end, gaps=gaps, practice=practice, framed=hit.framed)
        return self._decide(rule, practice, quote, start, end)

    def _practices(
        self, text: str, where: Where, span: Span, hits: list[Hit], named: list[LenderMention], titled: str | None
    ) -> Iterator[Practice]:
        quote = text[span.start : span.end]
        several = len({it.lender for it in named if span.start <= it.start < span.end}) > 1
        best: dict[int, tuple[Stance, Hit]] = {}
        clauses: dict[tuple[int, Stance], list[Hit]] = {}
        for hit in _longest(hits, text):
            known = best.get(hit.practice)
            if known and known[0] == "asserted" and not several:
                continue
            stance = self._stance(quote, span, hit)
            if not _CLAUSE.search(text, hit.start, hit.end):
                clauses.setdefault((hit.practice, stance), []).append(hit)
            if not known or _LIKELIEST.index(stance) < _LIKELIEST.index(known[0]):
                best[hit.practice] = (stance, hit)
        told = {(self.declared[number].id, stance) for number, (stance, _) in best.items()}
        for stance, hit in sorted(best.values(), key=lambda it: it[1].start):
            declared = self.declared[hit.practice]
            if not told.isdisjoint((other, stance) for other in declared.yields_to):
                continue
            # Of several lenders each clause may tell of its own: 「A骂人，B也骂人」.
            telling = (several and clauses.get((hit.practice, stance))) or [hit]
            whom = dict.fromkeys(it for each in telling for it in subjects(text, span, _act(each), named))
            for lender in whom or (titled,):
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


def _act(hit: Hit) -> Span:
    """What is done, without who does it."""
    return Span(hit.gaps[-1].end if hit.gaps else hit.start, hit.end)


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
