"""Which of several lenders a sentence's practice is about."""

import re

from indexer.document import LenderMention
from indexer.text.sentences import Span

#: Names of which nothing is told but that they are others: 「除了借呗」, 「不是马消的」, 「为了还花呗」.
_ASIDE = re.compile(r"(?:除了?|不像|(?<!是)不是|并非|不同于|相比|比起|而非|为了还|用来还|拿去还|去还|还清了|跟)$")
_AND = re.compile(r"\s*(?:[、/和跟与及]|以及|还有)\s*")
_BOUND = re.compile("[，,；;：:]")


def subjects(text: str, sentence: Span, told: Span, named: list[LenderMention]) -> tuple[str, ...]:
    """The lenders that govern what is told at `told`: the nearest before it, else behind it, else the last named.

    `named` are the mentions of the same text, in order. Several are meant where they are named in one breath.
    """
    inside = [it for it in named if sentence.start <= it.start < sentence.end]
    meant = [it for it in inside if not _ASIDE.search(text[max(0, it.start - 4) : it.start])] or inside
    if not meant:
        return tuple(it.lender for it in named if it.start < sentence.start)[-1:]
    nearest = min(meant, key=lambda it: _distance(text, it, told))
    listed = [nearest]
    for it in reversed(meant[: meant.index(nearest)]):
        if not _AND.fullmatch(text, it.end, listed[0].start):
            break
        listed.insert(0, it)
    return tuple(dict.fromkeys(it.lender for it in listed))


def _distance(text: str, it: LenderMention, told: Span) -> tuple[int, int]:
    """How far a mention is from what is told: first in clauses, a later clause counting as more, then characters."""
    if it.end <= told.start:
        between = text[it.end : told.start]
        return 2 * len(_BOUND.findall(between)), len(between)
    if it.start >= told.end:
        between = text[told.end : it.start]
        clauses = len(_BOUND.findall(between))
        return 2 * clauses + (1 if clauses else 0), len(between)
    return 0, 0
