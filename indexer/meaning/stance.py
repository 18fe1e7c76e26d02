"""Whether a sentence says that a practice happened, might happen, or is denied or forbidden.

A rule model over the clause: cues (stance.yaml) negate or soften what follows them in the same clause, the strong
ones a list that goes on too, after the idea of NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) and its
hypotheticals and terminators (ConText, Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002).
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from indexer.configfile import load
from indexer.document import Stance
from indexer.meaning.cues import Cues
from indexer.text.sentences import Span
from indexer.text.sieve import Sieve

NEAR = 9
"""Characters over which a plain negation reaches to the practice."""
REACH = 200
"""Characters on each side of a practice that decide: text without a full stop must not cost time."""
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:\n\s]+")
_LIST_GOES_ON = re.compile(
    r"^(?:包括|例如|比如|如|以及|及|或者?|和|等|诸如|并|也不|更不|不|严禁|禁止|[一-鿿]{0,4}[、])|^[^，]{2,14}$"
)


class _Cue(NamedTuple):
    number: int
    pattern: re.Pattern[str]


class _Scope(NamedTuple):
    could: frozenset[int]
    """Numbers of the cues that could match somewhere in the sentence, of which all else here is a part."""
    earlier: tuple[str, ...]
    """The clauses of the sentence before the practice's own."""
    before: str
    """What stands before the practice in its clause, after the last word that ends a cue's reach."""
    named: str
    """The words that name the practice: a cue may look ahead at them."""
    gaps: tuple[tuple[str, str], ...]
    """What stands between those words in the last clause of a gap, and the words that follow it."""
    after: str
    """What stands behind it up to the end of the sentence."""

    def has(self, cue: _Cue, text: str) -> bool:
        """Whether a part of the sentence has the cue, which is tried only where it could match."""
        return cue.number in self.could and cue.pattern.search(text) is not None

    def ahead(self, cue: _Cue, before: str, named: str) -> bool:
        """Whether `before` holds the cue, which may look ahead at what is named: 「要」 counts before 「上门」."""
        if cue.number not in self.could:
            return False
        return any(match.end() <= len(before) for match in cue.pattern.finditer(before + named))

    def without(self, cue: _Cue, text: str) -> str:
        """`text` with a mark in place of the cue."""
        return cue.pattern.sub("＊", text) if cue.number in self.could else text


#: 3.2 催收手段的不当使用: a numbered heading names what the text is about and asserts nothing.
_NUMBER = (
    r"(?:\d{1,2}(?:[.．]\d{1,2})*[.．、 ]|[一二三四五六七八九十]{1,3}[、.． ]|"
    r"[（(][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_HEADING = re.compile(_NUMBER + r"[^，,。！!？?；;]{2,30}")
#: 3. 法律途径：…: what follows says more.
_ITEM = re.compile(_NUMBER + r"[^，,。！!？?；;：:]{0,12}")
#: A fact in a clause of its own, behind which a question may come: 「打了单位又去家里，下一步呢？」.
_DONE = re.compile("[^不没未]{2}(?:了|过)|被")
#: 在催收手段不当时，…: whenever it happens, and not that it has.
_WHEN = re.compile("[^，,。]{0,3}时[，,]")


class Stances:
    """Tells the stance of a place in a sentence. Immutable; safe to share."""

    def __init__(self, cues: Cues) -> None:
        self._patterns: list[re.Pattern[str]] = []
        self._resets = self._cue(cues.resets)
        self._contrasts = self._cue(cues.contrasts)
        self._not_negations = self._cue(cues.not_negations)
        self._strong = self._cue(cues.denied.strong)
        reach = f"(?:(?:(?!{cues.denied.breaks}).){{0,{NEAR}}}|{cues.denied.filler})$"
        self._near = self._cue(f"(?:{cues.denied.near}){reach}")
        self._hidden = self._cue(f"(?:{cues.denied.hidden}){reach}")
        self._denied_after = self._cue(cues.denied.after)
        self._rule_after = self._cue(cues.denied.after_rule)
        self._actor = self._cue(cues.denied.actor)
        self._rumour = self._cue(cues.denied.rumour)
        self._rebutted = self._cue(cues.denied.rebutted)
        self._announced = frozenset(cues.denied.announced)
        self._to_nothing = self._cue(cues.denied.to_nothing)
        self._undone = {practice: self._cue(cue) for practice, cue in cues.denied.undone.items()}
        self._promise = self._cue(cues.denied.promise)
        self._demand = self._cue(cues.denied.demand)
        self._broken = self._cue(cues.denied.broken)
        self._maybe_before = self._cue(cues.possible.before)
        self._maybe_after = self._cue(cues.possible.after)
        self._maybe_clause = self._cue(cues.possible.clause)
        self._consequence = self._cue(cues.possible.consequence)
        self._advice = self._cue(cues.possible.advice)
        self._spared = frozenset(cues.possible.spared)
        self._threats = self._cue(cues.possible.threats)
        self._rhetorical = frozenset(cues.rhetorical)
        self._refusals = {practice: self._cue(cue) for practice, cue in cues.refusals.items()}
        self._question = self._cue(cues.question)
        self._reproach = self._cue(cues.reproach)
        self._happened = self._cue(cues.happened)
        self._firm = self._cue(cues.firm)
        self._sieve = Sieve(self._patterns)

    def _cue(self, pattern: str) -> _Cue:
        self._patterns.append(re.compile(pattern))
        return _Cue(len(self._patterns) - 1, self._patterns[-1])

    @classmethod
    @cache
    def load(cls) -> "Stances":
        """With the cues that ship with the program."""
        return cls(load(Path(__file__).with_name("stance.yaml"), Cues))

    def of(
        self,
        sentence: str,
        start: int,
        end: int,
        *,
        gaps: tuple[Span, ...] = (),
        practice: str = "",
        framed: bool = False,
    ) -> Stance:
        """Stance of the characters start..end of `sentence`, which name a `practice` with `gaps` between the words.

        `framed` if no negation can be a part of the words.
        """
        if framed and practice in self._refusals and not self._refusals[practice].pattern.search(sentence, start, end):
            gaps = ()
        cut = max(0, start - REACH)
        sentence, start, end = sentence[cut : end + REACH], start - cut, end - cut
        could = self._sieve.passed(sentence)
        scope = self._scope(could, sentence, start, end, tuple(Span(it.start - cut, it.end - cut) for it in gaps))
        if scope.has(self._promise, scope.before) and scope.has(self._broken, scope.after):
            return "asserted"
        threat = practice in self._spared
        within = self._near if framed and not threat else self._hidden
        asks = not (framed and practice in self._rhetorical) and self._asks(sentence, scope)
        if self._is_denied(sentence, scope, practice, within):
            return "possible" if asks else "denied"
        if threat:
            scope = self._without_threats(self._scope(could, sentence, start, end, ()))
        elif framed and gaps:
            act = gaps[-1].end - cut  # who acts stands before it
            scope = self._scope(could, sentence, act, end, ())
        if asks or self._is_possible(sentence, scope):
            return "possible"
        return "asserted"

    def _scope(self, could: frozenset[int], sentence: str, start: int, end: int, gaps: tuple[Span, ...]) -> _Scope:
        *earlier, before = _CLAUSE_END.split(sentence[:start])
        between = []
        for gap in gaps:
            *passed, last = _CLAUSE_END.split(sentence[gap.start : gap.end])
            between.append((last, sentence[gap.end : end]))
            earlier += passed
        contrasted = sentence[:start].endswith(("但", "却"))
        if self._contrasts.number in could:
            contrasts = self._contrasts.pattern.search
            contrasted = contrasted or contrasts(before) is not None
            while any(map(contrasts, earlier[1:])):
                earlier = earlier[1:]
        if self._resets.number in could:
            for reset in self._resets.pattern.finditer(before):
                before = before[reset.end() :] if reset.end() <= len(before) else before
        if contrasted:
            earlier = []
        return _Scope(could, tuple(earlier), before, sentence[start:end], tuple(between), sentence[end:])

    def _without_threats(self, scope: _Scope) -> _Scope:
        """For a practice that is a threat: its own condition (「不还就…」) doesn't make it less of a fact."""
        earlier = tuple(scope.without(self._threats, clause) for clause in scope.earlier)
        return scope._replace(earlier=earlier, before=scope.without(self._threats, scope.before))

    def _is_denied(self, sentence: str, scope: _Scope, practice: str, within: _Cue) -> bool:
        if scope.has(self._demand, sentence):
            return False
        before = scope.without(self._not_negations, scope.before)
        if scope.ahead(self._strong, before, scope.named) or scope.has(self._near, before[-3 * NEAR :]):
            return True
        hidden = [scope.without(self._not_negations, gap) for gap, _ in scope.gaps]
        if any(scope.has(self._strong, gap) or scope.has(within, gap) for gap in hidden):
            return True
        if scope.has(self._denied_after, scope.after):
            return True
        if undone := self._undone.get(practice):
            clause = before[-NEAR:] + scope.named + _CLAUSE_END.split(scope.after, maxsplit=1)[0]
            if scope.has(undone, clause):
                return True
        if scope.has(self._rumour, sentence) and scope.has(self._rebutted, scope.after):
            return True
        nothing_came = practice in self._announced and scope.has(self._to_nothing, scope.after)
        against_rules = scope.has(self._rule_after, scope.after) and not scope.has(self._actor, before)
        if (nothing_came or against_rules) and not scope.has(self._happened, before):
            return True
        return self._in_forbidden_list(scope, before)

    def _in_forbidden_list(self, scope: _Scope, before: str) -> bool:
        """Whether a prohibition in an earlier clause goes on: 「不得有下列行为：骚扰，恐吓」."""
        if not scope.earlier or scope.has(self._happened, before):
            return False
        last = scope.without(self._not_negations, scope.earlier[-1])
        forbids = re.search(r"严禁|禁止|不得(?!不|已)|杜绝|不允许|不准|承诺|否认", last)
        return bool(forbids and _LIST_GOES_ON.match(before or "等"))

    def _is_possible(self, sentence: str, scope: _Scope) -> bool:
        happened = scope.has(self._happened, sentence)
        heading = _HEADING.fullmatch(sentence) or (
            scope.after.startswith((":", "：")) and not scope.earlier and _ITEM.fullmatch(scope.before + scope.named)
        )
        if not happened and (heading or _WHEN.match(scope.after)):
            return True
        if not happened and scope.has(self._consequence, scope.after):
            return True
        if not happened and scope.has(self._advice, sentence):
            return True
        texts = [(gap, follows, self._maybe_before) for gap, follows in scope.gaps]
        texts += [(scope.before, scope.named, self._maybe_before), ("，".join(scope.earlier), "", self._maybe_clause)]
        for text, named, cue in texts:
            if scope.ahead(cue, text, named) and (scope.ahead(self._firm, text, named) or not happened):
                return True
        return scope.has(self._maybe_after, scope.after) and not scope.has(self._reproach, sentence)

    def _asks(self, sentence: str, scope: _Scope) -> bool:
        if scope.has(self._reproach, sentence) or not scope.has(self._question, sentence):
            return False
        if scope.has(self._happened, scope.before) or self._happened.pattern.search("".join(scope.earlier)):
            return False
        rest, *later = _CLAUSE_END.split(scope.after, maxsplit=1)
        own = scope.before + scope.named + rest
        return not (later and later[0] and _DONE.search(own) and not scope.has(self._question, own))
