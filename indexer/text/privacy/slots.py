"""Finds names in slots: places that the words around them leave to a name and to nothing else.

A name that fills its slot whole needs little odds of its own, so that those pass that are everyday words (姓名：高兴;
我叫安静，; 请问是田野吗), and given names alone (我弟弟志远，). docs/privacy.md has the figures.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.text.privacy import odds
from indexer.text.privacy.cues import Cues
from indexer.text.privacy.ordinary import ordinary, predicates
from indexer.text.privacy.person import INTRODUCE, NEVER, is_frequent, surname_at
from indexer.text.privacy.shadow import CJK, GONE
from indexer.text.privacy.words import any_of, words

ASIDE = r"(?:[（(][^）)\n]{1,6}[）)]|[一二三四五六0-9]{1,2}(?=[ \t]?[:：]))?"
COLON = r"[\"']?[ \t]?[:：|｜/=丨](?:\s|\u3000){0,3}[\"']?"
OPEN = r"[“\"「『【（(]?"
EDGE = f"(?![{CJK}])"

STRICT = -1.0
"""Only slots that ask for less than this may hold surnames that are particles (和平, 向阳)."""
RARE = -5.0
"""Surnames that are likelier something else than this count against what stands in a slot."""
ALONE = 1.0
"""How much likelier the characters of a given name must be without a surname."""
WITHIN = 1.0
"""The same for three characters that begin with a word (高兴国)."""


class Slot(NamedTuple):
    """What stands `between` a cue and the name, `after` the name, and how often its characters must stand in names.

    `things`: what says something of others rather than name a thing (高兴, 容易) doesn't fill it. `alone`: a given name does without its surname.
    """

    between: str
    least: float
    after: str = EDGE
    things: bool = False
    alone: bool = False


def _slots() -> dict[str, tuple[Slot, ...]]:
    lists = words()
    kin = any_of(lists.kin)
    edge = rf"(?:{EDGE}|{any_of(lists.goes_on)})"
    asked = rf"(?:[?？]|{any_of(lists.asks)}|的{kin}吗)"
    told = rf"[,，、（(]\s?(?:男|女|身份证|系|汉族|现年|住|[0-9]{{2,4}}[年岁]|{GONE})"
    someone = rf"(?:{EDGE}|的(?![A-Za-z]|{any_of(lists.things)})|吧|啊)"
    is_called = f"(?:是|为|系|名?叫)?{OPEN}"
    return {
        "parties": (
            Slot(ASIDE + COLON, -2.5),
            Slot(r"[ \t]{1,3}", -1.5),
            Slot(rf"{ASIDE}(?:{COLON}|[ \t]{{1,3}})", 0.0, alone=True),
            Slot(is_called, -0.5, edge),
            Slot(is_called, 1.0, edge, alone=True),
            Slot("", 0.5, "", things=True),
        ),
        "labels": (
            Slot(ASIDE + COLON, 0.5, things=True, alone=True),
            Slot(r"[ \t]{1,3}", 0.0, alone=True),
            Slot(is_called, 0.0, told),
            Slot(is_called, 0.5, edge, things=True, alone=True),
            Slot("", 1.0, "", things=True),
        ),
        "kin": (
            Slot(is_called, 0.0, told),
            Slot(is_called, 0.3, edge, things=True, alone=True),
            Slot("", 1.0, "", things=True, alone=True),
        ),
        "called": (Slot(f"(?:做|作)?[:： ]?{OPEN}", -1.5, someone), Slot("[:： ]?", -0.2, someone, alone=True)),
        "called_too": (Slot(OPEN, 0.7, rf"(?:{EDGE}|的[男女人催客专法])", things=True),),
        "said": (Slot(OPEN, 0.0, told), Slot(OPEN, 0.7, f"(?:{EDGE}|的{kin})", things=True)),
        "asked": (Slot("[:：,， ]?", 0.0, asked),),
    }


@cache
def _behind() -> tuple[tuple[str, tuple[tuple[re.Pattern[str], re.Pattern[str], Slot], ...]], ...]:
    return tuple(
        (kind, tuple((re.compile(slot.between), re.compile(slot.after), slot) for slot in slots))
        for kind, slots in _slots().items()
    )


_AHEAD = {
    "sexed": Slot("", -1.5),
    "greeted": Slot("", 0.0, things=True, alone=True),
    "familiar": Slot("", 0.5, alone=True),
    "persons": Slot("", 0.5, things=True),
    "spoke": Slot("", 0.7, things=True),
}
"""Slots before their cues."""


def slots(text: str, beside: Cues) -> Iterator[tuple[int, int]]:
    """Where slots hold names."""
    parties = beside.ends["parties"]
    for kind, its in _behind():
        for at in beside.ends[kind]:
            if (kind == "labels" and at in parties) or at + 1 in beside.ends["kin"]:
                continue  # 妹 of 妹妹
            for between, after, slot in its:
                if (match := between.match(text, at)) and (end := _filled(text, match.end(), after, slot)):
                    yield match.end(), end
                    break
    for kind, slot in _AHEAD.items():
        for at in beside.starts[kind]:
            if kind == "familiar" and (text[at - 1] in words().not_called or text[at] in text[at - 1 : at] + text[at + 1 : at + 2]):
                continue  # 小姐, 叔叔
            for size in (3, 2, 4):
                start = at - size
                if start >= 0 and _begins(text, start, beside) and fit(text, start, at, slot) >= slot.least:
                    yield start, at
                    break


def _filled(text: str, start: int, after: re.Pattern[str], slot: Slot) -> int:
    """Where the name ends that begins at `start` and fills its slot; 0 where none does."""
    for size in (3, 2, 4):
        end = start + size
        if (
            after.match(text, end)
            and fit(text, start, end, slot) >= slot.least
            and (slot.after or not is_frequent(text[end - 1 : end + 1]))
        ):
            return end
    return 0


def _begins(text: str, start: int, beside: Cues) -> bool:
    """Whether what stands before `start` isn't part of the same word."""
    before = text[start - 1 : start] if start else ""
    return (odds.kind(before) == odds.OTHER and not before.isalnum()) or start in beside.introduced or before in INTRODUCE


def fit(text: str, start: int, end: int, slot: Slot) -> float:
    """How well start..end fills a slot: log odds that a character of its given name stands in one.

    Other than `likelihood` of person.py it doesn't ask for how often the same characters are a word.
    """
    whole = text[start:end]
    if len(whole) < end - start or not _CHINESE.fullmatch(whole) or whole in _no_names():
        return NEVER
    if slot.things and (whole in predicates() or whole[:2] in predicates()):
        return NEVER
    middle = surname_at(text, start)
    if start < middle < end:
        own = text[middle:end]
        if len(own) > 2 or own in _no_given() or (slot.least > STRICT and whole[0] in words().never_names):
            return NEVER
        rare = 0.3 * min(0.0, odds.of_surname(text[start:middle]) - RARE)
        value = odds.of_given(own) / len(own) + rare
        return value - (WITHIN if len(own) == 2 and whole[:2] in ordinary() else 0.0)
    if slot.alone and len(whole) == 2 and whole not in ordinary():
        return odds.of_given(whole) / 2 - ALONE
    return NEVER


_CHINESE = re.compile(f"[{CJK}]+")


@cache
def _no_given() -> frozenset[str]:
    return words().not_given.union(words().titles, words().kin)


@cache
def _no_names() -> frozenset[str]:
    lists = words()
    return lists.fillers.union(lists.labels, lists.parties, lists.titles, lists.kin, lists.bodies)
