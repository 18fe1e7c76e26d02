"""Finds people's names where the words around them, or their own characters, say that they are names."""

import re
from collections.abc import Iterator
from functools import cache, partial
from typing import NamedTuple

from indexer.text.privacy import odds
from indexer.text.privacy.calls import called, doubled, twice
from indexer.text.privacy.cues import Cues, cues
from indexer.text.privacy.found import Found
from indexer.text.privacy.ordinary import predicates
from indexer.text.privacy.person import (
    BARE,
    FAINT,
    IN_A_ROW,
    LIKELY,
    LISTED,
    PERSON,
    SIGNATURE,
    SURE,
    TITLED,
    end_of_name,
    ending_at,
    is_word_pair,
    likelihood,
    stands_apart,
)
from indexer.text.privacy.rows import beside_in_row, rows
from indexer.text.privacy.shadow import CJK, GONE, Shadow
from indexer.text.privacy.slots import ASIDE, COLON, OPEN, leads, slots
from indexer.text.privacy.surname import is_for_a_person, some, surnames_before
from indexer.text.privacy.words import any_of, spaced, surname, words

_NEXT = re.compile("[ \t、,，/]{1,2}|[和与及]")
_LISTED = rf"(?:^|(?<=[:：。\n]))(?=[{CJK}]{{2,4}}(?:、[{CJK}]{{2,4}}){{0,5}}"
_PART = f"(?:(?![叫是的把将被给让由跟和与对说在也已于向还有打来发，])[{CJK}])"
_SIGNED = r"(?=\s*(?:[12二][0-9〇零○]|敬上|收$|[（(]?(?:签|手印|盖章)))"


class _Cue(NamedTuple):
    """What stands before a name, and the odds that the name needs behind it; behind a `whole` one the characters end
    where the name does. `word` is how much more a likely given name counts there. A text without any of `signs` has
    no such cue, so that the pattern needn't be tried."""

    before: re.Pattern[str]
    least: float = LIKELY
    whole: bool = False
    word: float = 0.0
    signs: str = ""


_IS = "(?:是|为|名?叫|系)?"
_BEHIND_LABELS = (
    _Cue(re.compile(rf"{ASIDE}{COLON}"), SURE),
    _Cue(re.compile(r"[ \t]{1,3}"), SURE),
    _Cue(re.compile(rf"{ASIDE}[ \t]{{0,2}}{_IS}{OPEN}"), word=1.5),
    _Cue(re.compile(_IS), SIGNATURE, whole=True, word=1.5),
)
_BEHIND_SAYINGS = (
    _Cue(re.compile(rf"(?:[:： ]|做|作)?{OPEN}"), SURE, whole=True),
    _Cue(re.compile(rf"(?:[:： ]|做|作)?{OPEN}"), word=0.75),
)
_SPACED = re.compile(rf"[:：]?[ ]{{1,4}}(?P<n>{surname()}[ ]{{1,3}}[{CJK}])(?![{CJK}])")
_STARRED = re.compile(rf"[:： ]{{0,2}}(?P<n>{surname()}(?:[*×]{{1,2}}|[xX]{{2}}))(?![*×A-Za-z0-9])")


@cache
def _others() -> tuple[_Cue, ...]:
    lists = words()
    return (
        _Cue(re.compile(rf"[{''.join(lists.bylines)}]{ASIDE}{COLON}"), SURE, signs=":|/=丨"),
        _Cue(re.compile(rf"{spaced(lists.court)}[ \t]{{1,4}}"), SURE, signs=" \t"),
        _Cue(re.compile(rf"我是[{CJK}]{{2,8}}的(?=[{CJK}]{{2,4}}(?![{CJK}]))"), FAINT, signs="是"),
        _Cue(re.compile(r"[】\]]\s?"), FAINT, signs="】]"),
        _Cue(re.compile(rf"[(“「](?=[{CJK}]{{3,4}}[)”」])"), whole=True, signs=")”」"),
        _Cue(re.compile(rf"[:：]\s?[“\"]?|[(（](?=[{CJK}]{{2,4}}[ \u3000])"), FAINT, whole=True, signs=":("),
        _Cue(re.compile(rf"(?:[打转发]给|找|问|骂|跟)(?=[{CJK}]{{3}}(?![{CJK}]))"), FAINT, whole=True),
        _Cue(re.compile("今(?:借到?|欠到?|收到)"), word=1.5, signs="今"),
        _Cue(re.compile(r"[0-9]岁的"), signs="岁"),
        _Cue(re.compile(r"工号[:：]?[0-9]{2,8}[，, ]?"), signs="号"),
        _Cue(re.compile(rf"(?:^|[、,，|.:])(?=[{CJK}]{{2,3}}[ \t,|]{{1,2}}{GONE})", re.M), SIGNATURE, True, 1.5, GONE),
        _Cue(re.compile(rf"{GONE}[ \t]{{0,2}}[，,、/：:（( ]"), whole=True, signs=GONE),
        _Cue(re.compile(rf"敬礼[！!。]?\s*|(?:^|——)[ \t]*(?=[{CJK}]{{2,4}}{_SIGNED})", re.M), SIGNATURE, whole=True),
        _Cue(re.compile(rf"(?:^|——)[ \t]*(?=[{CJK}]{{2,4}}[ \t]*$)", re.M), FAINT, whole=True),
    )


@cache
def _court() -> re.Pattern[str]:
    return re.compile(rf"{spaced(words().court)}{_SPACED.pattern}")


@cache
def _notices() -> tuple[_Cue, ...]:
    """Those of notices of courts, which are slow."""
    return (
        _Cue(re.compile(rf"{_LISTED}[\0（(][^:：\n]{{0,40}}[:：]本院)", re.M)),
        _Cue(re.compile(rf"{_LISTED}[:：]\s?本院)", re.M), SURE),
    )


@cache
def _alone() -> dict[str, re.Pattern[str]]:
    """Names that their own form gives away, and the sign without which a text has none."""
    sur, strong, lists = surname(), odds.likely_given(), words()
    return {
        "·": re.compile(rf"(?P<n>{_PART}{{1,6}}(?:[·•・‧]{_PART}{{1,6}}){{1,3}})"),
        "*×xX": re.compile(
            rf"(?<![{CJK}])(?P<n>{sur}(?:[*×]{{1,2}}(?:{strong})?|[xX]{{2}})(?![*×A-Za-z0-9{CJK}])"
            rf"|[{lists.common}](?:[*×]{{2}}|[xX]{{1,2}})(?![*×A-Za-z0-9]))"
            rf"|(?<![{CJK}0-9*])\*{{1,2}}(?P<rest>{strong}{{1,2}})(?![{CJK}*])"
        ),
        "姓": re.compile(rf"(?<!百)姓(?P<n>{sur})(?![名氏])|(?P<rest>{sur})姓(?=[男女先小青老])"),
        "叫我": re.compile(rf"(?:叫|我是)(?P<n>阿[{CJK}]|小{strong})(?=[^{CJK}]|$|一个|的)"),
        "姓户持收联英拼寄投": re.compile(
            rf"{any_of(lists.identified)}[:：\"' ]{{0,4}}(?P<n>[A-Z][A-Za-z]+(?:[ ,]{{1,2}}[A-Z][A-Za-z]+){{1,3}})"
        ),
    }


@cache
def _minority() -> re.Pattern[str]:
    piece = any_of(words().minorities)
    return re.compile(
        rf"(?:(?<![{CJK}·•・‧])|(?<=[叫是给]))"
        rf"(?P<n>(?:[{CJK}]{{0,2}}{piece}[{CJK}]?){{2,3}}|[{CJK}]{{0,2}}{piece})(?![{CJK}·•・‧])"
    )


def names(shadow: Shadow) -> Iterator[Found]:
    """People's names; one that was told once is told wherever the text has it again."""
    text = shadow.plain
    known: set[str] = set()
    for start, end in _spans(text):
        yield Found(start, end, "name")
        known.add(text[start:end])
        for other in beside_in_row(text, start, end) if end - start > 1 else ():
            yield Found(*other, "name")
            known.add(text[slice(*other)])
        while more := _NEXT.match(text, end):
            start = more.end()
            least = LIKELY if more[0] in "、和与及" else FAINT
            end = end_of_name(text, start, least, whole=True) or end_of_name(text, start, FAINT)
            if not end:
                break
            yield Found(start, end, "name")
            known.add(text[start:end])
    for name in known:
        for match in re.finditer(re.escape(name), text) if len(name) > 1 and text.count(name) > 1 else ():
            if len(name) > 2 or not is_word_pair(name) or stands_apart(text, *match.span()):
                yield Found(*match.span(), "name")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    beside = cues(text)
    yield from _behind_cues(text, beside)
    contacts = {match.start() for match in _contact().finditer(text)} if GONE in text else set()
    yield from _before_cues(text, beside, contacts)
    yield from slots(text, beside, contacts)
    yield from _by_form(text, beside)
    yield from _unannounced(text)
    yield from rows(text)


def _behind_cues(text: str, beside: Cues) -> Iterator[tuple[int, int]]:
    labels = beside.ends["labels"] | beside.ends["kin"]
    for ends, tails in ((labels, _BEHIND_LABELS), (beside.ends["sayings"], _BEHIND_SAYINGS)):
        for at in filter(partial(leads, text, alone=False), ends):
            for tail in tails:
                if match := tail.before.match(text, at):
                    start = match.end()
                    end = end_of_name(text, start, tail.least, whole=tail.whole, word=tail.word)
                    if end and not (at in beside.ends["kin"] and text[start:end] in predicates()):
                        yield start, end  # but not 孩子安静
            if match := _STARRED.match(text, at):
                yield match.span("n")
            if doubled(text, at):
                yield at, at + 2
    for at in labels:
        if match := _SPACED.match(text, at):
            yield match.span("n")
    for at in beside.ends["towards"]:
        if end := end_of_name(text, at, FAINT):
            yield at, end
    for match in _court().finditer(text) if " " in text else ():
        yield match.span("n")
    for cue in _others() + (_notices() if "本院" in text else ()):
        if cue.signs and not any(sign in text for sign in cue.signs):
            continue
        for match in cue.before.finditer(text):
            if end := end_of_name(text, match.end(), cue.least, whole=cue.whole, word=cue.word):
                yield match.end(), end


@cache
def _contact() -> re.Pattern[str]:
    return re.compile(rf"(?<=[{CJK}])[ \t]{{0,2}}[（(:：,，|]?\s?(?:(?:手机|电话|联系方式|微信|QQ)号?[:：]?)?{GONE}")


def _before_cues(text: str, beside: Cues, contacts: set[int]) -> Iterator[tuple[int, int]]:
    for at in beside.starts["titles"]:
        least, word = (PERSON, 1.5) if is_for_a_person(text, at) else (TITLED, 1.0)
        if (start := ending_at(text, at, beside.introduced, least, word=word)) is not None:
            yield start, at
        else:
            yield from ((start, at) for start in surnames_before(text, at, beside.introduced))
    for at in beside.starts["short_titles"]:
        yield from ((start, at) for start in surnames_before(text, at, beside.introduced, short=True))
    for at in beside.starts["behind"] | contacts:
        if (start := ending_at(text, at, beside.introduced, LIKELY, word=0.75)) is not None:
            yield start, at
    yield from some(text, beside.introduced)
    yield from called(text, beside.introduced)
    yield from twice(text, beside.introduced)


def _unannounced(text: str) -> Iterator[tuple[int, int]]:
    """Names that are so by their own characters, and those in a row of names."""
    for match in _likely().finditer(text):
        start, middle = match.span("s")
        for end in (middle + 2, middle + 1):
            rows = text[start - 1 : start] == "、" or text[end : end + 1] == "、"
            least = BARE[end - middle - 1] + (IN_A_ROW if rows else 0.0)
            if text[end : end + 1] == "、" and end_of_name(text, end + 1, FAINT):
                least = LISTED
            if likelihood(text, start, middle, end, least=least) >= least:
                yield start, end
                break


@cache
def _likely() -> re.Pattern[str]:
    return re.compile(rf"(?P<s>{surname()})(?={odds.likely_given()})")


def _by_form(text: str, beside: Cues) -> Iterator[tuple[int, int]]:
    for signs, pattern in _alone().items():
        if not any(sign in text for sign in signs):
            continue
        for match in pattern.finditer(text):
            group = "n" if match["n"] else "rest"
            if signs == "·" and not any(part in match["n"] for part in words().minorities):
                continue
            yield match.span(group)
    if beside.ends["minorities"]:
        for match in _minority().finditer(text):
            pieces = re.findall(any_of(words().minorities), match["n"])
            if len(pieces) > 1 or text[match.start() - 1 : match.start()] == "叫":
                yield match.span("n")
