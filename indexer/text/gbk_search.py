"""The beam search of indexer/text/gbk_shift.py: the cheapest reading of a line that may be one byte off."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from heapq import nsmallest
from typing import NamedTuple

from indexer.text import gbk
from indexer.text.gbk_prices import Prices, rare
from indexer.text.pinyin import SYLLABLE, reads
from indexer.text.simplify import simple

BEAM = 12
HOPELESS = 36.0
"""Nats by which a reading may lag behind the cheapest; what the whole way out of step and back costs is less."""
MARGIN = 14.0
"""Nats by which a mended stretch must be likelier."""

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
ANCHOR = re.compile(rf"[{_LOST}][(（]?({SYLLABLE})[)）]", re.IGNORECASE)  # some decoders swallow the parenthesis
_NOTE = re.compile(rf"[(（]({SYLLABLE})[)）]", re.IGNORECASE)
_NOTE_BEFORE = re.compile(rf"{_NOTE.pattern}\Z", re.IGNORECASE)


class _Reading(NamedTuple):
    """A reading of the line so far: what the last step wrote, behind an earlier reading.

    `last` is the last character, simplified; `pending` the lead byte that waits for its trail, None in step;
    `spots` counts the ways out of step, `unsure` the bytes given up.
    """

    cost: float
    last: str
    pending: int | None = None
    spots: int = 0
    unsure: int = 0
    written: str = ""
    before: "_Reading | None" = None

    def plus(
        self, price: Prices, char: str, pending: int | None, cost: float = 0.0, *, spots: int = 0, unsure: int = 0
    ) -> "_Reading":
        """With one more character."""
        plain = simple(char)
        cost += self.cost + (PRIVATE if "\ue000" <= char <= "\uf8ff" else price.of(self.last, plain))
        return _Reading(cost, plain, pending, self.spots + spots, self.unsure + unsure, char, self)

    def but(self, cost: float, pending: int | None, *, spots: int = 0, unsure: int = 0, note: str = "") -> "_Reading":
        """With no more than `note`, in or out of step."""
        return _Reading(self.cost + cost, self.last, pending, self.spots + spots, self.unsure + unsure, note, self)

    def text(self) -> str:
        pieces, reading = [], self
        while reading.before is not None:
            pieces.append(reading.written)
            reading = reading.before
        return "".join(reversed(pieces))


_Step = tuple[int, _Reading]
"""How many characters of the line a reading has gone on to, and the reading."""


class Search:
    """The beam search over one line; `spots` and `unsure` are of what it mended, `budget` is what is left of it."""

    def __init__(self, line: str, price: Prices, budget: int) -> None:
        self.line, self.price, self.budget = line, price, budget
        self.spots = self.unsure = 0

    def mended(self) -> str:
        pieces, done = [], 0
        while way_out := _way_out().search(self.line, done):
            start = way_out.start()
            end, best, plain = self._from(start)
            if self.budget <= 0:
                break
            better = best.cost + MARGIN < plain.cost
            pieces += [self.line[done:start], best.text() if better else self.line[start:end]]
            if better:
                self.spots, self.unsure = self.spots + best.spots, self.unsure + best.unsure
            done = end
        return "".join([*pieces, self.line[done:]])

    def _from(self, start: int) -> tuple[int, _Reading, _Reading]:
        """Where the cheapest reading from `start` on is the only one, that reading, and the line as it stands."""
        begin = _Reading(0.0, simple(self._stem(start)))
        beams = {start: [begin]}
        plain_at, plain = start, begin
        for at in range(start, len(self.line)):
            readings = _best(beams.pop(at, []))
            if at > start and not beams and at == plain_at and _in_one(readings, plain):
                return at, readings[0], plain
            self.budget -= BEAM
            if self.budget <= 0:
                return at, plain, plain
            readings += [back for it in readings if self._may_end(at, it) for back in self._back_in_step(it)]
            for reading in _best(readings):
                steps = self._in_step(at, reading) if reading.pending is None else self._off_by_one(at, reading)
                for upto, following in steps:
                    beams.setdefault(upto, []).append(following)
                    self.budget -= 1
            if at == plain_at:
                plain_at, plain = next(self._in_step(at, plain))
        ends = [end for reading in _best(beams.get(len(self.line), [])) for end in self._back_in_step(reading)]
        return len(self.line), min([*ends, plain], key=lambda reading: reading.cost), plain

    def _may_end(self, at: int, reading: _Reading) -> bool:
        """Whether the reading may be back in step at `at`: not before a rare character that it can go on with."""
        if reading.pending is None:
            return False
        char = self.line[at]
        return char not in rare() or not (pair := gbk.encode(char)) or not gbk.decode(reading.pending, pair[0])

    def _in_step(self, at: int, reading: _Reading) -> Iterator[_Step]:
        line, price = self.line, self.price
        if (note := _NOTE.match(line, at)) and at and reads(line[at - 1], note[1]):
            yield note.end(), reading.but(1, None, note=note[0])
        else:
            yield at + 1, reading.plus(price, line[at], None)
        if line[at] in _LOST:
            if anchor := ANCHOR.match(line, at):
                for lead in _leads_by_pinyin(self._stem(at), anchor[1]):
                    yield anchor.end(), reading.but(ANCHORED, lead, spots=1)
            at, cost = at + 1, MARKED
        else:
            cost = UNMARKED
            if rare().isdisjoint(line[at : at + _AHEAD]):
                return
        if at < len(line) and (pair := gbk.encode(line[at])):
            for char in price.likeliest(reading.last, gbk.with_trail(pair[0])):
                yield at + 1, reading.plus(price, char, pair[1], cost, spots=1)
            yield at + 1, reading.but(HEADLESS, pair[1], spots=1, unsure=1)

    def _off_by_one(self, at: int, reading: _Reading) -> Iterator[_Step]:
        line, price, lead, char = self.line, self.price, reading.pending or 0, self.line[at]
        note = _NOTE.match(line, at)
        if pair := gbk.encode(char):
            written = gbk.decode(lead, pair[0])
            if written:
                yield at + 1, (straight := reading.plus(price, written, pair[1]))
            if not written or straight.cost > reading.cost + DROPPED:
                for dropped in self._with_dropped(reading, gbk.with_trail(pair[0]), pair[1]):
                    yield at + 1, dropped
        if note and at and reads(line[at - 1], note[1]):
            yield note.end(), reading.but(1, lead)  # pinyin of a character that never was
        if "\x40" <= char <= "\x7e":
            note = _NOTE.match(line, at + 1)
            if (written := gbk.decode(lead, ord(char))) and (not note or reads(written, note[1])):
                yield at + 1, reading.plus(price, written, None, 1)
            if note:
                for dropped in self._with_dropped(reading, _read_as(gbk.with_trail(ord(char)), note[1]), None):
                    yield at + 1, dropped
        if char in _LOST:
            anchor, chars = ANCHOR.match(line, at), gbk.with_lead(lead)
            if anchor:
                chars = _read_as(chars, anchor[1]) or chars
            for written in price.likeliest(reading.last, chars):
                yield anchor.end() if anchor else at + 1, reading.plus(price, written, None, CUT)

    def _with_dropped(self, reading: _Reading, following: gbk.Group, pending: int | None) -> Iterator[_Reading]:
        """Readings in which a private-use character was left out before one of the characters `following`."""
        for head in self.price.likeliest(reading.last, _before_private(reading.pending or 0)):
            one = reading.plus(self.price, head, reading.pending, DROPPED)
            for char in self.price.likeliest(one.last, following):
                pair = gbk.encode(char)
                if pair and pair[0] >= 0xA1:
                    yield one.plus(self.price, char, pending)

    def _back_in_step(self, reading: _Reading) -> Iterator[_Reading]:
        """The reading in step again without a mark."""
        if reading.pending is None:
            yield reading
            return
        yield reading.but(TAILLESS, None, unsure=1)
        for char in self.price.likeliest(reading.last, gbk.with_lead(reading.pending)):
            yield reading.plus(self.price, char, None, UNCUT, unsure=1)

    def _stem(self, at: int) -> str:
        """The character before `at`, pinyin between left out; a line end at the beginning."""
        while match := _NOTE_BEFORE.search(self.line, max(0, at - 9), at):
            at = match.start()
        return self.line[at - 1] if at else "\n"


def _best(readings: list[_Reading]) -> list[_Reading]:
    """The cheapest of each end, BEAM of them at most, none of them hopeless."""
    cheapest: dict[tuple[str, int | None], _Reading] = {}
    for reading in readings:
        key = (reading.last, reading.pending)
        if key not in cheapest or reading.cost < cheapest[key].cost:
            cheapest[key] = reading
    best = nsmallest(BEAM, cheapest.values(), key=lambda reading: reading.cost)
    return [reading for reading in best if reading.cost < best[0].cost + HOPELESS]


def _in_one(readings: list[_Reading], plain: _Reading) -> bool:
    return len(readings) == 1 and readings[0].pending is None and readings[0].last == plain.last


@cache
def _before_private(lead: int) -> gbk.Group:
    """Characters that begin with `lead` and end where a private-use character began."""
    return gbk.Group(char for trail in _PRIVATE_LEADS if (char := gbk.decode(lead, trail)))


@lru_cache(10_000)
def _read_as(chars: gbk.Group, syllable: str) -> gbk.Group:
    return gbk.Group(char for char in chars if reads(char, syllable))


@lru_cache(10_000)
def _leads_by_pinyin(before: str, syllable: str) -> list[int]:
    """Lead bytes which, behind the last byte of the character before, made one that reads as `syllable`."""
    pair = gbk.encode(before)
    if not pair:
        return []
    return [lead for lead in range(0x81, 0xFF) if (char := gbk.decode(pair[1], lead)) and reads(char, syllable)]


@cache
def _way_out() -> re.Pattern[str]:
    """Where a line could go out of step: at a lost byte, or a few characters before a rare one."""
    return re.compile(f"(?=[{_LOST}]|.{{0,{_AHEAD - 1}}}[{''.join(sorted(rare()))}])")
