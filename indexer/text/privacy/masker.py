"""The flow of masking: shadow, finders in order, masks, keyed hashes."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from indexer.text.privacy import accounts, cards, names, phones, places
from indexer.text.privacy.found import MASKS, Found
from indexer.text.privacy.shadow import Shadow, shadow

# The order matters: what is found leaves the shadow, so the longer and the surer come first.
FINDERS: tuple[Callable[[Shadow], Iterator[Found]], ...] = (
    accounts.mails,
    cards.identity_cards,
    cards.starred,
    accounts.named_wechats,
    phones.phones,
    cards.bank_cards,
    phones.spelled_phones,
    accounts.qqs,
    accounts.wechats,
    accounts.elsewhere,
    places.plates,
    places.addresses,
    names.names,
)
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A hash is written without digits: eleven of them in a row would look like a telephone number."""
_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no automaton can read."""
_SEAM = "\ufdd2"
"""Stands between the parts of a page, a line of its own that nothing crosses: no text has this character."""
MOST_ROUNDS = 50
"""Masking is repeated until nothing is found; a bound, as the text may be hostile."""


@dataclass(frozen=True)
class Masked:
    """`text` without personal data; `contacts`: keyed hashes (`phone:` and 16 letters) of what could be reached
    there; `counts`: how many of each kind (a key of indexer.text.privacy.found.MASKS) were masked."""

    text: str
    contacts: frozenset[str] = frozenset()
    counts: dict[str, int] = field(default_factory=dict)


class Masker:
    """Masks personal data in repaired, simplified text. `key` is that of the keyed hashes (HMAC-SHA256).

    `keep` are telephone numbers that survive, in any spelling: hotlines that lenders publish. `spare` are names of
    companies and products: nothing within them is a person's name.
    """

    def __init__(self, key: bytes, *, keep: Sequence[str] = (), spare: Sequence[str] = ()) -> None:
        self._key = key
        self._spare = AhoCorasick(list(spare), matchkind=MatchKind.LeftmostLongest) if spare else None
        self._keep = frozenset(f"phone:{re.sub('[^0-9]', '', number)}" for number in keep)

    def mask(self, text: str) -> Masked:
        """The text masked; masking it again changes nothing. Text that holds nothing comes back as the same object."""
        if not text:
            return Masked(text)
        contacts: set[str] = set()
        counts: Counter[str] = Counter()
        for _ in range(MOST_ROUNDS):
            found = self._find(text)
            if not found:
                break
            text = _masked(text, found)
            counts.update(it.kind for it in found)
            contacts.update(self._hash(it.contact) for it in found if it.contact)
        return Masked(text, frozenset(contacts), dict(counts))

    def mask_parts(self, *parts: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The parts of one page masked, and the contacts in them: who is named in one part is known in the others."""
        masked = self.mask(f"\n{_SEAM}\n".join(part.replace(_SEAM, "") for part in parts))
        return tuple(masked.text.split(f"\n{_SEAM}\n")), masked.contacts

    def hides(self, text: str) -> bool:
        """Whether masking would change the text."""
        return bool(self._find(text))

    def pseudonym(self, name: str) -> str:
        """Keyed hash of a name, 16 letters; empty for an empty name."""
        return self._digest(f"name:{name}") if name else ""

    def _find(self, text: str) -> list[Found]:
        """What is to be masked, in order and without overlaps."""
        found: list[Found] = []
        text = _HALF.sub("\ufffd", text)
        rest = shadow(text)
        for finder in FINDERS:
            fresh: list[Found] = []
            end = 0
            for it in sorted(finder(rest), key=lambda it: (it.start, -it.end)):
                if it.start >= end:
                    fresh.append(it)
                    end = it.end
            rest = rest.without(fresh)
            found += fresh
        spared = self._spared(text) if any(it.kind == "name" for it in found) else frozenset()
        return sorted(
            it
            for it in found
            if it.contact not in self._keep and not (it.kind == "name" and spared.intersection(range(it.start, it.end)))
        )

    def _spared(self, text: str) -> frozenset[int]:
        """The characters of `text` that stand in the name of a company or product."""
        spans = self._spare.find_matches_as_indexes(text) if self._spare else []
        return frozenset(place for _, start, end in spans for place in range(start, end))

    def _hash(self, contact: str) -> str:
        return f"{contact.partition(':')[0]}:{self._digest(contact)}"

    def _digest(self, value: str) -> str:
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
        return digest.translate(_LETTERS)


def _masked(text: str, found: list[Found]) -> str:
    pieces = []
    at = 0
    for it in found:
        pieces += [text[at : it.start], MASKS[it.kind]]
        at = it.end
    return "".join([*pieces, text[at:]])
