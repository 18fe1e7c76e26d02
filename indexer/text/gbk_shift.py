"""Mends GBK text that was read one byte off: 拇呤帐侄危 → (的)催收手段.

How it comes about: a site puts pinyin behind characters by searching bytes, and finds 數 (94 B5) across the
border of 當的 (AE 94 · B5 C4). `(shù)` lands inside 的; its first byte and the parenthesis are read as `?`, and
every character from there on is made of the halves of two, until a byte below 0x80 sets the reading right again.

The mending is a beam search over the characters of a line. A reading is either in step (what is shown is what was
written) or off by one (a lead byte is pending, and each shown character's bytes end one written character and
begin the next). Going out of step costs, going back costs, and so does every character that is unlikely Chinese
after the one before it. The cheapest reading wins if it beats the line as it stands by a clear margin.
"""

import re
from collections.abc import Iterator
from functools import cache
from heapq import nsmallest
from itertools import pairwise
from typing import NamedTuple

from indexer.text import gbk
from indexer.text.gbk_prices import Prices
from indexer.text.likelihood import likelihood
from indexer.text.pinyin import SYLLABLE, reads
from indexer.text.simplify import simple

BEAM = 12
MARGIN = 12.0
"""Nats by which a mended line must be likelier."""
RARE = 11.5
"""Nats (-ln P) from which a character is rare."""
STRANGE = 7.5
"""Nats a character, on average, from which a stretch with rare characters is strange; shifted text has twice that."""
WINDOW = 400
"""Characters of a line that are searched at once."""

# What each step of a reading costs, in nats, on top of the characters it yields.
PRIVATE = 25.0  # a private-use character as it stands
ANCHORED = 2.0  # out of step where `?pinyin)` gives the lost byte
MARKED = 6.0  # out of step where `?` stands for a lost byte
UNMARKED = 10.0  # out of step without any mark
HEADLESS = 18.0  # out of step where the first byte can't be known
CUT = 3.0  # back in step at a mark that swallowed the last byte
UNCUT = 9.0  # back in step without a mark, the last byte guessed
TAILLESS = 13.0  # back in step without a mark, the last byte given up
DROPPED = 9.0  # a private-use character that the site left out

_PRIVATE_LEADS = (*range(0xAA, 0xB0), *range(0xF8, 0xFF))
_AHEAD = 4
"""Among so many characters there is a rare one where a line goes out of step."""

_LOST = "?？\ufffd"
_ANCHOR = re.compile(rf"[{_LOST}][(（]?({SYLLABLE})[)）]", re.IGNORECASE)  # some decoders swallow the parenthesis
_NOTE = re.compile(rf"[(（]({SYLLABLE})[)）]", re.IGNORECASE)


class _Reading(NamedTuple):
    """A reading of the line so far. `pending` is the lead byte that waits for its trail, None in step."""

    price: Prices
    cost: float = 0.0
    text: str = ""
    last: str = "\n"  # simplified, for the likelihood of the next
    pending: int | None = None
    spots: int = 0
    unsure: int = 0

    def plus(self, char: str, cost: float = 0.0) -> "_Reading":
        plain = simple(char)
        cost += PRIVATE if "\ue000" <= char <= "\uf8ff" else self.price.of(self.last, plain)
        return _Reading(self.price, self.cost + cost, self.text + char, plain, self.pending, self.spots, self.unsure)

    def likeliest(self, chars: tuple[str, ...]) -> list[str]:
        return self.price.likeliest(self.last, chars)


def mend_shift(text: str) -> tuple[str, int, int]:
    """The text, how many shifted runs were mended, and how many bytes in them had to be given up."""
    if not _suspicious().search(text):
        return text, 0, 0
    price, lines, spots, unsure = Prices(text), [], 0, 0
    for line in text.split("\n"):
        pieces = [line[i : i + WINDOW] for i in range(0, len(line), WINDOW)]
        for place, piece in enumerate(pieces):
            if _is_suspicious(piece):
                best = _read(piece, price)
                pieces[place], spots, unsure = best.text, spots + best.spots, unsure + best.unsure
        lines.append("".join(pieces))
    return "\n".join(lines), spots, unsure


@cache
def _rare() -> frozenset[str]:
    """Double-byte characters that Chinese text seldom has."""
    codes = (*range(0x4E00, 0x9FA6), *range(0xE000, 0xF900), *range(0x2500, 0x25A0), *range(0x0391, 0x0452))
    chars = (char for char in map(chr, codes) if gbk.encode(char))
    return frozenset(char for char in chars if likelihood().rarity(simple(char)) >= RARE)


@cache
def _suspicious() -> re.Pattern[str]:
    """Private use, the tail of an annotation without its head, or `rare` characters close together."""
    rare = "".join(sorted(_rare()))
    return re.compile(f"[\ue000-\uf8ff]|{_ANCHOR.pattern}|(?P<rare>[{rare}].{{0,2}}[{rare}])", re.IGNORECASE)


def _is_suspicious(line: str) -> bool:
    """Whether the beam search is worth its time: rare characters count only where they stand strangely together."""
    cost = likelihood().cost
    for match in _suspicious().finditer(line):
        if not match["rare"]:
            return True
        around = [simple(char) for char in line[max(0, match.start() - 1) : match.start() + 8]]
        costs = [cost(before, char) for before, char in pairwise(around)]
        if sum(costs) > STRANGE * len(costs):
            return True
    return False


def _read(line: str, price: Prices) -> _Reading:
    """The cheapest reading of the line."""
    beams: list[list[_Reading]] = [[] for _ in range(len(line) + 1)]
    beams[0] = [_Reading(price)]
    for at in range(len(line)):
        readings = _best(beams[at])
        readings += [back for reading in readings if reading.pending is not None for back in _back_in_step(reading)]
        for reading in _best(readings):
            steps = _in_step(line, at, reading) if reading.pending is None else _off_by_one(line, at, reading)
            for upto, following in steps:
                beams[upto].append(following)
    ends = [end for reading in _best(beams[-1]) for end in _back_in_step(reading)]
    best, plain = min(ends, key=lambda reading: reading.cost), _as_it_stands(line, price)
    return best if best.cost + MARGIN < plain.cost else plain


def _as_it_stands(line: str, price: Prices) -> _Reading:
    reading, at = _Reading(price), 0
    while at < len(line):
        at, reading = next(_in_step(line, at, reading))
    return reading


def _best(readings: list[_Reading]) -> list[_Reading]:
    cheapest: dict[tuple[str, int | None], _Reading] = {}
    for reading in readings:
        key = (reading.last, reading.pending)
        if key not in cheapest or reading.cost < cheapest[key].cost:
            cheapest[key] = reading
    return nsmallest(BEAM, cheapest.values(), key=lambda reading: reading.cost)


def _in_step(line: str, at: int, reading: _Reading) -> Iterator[tuple[int, _Reading]]:
    if (note := _NOTE.match(line, at)) and at and reads(line[at - 1], note[1]):
        yield note.end(), reading._replace(cost=reading.cost + 1, text=reading.text + note[0])
    yield at + 1, reading.plus(line[at])
    out = reading._replace(spots=reading.spots + 1)
    if line[at] in _LOST:
        if anchor := _ANCHOR.match(line, at):
            for lead in _leads_by_pinyin(line[:at], anchor[1]):
                yield anchor.end(), out._replace(cost=out.cost + ANCHORED, pending=lead)
        at, price = at + 1, MARKED
    else:
        price = UNMARKED
        if not any(char in _rare() for char in line[at : at + _AHEAD]):
            return
    if at < len(line) and (pair := gbk.encode(line[at])):
        for char in reading.likeliest(gbk.with_trail(pair[0])):
            yield at + 1, out.plus(char, price)._replace(pending=pair[1])
        yield at + 1, out._replace(cost=out.cost + HEADLESS, pending=pair[1], unsure=out.unsure + 1)


def _leads_by_pinyin(before: str, syllable: str) -> list[int]:
    """Lead bytes which, behind the last byte of the character before, made one that reads as `syllable`."""
    stem = _NOTE.sub(lambda note: "" if note.end() == len(before) else note[0], before)
    pair = gbk.encode(stem[-1]) if stem else None
    if not pair:
        return []
    return [lead for lead in range(0x81, 0xFF) if (char := gbk.decode(pair[1], lead)) and reads(char, syllable)]


def _off_by_one(line: str, at: int, reading: _Reading) -> Iterator[tuple[int, _Reading]]:
    lead, char = reading.pending or 0, line[at]
    back = reading._replace(pending=None)
    if pair := gbk.encode(char):
        if written := gbk.decode(lead, pair[0]):
            yield at + 1, reading.plus(written)._replace(pending=pair[1])
        yield from ((at + 1, r._replace(pending=pair[1])) for r in _with_dropped(reading, gbk.with_trail(pair[0])))
    if (note := _NOTE.match(line, at)) and at and reads(line[at - 1], note[1]):
        yield note.end(), reading._replace(cost=reading.cost + 1)  # pinyin of a character that never was
    if "\x40" <= char <= "\x7e":
        note = _NOTE.match(line, at + 1)
        if (written := gbk.decode(lead, ord(char))) and (not note or reads(written, note[1])):
            yield at + 1, back.plus(written, 1)
        if note:
            heads = tuple(head for head in gbk.with_trail(ord(char)) if reads(head, note[1]))
            yield from ((at + 1, r._replace(pending=None)) for r in _with_dropped(reading, heads))
    if char in _LOST:
        anchor = _ANCHOR.match(line, at)
        chars = gbk.with_lead(lead)
        if anchor:
            chars = tuple(written for written in chars if reads(written, anchor[1])) or chars
        for written in reading.likeliest(chars):
            yield anchor.end() if anchor else at + 1, back.plus(written, CUT)


def _with_dropped(reading: _Reading, following: tuple[str, ...]) -> Iterator[_Reading]:
    """Readings in which a private-use character was left out before one of the characters `following`."""
    heads = tuple(char for trail in _PRIVATE_LEADS if (char := gbk.decode(reading.pending or 0, trail)))
    for head in reading.likeliest(heads):
        one = reading.plus(head, DROPPED)
        for char in one.likeliest(following):
            pair = gbk.encode(char)
            if pair and pair[0] >= 0xA1:
                yield one.plus(char)


def _back_in_step(reading: _Reading) -> Iterator[_Reading]:
    """The reading in step again without a mark."""
    if reading.pending is None:
        yield reading
        return
    back = reading._replace(pending=None, unsure=reading.unsure + 1)
    yield back._replace(cost=back.cost + TAILLESS)
    for char in reading.likeliest(gbk.with_lead(reading.pending)):
        yield back.plus(char, UNCUT)
