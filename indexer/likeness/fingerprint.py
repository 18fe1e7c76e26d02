"""What of a text is compared: its words without names of lenders and numbers, and these two apart.

Near-identical is Jaccard's coefficient of the sets of overlapping pieces of the text (shingles), estimated by MinHash
(Broder 1997, On the resemblance and containment of documents). Texts worth comparing share one of a few bands of their
MinHash (locality-sensitive hashing; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4).
"""

import hashlib
import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import eq
from typing import Literal
from zlib import crc32

from rensa import RMinHash

from indexer.document import LenderMention

SHORT = 20
"""Characters below which equal texts are not the same: 「催收太过分了」 is written by many."""
COMPARED = 40
"""Characters from which a text is compared with others; shorter ones are the same where they are equal."""
LONGEST = 50_000
"""Characters of a text that are compared."""
ALIKE = 0.5
"""Resemblance from which two texts are near-identical."""
PIECE = 4
"""Characters of a shingle."""
HASHES, BANDS, ROWS = 128, 10, 3
_SEED = 7
_MOST_NUMBERS = 100
_CHANCE = 1 / 256
"""Two bytes of unlike signatures are equal that often (b-bit MinHash; Li and König 2010)."""

_NOISE = re.compile(r"\[\w{2,3}\]|[\W_]+")
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|[〇零一二两三四五六七八九十百千万]+(?=[年月日号天元块万千百次期个笔人名岁点%％])"
)
_COUNTS = re.compile("[年月日号天元块万千百次期个笔人名岁点时分%％]")
_LENDER, _DIGITS = "某", "0"

Relation = Literal["reprint", "template"]


@dataclass(frozen=True)
class Fingerprint:
    """A text as it is compared. Equal ones are the same text.

    `said` is the text without noise, lenders and numbers; `about` the lenders that it is mostly about, sorted and
    joined by blanks; `numbers` the amounts, dates and counts in it.
    """

    said: str
    about: str
    numbers: frozenset[str]

    @property
    def name(self) -> str:
        """16 hex digits that differ for different texts."""
        told = "\n".join([self.said, self.about, *sorted(self.numbers)])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Sketch:
    """What is kept of a long text to compare it: a byte of each MinHash, and 32 bits for each band."""

    signature: bytes
    bands: tuple[int, ...]


def fingerprint(body: str, mentions: Sequence[LenderMention]) -> Fingerprint | None:
    """The fingerprint of a body, None where it is too short to tell. `mentions` as the Document has them."""
    pieces, at = [], 0
    for mention in sorted((it for it in mentions if it.where == "body"), key=lambda it: it.start):
        if mention.start >= at:
            pieces += [body[at : mention.start], _LENDER]
            at = mention.end
    text = "".join([*pieces, body[at:]])[:LONGEST]
    numbers: set[str] = set()

    def masked(found: re.Match[str]) -> str:
        if _is_fact(found):
            numbers.add(found[0])
        return _DIGITS

    said = _NOISE.sub("", _NUMBER.sub(masked, text)).casefold()
    if len(said) < SHORT:
        return None
    return Fingerprint(said, " ".join(_about(mentions)), frozenset(sorted(numbers)[:_MOST_NUMBERS]))


def story_of(body: str, mentions: Sequence[LenderMention], document_id: str) -> str:
    """The name of a text's story as far as the text alone can tell; one too short has a story of its own."""
    found = fingerprint(body, mentions)
    return found.name if found else hashlib.sha256(f"#{document_id}".encode()).hexdigest()[:16]


def sketch(said: str) -> Sketch:
    """The sketch of `Fingerprint.said`."""
    minhash = RMinHash(HASHES, _SEED)
    minhash.update([said[at : at + PIECE] for at in range(max(1, len(said) - PIECE + 1))])
    packed = struct.pack(f"<{HASHES}I", *minhash.digest())
    width = 4 * ROWS
    bands = tuple(crc32(packed[width * number : width * (number + 1)], number) for number in range(BANDS))
    return Sketch(packed[::4], bands)


def resemblance(one: bytes, other: bytes) -> float:
    """Estimate of Jaccard's coefficient from two signatures; its standard error is at most 0.045."""
    equal: int = sum(map(eq, one, other))
    return max(0.0, (equal / HASHES - _CHANCE) / (1 - _CHANCE))


def relation(one: tuple[bytes, str, Iterable[str]], other: tuple[bytes, str, Iterable[str]]) -> Relation | None:
    """What two texts are to each other by signature, `about` and `numbers`.

    A reprint is near-identical and keeps lenders and numbers; near-identical with others filled in is a template.
    """
    if resemblance(one[0], other[0]) < ALIKE:
        return None
    return "reprint" if one[1] == other[1] and _agree(set(one[2]), set(other[2])) else "template"


def _agree(one: set[str], other: set[str]) -> bool:
    """At least half of the numbers of the text with fewer are in the other: a cut text has fewer of the same."""
    return 2 * len(one & other) >= min(len(one), len(other))


def _about(mentions: Sequence[LenderMention]) -> list[str]:
    """The lender named most, the earliest of equals, and those named twice and half as often: a link below a text that
    names another adds none. The title counts where the body names nobody.
    """
    named = Counter(it.lender for it in mentions if it.where == "body") or Counter(it.lender for it in mentions)
    (most, times), *others = named.most_common() or [("", 0)]
    return sorted({most, *(lender for lender, count in others if count > 1 and 2 * count >= times)} - {""})


def _is_fact(number: re.Match[str]) -> bool:
    """Whether a number says something: the 1.1 of a heading and the 一 of 一次 don't."""
    found = number[0]
    if found in ("一", "两"):
        return False
    return (len(found) > 2 and found.isdigit()) or bool(_COUNTS.match(number.string, number.end()))
