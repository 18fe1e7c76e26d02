"""Finds names in slots: places that the words around them leave to a name and to nothing else.

A name that fills its slot whole needs little odds of its own, so that those pass that are everyday words (姓名：高兴;
我叫安静，; 请问是田野吗), and given names alone (我弟弟志远，). docs/privacy.md has the figures.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.text.privacy import odds
from indexer.text.privacy.calls import SPOKEN_OF
from indexer.text.privacy.cues import Cues
from indexer.text.privacy.ordinary import ordinary, predicates
from indexer.text.privacy.person import INTRODUCE, NEVER, is_frequent, surname_at
from indexer.text.privacy.shadow import CJK, GONE
from indexer.text.privacy.words import any_of, compound_surnames, single_surnames, words

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
UNLIKELY = -1.0
"""A character that is this unlikely in a given name stands in none that is alone."""
WITHIN = 1.0
"""The same for three characters that begin with a word (高兴国)."""


class Slot(NamedTuple):
    """What stands `between` a cue and the name, `after` the name, and how often its characters must stand in names.

    `things`: what says something of others rather than name a thing (高兴, 容易) doesn't fill it.
    `alone`: a given name does without its surname. `unknown`: no word does.
    """

    between: str
    least: float
    after: str = EDGE
    things: bool = False
    alone: bool = False
    unknown: bool = False


def _slots() -> dict[str, tuple[Slot, ...]]:
    lists = words()
    kin = any_of(lists.kin)
    edge = rf"(?:{EDGE}|{any_of(lists.goes_on)})"
    asked = rf"(?:[?？]|{any_of(lists.asks)}|的{kin}吗)"
    told = rf"[,，、（(]\s?(?:男|女|身份证|系|汉族|现年|住|工号|电话|手机|[0-9]{{2,4}}[年岁]|{GONE})"
    someone = rf"(?:{EDGE}|的(?![A-Za-z]|{any_of(lists.things)})|吧|啊)"
    is_called = f"(?:是|为|系|名?叫)?{OPEN}"
    return {
        "parties": (
            Slot(ASIDE + COLON, -2.5),
            Slot(r"[ \t]{1,3}", -1.5),
            Slot(rf"{ASIDE}(?:{COLON}|[ \t]{{1,3}})", 0.0, alone=True),
            Slot(is_called, -0.5, any_of(lists.goes_on)),
            Slot(is_called, -0.5, things=True),
            Slot(is_called, 1.0, edge, alone=True),
            Slot("", 0.5, "", things=True),
        ),
        "labels": (
            Slot(ASIDE + COLON, 0.5, things=True, alone=True),
            Slot(r"[ \t]{1,3}", 0.0, alone=True),
            Slot(is_called, 0.0, told),
            Slot(is_called, 0.5, edge, things=True, alone=True),
            Slot("", 0.5, "", things=True),
        ),
        "kin": (
            Slot(is_called, 0.0, told),
            Slot(is_called, 0.3, edge, things=True, alone=True),
            Slot("", 0.5, "", things=True),
            Slot("", 1.0, "", things=True, alone=True),
        ),
        "called": (Slot(f"(?:做|作)?[:： ]?{OPEN}", -1.5, someone), Slot("[:： ]?", -0.2, someone, alone=True)),
        "called_too": (Slot(OPEN, 0.7, rf"(?:{EDGE}|的[男女人催客专法])", things=True),),
        "said": (Slot(OPEN, 0.0, told), Slot(OPEN, 0.7, f"(?:{EDGE}|的{kin})", things=True)),
        "paid": (Slot(OPEN, 0.3, rf"(?:{EDGE}|现金|人民币|[的名还一两]|[0-9])", things=True),),
        "asked": (Slot("[:：,， ]?", 0.0, asked),),
    }


@cache
def _behind() -> tuple[tuple[str, tuple[tuple[re.Pattern[str], re.Pattern[str], Slot], ...]], ...]:
    return tuple(
        (kind, tuple((re.compile(slot.between), re.compile(slot.after), slot) for slot in slots))
        for kind, slots in _slots().items()
    )


@cache
def _lines() -> tuple[tuple[re.Pattern[str], Slot], ...]:
    """Whole lines that a name fills, and who speaks at the beginning of one."""
    whole = rf"(?=[{CJK}]{{2,4}}\s*(?:$|[12二][0-9〇零○]|敬上|[（(]?(?:签|手印|盖章)))"
    return (
        (re.compile(rf"(?:——|敬礼[！!。]?\s*){whole}", re.M), Slot("", 0.0, alone=True)),
        (
            re.compile(rf"^(?:[\[(【][^\])】\n]{{1,20}}[\])】][ ]?)?(?=[{CJK}]{{2}}[:：])", re.M),
            Slot("", 0.3, "[:：]", alone=True, unknown=True),
        ),
    )


_BEHIND_ANY = "introduced"
_AHEAD = (
    ("sexed", Slot(_BEHIND_ANY, -2.5)),
    ("greeted", Slot("", 0.0, things=True)),
    ("addressed", Slot("", -0.3, things=True, alone=True)),
    ("persons", Slot(_BEHIND_ANY, 0.5, things=True)),
    ("persons", Slot(_BEHIND_ANY, 1.5)),
    ("contacts", Slot(_BEHIND_ANY, 0.5, things=True)),
    ("familiar", Slot(_BEHIND_ANY, 0.0, alone=True)),
    ("spoke", Slot(_BEHIND_ANY, 0.7, things=True)),
)
"""Slots before their cues."""


def slots(text: str, beside: Cues, contacts: set[int]) -> Iterator[tuple[int, int]]:
    """Where slots hold names; `contacts` are where those begin behind which somebody's name may stand."""
    parties = beside.ends["parties"]
    for kind, its in _behind():
        for at in beside.ends[kind]:
            if not leads(text, at):
                continue
            if (kind == "labels" and at in parties) or at + 1 in beside.ends["kin"]:
                continue  # 妹 of 妹妹
            for between, after, slot in its:
                if (match := between.match(text, at)) and (end := _filled(text, match.end(), after, slot)):
                    yield match.end(), end
                    break
    for kind, slot in _AHEAD:
        for at in (it for it in contacts if text[it] in " ,、|(") if kind == "contacts" else beside.starts[kind]:
            if kind == "familiar" and not _is_called(text, at):
                continue
            for size in (3, 2, 4):
                start = at - size
                if start >= 0 and _begins(text, start, beside, slot) and fit(text, start, at, slot) >= slot.least:
                    yield start, at
                    break
    for pattern, slot in _lines():
        for match in pattern.finditer(text):
            if end := _filled(text, match.end(), re.compile(slot.after), slot):
                yield match.end(), end


def leads(text: str, at: int, *, alone: bool = True) -> bool:
    """Whether what stands behind a cue may lead to a name or begin one (`alone`: without its surname): mostly not."""
    first = text[at : at + 1]
    return first in _leading() or (alone and odds.of(first).given > UNLIKELY) or first == text[at + 1 : at + 2]


@cache
def _leading() -> frozenset[str]:
    """Characters that `between` of a slot begins with, and surnames."""
    signs = " \t\n:：|｜/=丨\"'“「『【（(,，是为名叫系做作一二三四五六0123456789"
    return single_surnames().union(signs, (name[0] for name in compound_surnames()))


def _filled(text: str, start: int, after: re.Pattern[str], slot: Slot) -> int:
    """Where the name ends that begins at `start` and fills its slot; 0 where none does."""
    if not (slot.alone or surname_at(text, start)):
        return 0
    for size in (3, 2, 4):
        end = start + size
        if (
            after.match(text, end)
            and fit(text, start, end, slot) >= slot.least
            and (slot.after or not is_frequent(text[end - 1 : end + 1]))
        ):
            return end
    return 0


def _begins(text: str, start: int, beside: Cues, slot: Slot) -> bool:
    """Whether what stands before `start` isn't part of the same word; whoever is addressed begins a sentence."""
    before = text[start - 1 : start] if start else ""
    if not before or not before.isalnum():
        return True
    return bool(slot.between) and (start in beside.introduced or before in INTRODUCE)


def _is_called(text: str, at: int) -> bool:
    """Whether the 哥 or 姐 at `at` may stand behind a name; it doesn't in 小姐, 叔叔 and 墨西哥."""
    if text[at - 1] in words().not_called or text[at] in text[at - 1 : at] + text[at + 1 : at + 2]:
        return False
    return text[at - 2 : at + 1] not in ordinary() and bool(SPOKEN_OF.match(text, at + 1))


def fit(text: str, start: int, end: int, slot: Slot) -> float:
    """How well start..end fills a slot: log odds that a character of its given name stands in one.

    Other than `likelihood` of person.py it doesn't ask for how often the same characters are a word.
    """
    whole = text[start:end]
    if len(whole) < end - start or not _CHINESE.fullmatch(whole) or whole in _no_names():
        return NEVER
    if slot.unknown and whole in ordinary():
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
    if slot.alone and len(whole) == 2 and whole not in ordinary() and min(map(odds.of_given, whole)) > UNLIKELY:
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
