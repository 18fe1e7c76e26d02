"""Reads UTF-8 of which bytes were lost: a beam search for the likeliest Chinese that has the bytes that are left.

A decoder that meets bytes it has no character for shows a mark in their place or leaves them out. What is left of
the two or three bytes of a Chinese character allows for at most 64 characters as a rule, of which the words around
choose one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from heapq import nsmallest
from itertools import product
from typing import Any, NamedTuple

from indexer.text.gbk import Group
from indexer.text.pinyin import reads
from indexer.text.tongue import CONTEXT, MARK, Tongue

ANY = 0xFE
"""Stands for any lost byte, as MARK does for one that the charset has no character for; no UTF-8 has them."""
Known = type[Tongue]
Lost = tuple[int, ...]
"""Bytes that a charset has no character for."""

BEAM = 8
MARKED = 3.0
"""Nats that a byte costs which a mark stands for."""
LEFT_OUT = 9.0
"""Nats that a byte costs which was left out without a mark."""
GIVEN_UP = 20.0
"""Nats that a character costs of which only a mark is left."""
OPEN_END = 10.0
"""Nats that a sign costs at the end which no sentence ends with."""
MANY = 150
"""Characters of which each is tried; of more, the likeliest."""
TORN = 60
"""Bytes over which torn characters are weighed together."""
STRIDE = 4096
"""Bytes that are decoded at once."""

_NOTE = re.compile(rb"(?:\(|\xef\xbc\x88)((?:[a-z]|[\xc3-\xc7][\x80-\xbf]){1,8})(?:\)|\xef\xbc\x89)")
"""Pinyin behind a character, which says which one it is."""
_LEADS = (0xE3, *range(0xE4, 0xEA), 0xEF)
_MARKS = frozenset((MARK, ANY, *b"? "))
_TRAILS = tuple(range(0x80, 0xC0))
_OPEN = "、，；：《（“‘【"


class Read(NamedTuple):
    """`text` is what the bytes up to `end` read as; `guesses` of it lacked a byte, `blind` ones without a mark."""

    text: str
    end: int
    guesses: int
    blind: int

    @property
    def is_sure(self) -> bool:
        """Whether enough of it is exact: any text has bytes that could be torn characters."""
        return 2 * self.blind <= sum(char > "\x7f" for char in self.text) - self.guesses


class _Reading(NamedTuple):
    cost: float
    text: str
    state: Any


def read(raw: bytes, tongue: Tongue, guesses: int, lost: Lost) -> Read:
    """The longest stretch from the beginning that reads as UTF-8 with no more than so many `guesses`.

    MARK in `raw` stands for one of the bytes `lost`; `?` and a blank stand for any byte, as ANY does.
    """
    pieces, at, made, blind = [], 0, 0, 0
    while at < len(raw):
        exact, broken = _exact(raw[at : at + STRIDE])
        pieces.append(exact)
        at += len(exact.encode())
        if broken and at < len(raw):
            guessed = _guess(raw, at, "".join(pieces), tongue, lost) if made < guesses else None
            if guessed is None:
                break
            text, end = guessed
            pieces.append(text)
            torn = len(text) - (end < len(raw))  # where the readings met, the last one is whole
            made += max(1, torn)
            blind += torn * (MARK not in raw[at:end] and ANY not in raw[at:end])
            at = end
    return Read("".join(pieces), at, made, blind)


def _exact(raw: bytes) -> tuple[str, bool]:
    """What can be decoded from the beginning, and whether something that can't comes next."""
    try:
        return raw.decode(), False
    except UnicodeDecodeError as error:
        whole = error.reason == "unexpected end of data" and len(raw) == STRIDE
        return raw[: error.start].decode(), not whole


def _guess(raw: bytes, start: int, before: str, tongue: Tongue, lost: Lost) -> tuple[str, int] | None:
    """The likeliest reading from `start` on up to where no other is left, and where that is; None where none is."""
    beams: dict[int, list[_Reading]] = {start: [_Reading(0.0, "", tongue.begin(before[-CONTEXT:]))]}
    found = None
    for at in range(start, min(len(raw), start + TORN) + 1):
        best = _best(beams.pop(at, []))
        if best:
            found = (best[0].text, at)
            if at > start and len(best) == 1 and not beams:
                break
        elif not beams:
            break
        for reading in best:
            for upto, could, cost in _characters(raw, at, lost, type(tongue)):
                note = _NOTE.match(raw, upto) if len(could) > 1 else None
                chars = (_read_as(could, note[1].decode("utf-8", "ignore")) or could) if note else could
                for char in tongue.likeliest(reading.state, chars) if len(chars) > MANY else chars:
                    step, state = tongue.step(reading.state, char)
                    total = reading.cost + cost + step + OPEN_END * (upto == len(raw) and char in _OPEN)
                    beams.setdefault(upto, []).append(_Reading(total, reading.text + char, state))
    return found if found and found[1] > start else None


@lru_cache(20_000)
def _read_as(chars: Group, syllable: str) -> Group:
    return Group(char for char in chars if reads(char, syllable))


def _best(readings: list[_Reading]) -> list[_Reading]:
    cheapest: dict[Any, _Reading] = {}
    for reading in sorted(readings, key=lambda it: it[:2]):
        cheapest.setdefault(reading.state, reading)
    return nsmallest(BEAM, cheapest.values(), key=lambda it: it[:2])


def _characters(raw: bytes, at: int, lost: Lost, tongue: Known) -> Iterator[tuple[int, Group, float]]:
    """What can begin at byte `at`: where it ends, the characters that it may be, and what the loss costs."""
    if at >= len(raw):
        return
    lost = lost if MARK in raw[at : at + 3] else _TRAILS
    lead, one, two, three = raw[at], *(_trail(raw, at + place) for place in (1, 2, 3))
    if lead in (MARK, ANY):
        yield at + 1, _lost(), GIVEN_UP
        if one and two and MARK not in (one, two):
            yield at + 3, _ending(one, two, tongue), MARKED
    elif lead < 0x80:
        yield at + 1, _block(bytes((lead,)), tongue), 0.0
    elif 0xC2 <= lead <= 0xDF:
        if one and one != MARK:
            yield at + 2, _block(bytes((lead, one)), tongue), 0.0
    elif 0xE0 <= lead <= 0xEF:
        yield from _three(lead, one, two, at, lost, tongue)
    elif 0xF0 <= lead <= 0xF4 and one and two and three and MARK not in (one, two, three):
        yield at + 4, _block(bytes((lead, one, two, three)), tongue), 0.0


def _three(lead: int, one: int, two: int, at: int, lost: Lost, tongue: Known) -> Iterator[tuple[int, Group, float]]:
    if not one:
        yield at + 1, _block(bytes((lead,)), tongue), 2 * LEFT_OUT
    elif one == MARK:
        if two:
            chars = _around(lead, two, tongue, lost) if two != MARK else _block(bytes((lead,)), tongue)
            yield at + 3, chars, MARKED + MARKED * (two == MARK)
        yield at + 2, _block(bytes((lead,)), tongue), 3 * MARKED  # one mark for both
    elif not two:
        yield at + 2, _missing(lead, one, tongue), LEFT_OUT
    elif two == MARK:
        yield at + 3, _block(bytes((lead, one)), tongue, lost), MARKED
        yield (
            at + 2,
            _block(bytes((lead, one)), tongue),
            2 * MARKED,
        )  # the mark stands for the next character's first byte too
    else:
        yield at + 3, _block(bytes((lead, one, two)), tongue), 0.0


def _trail(raw: bytes, at: int) -> int:
    """The trail byte or mark at `at`, 0 where there is none; a mark is also shown as `?`, and A0 as a space."""
    byte = raw[at] if at < len(raw) else 0
    if byte in _MARKS:
        return MARK
    return byte if 0x80 <= byte < 0xC0 else 0


@cache
def _block(prefix: bytes, tongue: Known, trails: Lost = _TRAILS) -> Group:
    """Characters whose bytes begin with `prefix`: one if it is whole, else those that such text has."""
    try:
        return Group(prefix.decode())
    except UnicodeDecodeError:
        return _usual((prefix + bytes(rest) for rest in product(trails, repeat=max(0, 3 - len(prefix)))), tongue)


@cache
def _around(lead: int, last: int, tongue: Known, trails: Lost = _TRAILS) -> Group:
    return _usual((bytes((lead, byte, last)) for byte in trails), tongue)


@cache
def _missing(lead: int, trail: int, tongue: Known) -> Group:
    return Group((*_block(bytes((lead, trail)), tongue), *_around(lead, trail, tongue)))


@cache
def _ending(one: int, two: int, tongue: Known) -> Group:
    return _usual((bytes((lead, one, two)) for lead in _LEADS), tongue)


@cache
def _lost() -> Group:
    return Group("\ufffd")


def _usual(encoded: Iterable[bytes], tongue: Known) -> Group:
    return Group(tongue.knows(raw.decode("utf-8", "ignore") for raw in encoded))
