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

NEAR = 9
"""Characters over which a plain negation reaches to the practice."""
REACH = 200
"""Characters on each side of a practice that decide: text without a full stop must not cost time."""
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:\n\s]+")
_LIST_GOES_ON = re.compile(
    r"^(?:包括|例如|比如|如|以及|及|或者?|和|等|诸如|并|也不|更不|不|严禁|禁止|[一-鿿]{0,4}[、])|^[^，]{2,14}$"
)


class _Scope(NamedTuple):
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
        self._resets = re.compile(cues.resets)
        self._contrasts = re.compile(cues.contrasts)
        self._not_negations = re.compile(cues.not_negations)
        self._strong = re.compile(cues.denied.strong)
        reach = f"(?:(?:(?!{cues.denied.breaks}).){{0,{NEAR}}}|{cues.denied.filler})$"
        self._near = re.compile(f"(?:{cues.denied.near}){reach}")
        self._hidden = re.compile(f"(?:{cues.denied.hidden}){reach}")
        self._denied_after = re.compile(cues.denied.after)
        self._rule_after = re.compile(cues.denied.after_rule)
        self._actor = re.compile(cues.denied.actor)
        self._rumour = re.compile(cues.denied.rumour)
        self._rebutted = re.compile(cues.denied.rebutted)
        self._announced = frozenset(cues.denied.announced)
        self._to_nothing = re.compile(cues.denied.to_nothing)
        self._undone = {practice: re.compile(cue) for practice, cue in cues.denied.undone.items()}
        self._promise = re.compile(cues.denied.promise)
        self._demand = re.compile(cues.denied.demand)
        self._broken = re.compile(cues.denied.broken)
        self._maybe_before = re.compile(cues.possible.before)
        self._maybe_after = re.compile(cues.possible.after)
        self._maybe_clause = re.compile(cues.possible.clause)
        self._consequence = re.compile(cues.possible.consequence)
        self._advice = re.compile(cues.possible.advice)
        self._spared = frozenset(cues.possible.spared)
        self._threats = re.compile(cues.possible.threats)
        self._rhetorical = frozenset(cues.rhetorical)
        self._refusals = {practice: re.compile(cue) for practice, cue in cues.refusals.items()}
        self._question = re.compile(cues.question)
        self._reproach = re.compile(cues.reproach)
        self._happened = re.compile(cues.happened)
        self._firm = re.compile(cues.firm)

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
        if framed and practice in self._refusals and not self._refusals[practice].search(sentence, start, end):
            gaps = ()
        cut = max(0, start - REACH)
        sentence, start, end = sentence[cut : end + REACH], start - cut, end - cut
        scope = self._scope(sentence, start, end, tuple(Span(it.start - cut, it.end - cut) for it in gaps))
        if self._promise.search(scope.before) and self._broken.search(scope.after):
            return "asserted"
        threat = practice in self._spared
        within = self._near if framed and not threat else self._hidden
        asks = not (framed and practice in self._rhetorical) and self._asks(sentence, scope)
        if self._is_denied(sentence, scope, practice, within):
            return "possible" if asks else "denied"
        if threat:
            scope = self._without_threats(self._scope(sentence, start, end, ()))
        elif framed and gaps:
            scope = self._scope(sentence, gaps[-1].end - cut, end, ())  # the act itself: who acts stands before it
        if asks or self._is_possible(sentence, scope):
            return "possible"
        return "asserted"

    def _scope(self, sentence: str, start: int, end: int, gaps: tuple[Span, ...]) -> _Scope:
        *earlier, before = _CLAUSE_END.split(sentence[:start])
        between = []
        for gap in gaps:
            *passed, last = _CLAUSE_END.split(sentence[gap.start : gap.end])
            between.append((last, sentence[gap.end : end]))
            earlier += passed
        contrasted = self._contrasts.search(before) or sentence[:start].endswith(("但", "却"))
        for reset in self._resets.finditer(before):
            before = before[reset.end() :] if reset.end() <= len(before) else before
        while any(self._contrasts.search(clause) for clause in earlier[1:]):
            earlier = earlier[1:]
        if contrasted:
            earlier = []
        return _Scope(tuple(earlier), before, sentence[start:end], tuple(between), sentence[end:])

    def _without_threats(self, scope: _Scope) -> _Scope:
        """For a practice that is a threat: its own condition (「不还就…」) doesn't make it less of a fact."""
        earlier = tuple(self._threats.sub("＊", clause) for clause in scope.earlier)
        return scope._replace(earlier=earlier, before=self._threats.sub("＊", scope.before))

    def _is_denied(self, sentence: str, scope: _Scope, practice: str, within: re.Pattern[str]) -> bool:
        if self._demand.search(sentence):
            return False
        before = self._not_negations.sub("＊", scope.before)
        if _ahead(self._strong, before, scope.named) or self._near.search(before[-3 * NEAR :]):
            return True
        hidden = [self._not_negations.sub("＊", gap) for gap, _ in scope.gaps]
        if any(self._strong.search(gap) or within.search(gap) for gap in hidden):
            return True
        if self._denied_after.search(scope.after):
            return True
        clause = before[-NEAR:] + scope.named + _CLAUSE_END.split(scope.after, maxsplit=1)[0]
        if practice in self._undone and self._undone[practice].search(clause):
            return True
        if self._rumour.search(sentence) and self._rebutted.search(scope.after):
            return True
        accused = self._happened.search(before) or self._actor.search(before)
        if practice in self._announced and self._to_nothing.search(scope.after) and not self._happened.search(before):
            return True
        if self._rule_after.search(scope.after) and not accused:
            return True
        return self._in_forbidden_list(scope, before)

    def _in_forbidden_list(self, scope: _Scope, before: str) -> bool:
        """Whether a prohibition in an earlier clause goes on: 「不得有下列行为：骚扰，恐吓」."""
        if not scope.earlier or self._happened.search(before):
            return False
        last = self._not_negations.sub("＊", scope.earlier[-1])
        forbids = re.search(r"严禁|禁止|不得(?!不|已)|杜绝|不允许|不准|承诺|否认", last)
        return bool(forbids and _LIST_GOES_ON.match(before or "等"))

    def _is_possible(self, sentence: str, scope: _Scope) -> bool:
        happened = bool(self._happened.search(sentence))
        heading = _HEADING.fullmatch(sentence) or (
            scope.after.startswith((":", "：")) and not scope.earlier and _ITEM.fullmatch(scope.before + scope.named)
        )
        if not happened and (heading or _WHEN.match(scope.after)):
            return True
        if not happened and self._consequence.search(scope.after):
            return True
        if not happened and self._advice.search(sentence):
            return True
        texts = [(gap, follows, self._maybe_before) for gap, follows in scope.gaps]
        texts += [(scope.before, scope.named, self._maybe_before), ("，".join(scope.earlier), "", self._maybe_clause)]
        for text, named, cue in texts:
            if _ahead(cue, text, named) and (_ahead(self._firm, text, named) or not happened):
                return True
        return bool(self._maybe_after.search(scope.after)) and not self._reproach.search(sentence)

    def _asks(self, sentence: str, scope: _Scope) -> bool:
        if self._reproach.search(sentence) or not self._question.search(sentence):
            return False
        if self._happened.search(scope.before) or self._happened.search("".join(scope.earlier)):
            return False
        rest, *later = _CLAUSE_END.split(scope.after, maxsplit=1)
        own = scope.before + scope.named + rest
        return not (later and later[0] and _DONE.search(own) and not self._question.search(own))


def _ahead(cue: re.Pattern[str], before: str, named: str) -> bool:
    """Whether `before` holds a cue, which may look ahead at what is named: 「要」 counts before 「上门」."""
    return any(match.end() <= len(before) for match in cue.finditer(before + named))
