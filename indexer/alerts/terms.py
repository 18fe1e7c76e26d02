"""Words that texts of now have and texts of before have not."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from indexer.document import Document
from indexer.meaning.bayes import stop_words
from indexer.meaning.segment import segment

LOOKED_AT = 800
"""Characters of a document whose words are counted."""
LEAST_Z = 2.6
"""Log-odds over its standard error: beyond 99 of 100 words that only vary by chance."""
PRIOR = 100.0
"""Documents that the prior stands for: how strongly rare words are held back."""
_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}|[A-Za-z][A-Za-z0-9]{2,15}")
_MASK = re.compile(r"\[\w{2,3}\]")


@dataclass(frozen=True)
class Term:
    """A word, in how many documents of now and of before it is, and how surely that is no chance."""

    word: str
    now: int
    before: int
    z: float


def significant(
    now: Collection[Document], before: Collection[Document], *, at_least: int = 3, but: Collection[str] = ()
) -> list[Term]:
    """Words of `now` that `before` doesn't explain, surest first. `but`: words, and parts of them, that say nothing.

    Log-odds ratio with an informative Dirichlet prior, over documents (Monroe, Colaresi & Quinn 2008, Fightin' Words,
    eq. 22): a word's odds in now against before, held back by how common it is in both.
    """
    ours, theirs = _counted(now), _counted(before)
    of_ours, of_theirs, everything = len(now), len(before), len(now) + len(before)
    found = []
    for word, count in ours.items():
        if count < at_least or any(word in other or other in word for other in but):
            continue
        prior = PRIOR * (count + theirs[word] + 1) / (everything + 2)
        mine = math.log((count + prior) / (of_ours + PRIOR - count - prior))
        other = math.log((theirs[word] + prior) / (of_theirs + PRIOR - theirs[word] - prior))
        z = (mine - other) / math.sqrt(1 / (count + prior) + 1 / (theirs[word] + prior))
        if z >= LEAST_Z:
            found.append(Term(word, count, theirs[word], z))
    return sorted(found, key=lambda it: (-it.z, it.word))


def _counted(documents: Iterable[Document]) -> Counter[str]:
    """In how many documents each word is."""
    counts: Counter[str] = Counter()
    stop = stop_words()
    for it in documents:
        text = _MASK.sub(" ", f"{it.title}\n{it.body}"[:LOOKED_AT])
        counts.update({word for word in segment(text) if _WORD.fullmatch(word)} - stop)
    return counts
