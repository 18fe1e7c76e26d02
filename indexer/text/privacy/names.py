"""Finds people's names where the words around them say that they are names."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.text.privacy.found import Found
from indexer.text.privacy.ordinary import given, ordinary
from indexer.text.privacy.shadow import CJK, GONE, Shadow
from indexer.text.privacy.words import any_of, compound_surnames, surname, words

FREQUENT = 6_000
"""Only words as frequent as this many cut a name short: 东经 begins within 孟晓东经本院, but is rare."""
_CJK = re.compile(f"[{CJK}]")
_INTRODUCES = re.compile(r"(?:[叫姓是找位名给让的由跟系络]|[^\u3400-\u9fff]|^)$")
_NEXT = re.compile("[ \t、,，/]{1,2}|[和与及]")
_PERSON = re.compile("先生|女士|小姐|警官|法官|律师")
_NOBODY = "(?:平台|[公机银单位日年月天些种个项小网地员家市省县区])"
"""Behind 某 where it is no name: 某公司, 某日."""
_ASIDE = r"(?:[（(][^）)\n]{1,6}[）)])?"
_DOT = re.compile("[·•・‧]")
_COLON = r"[ \t]?[:：|｜/](?:\s|\u3000){0,3}"
_OPEN = r"[“\"「『【（(]?"
_LISTED = rf"(?:^|(?<=[:：。\n]))(?=[{CJK}]{{2,4}}(?:、[{CJK}]{{2,4}}){{0,5}}"
_PART = f"(?:(?![叫是的把将被给让由跟和与对说在也已于向还有打来发，])[{CJK}])"
_SIGNED = r"(?=[ \t\u3000]*(?:$|[12二][0-9〇零○]|[（(]?(?:签|手印|盖章)))"


class _Cue(NamedTuple):
    """What stands before a name. After a `sure` one any name may follow that ends where the characters do; after
    others one of common characters, which after `faint` ones must end there too or have three characters, and after
    `whole` ones must end there."""

    before: re.Pattern[str]
    sure: bool = False
    faint: bool = False
    whole: bool = False


@cache
def _cues() -> tuple[_Cue, ...]:
    lists = words()
    labels, owners, kin = any_of(lists.labels), any_of(lists.owners), any_of(lists.kin)
    return (
        _Cue(re.compile(rf"{labels}{_ASIDE}{_COLON}"), sure=True),
        _Cue(re.compile(rf"[{''.join(lists.bylines)}]{_ASIDE}{_COLON}"), sure=True),
        _Cue(re.compile(rf"{labels}[ \t]{{1,3}}"), sure=True),
        _Cue(re.compile(rf"{labels}{_ASIDE}[ \t]{{0,2}}{_OPEN}")),
        _Cue(re.compile(rf"{any_of(lists.sayings)}(?:[:： ]|做|作)?{_OPEN}"), sure=True),
        _Cue(re.compile(rf"{owners}的?{kin}[，,]?(?:叫)?")),
        _Cue(re.compile(any_of(lists.towards)), faint=True),
        _Cue(re.compile(r"[】\]]\s?"), faint=True),
        _Cue(re.compile(rf"[(“「](?=[{CJK}]{{3,4}}[)”」])"), whole=True),
        _Cue(re.compile(r"工号[:：]?[0-9]{2,8}[，, ]?")),
        _Cue(re.compile(rf"{GONE}[ \t]{{0,2}}[，,、/：:（( ]"), whole=True),
        _Cue(re.compile(rf"敬礼[！!。]?\s*|——\s?(?=[{CJK}]{{2,4}}{_SIGNED})", re.M), whole=True),
        _Cue(re.compile(rf"^[ \t]*(?=[{CJK}]{{2,4}}{_SIGNED})", re.M), whole=True),
        _Cue(re.compile(rf"{_LISTED}[\0（(][^:：\n]{{0,40}}[:：]本院)", re.M)),
        _Cue(re.compile(rf"{_LISTED}[:：]\s?本院)", re.M), sure=True),
    )


@cache
def _around() -> dict[str, re.Pattern[str]]:
    """Names found by what stands behind them, or by themselves."""
    sur, common, lists = surname(), given(), words()
    contact = rf"[ \t]{{0,2}}[（(:：,，]?\s?(?:(?:手机|电话|联系方式|微信|QQ)号?[:：]?)?{GONE}"
    behind = rf"(?={any_of(lists.behind)}|{contact})"
    return {
        "title": re.compile(rf"(?P<n>{sur}{common}{{0,2}}?)(?={any_of(lists.titles)})"),
        "short": re.compile(rf"(?P<n>{sur})(?=[{''.join(lists.short_titles)}])"),
        "some": re.compile(rf"(?P<n>{sur}某(?!{_NOBODY})(?:某|[A-Z甲乙丙丁]|{common})?)"),
        "called": re.compile(rf"(?<!百)姓(?P<n>{sur})(?![名氏])"),
        "behind": re.compile(rf"(?P<n>{sur}{common}{{1,2}}|(?<![{CJK}]){sur}[{CJK}]{{2}}){behind}"),
        "listed": re.compile(rf"(?P<n>{sur}{common}{{2}})(?=、{sur}{common}{{1,2}}(?![{CJK}]|、)?)"),
        "dotted": re.compile(rf"(?P<n>{_PART}{{1,6}}(?:[·•・‧]{_PART}{{1,6}}){{1,3}})"),
    }


def names(shadow: Shadow) -> Iterator[Found]:
    text = shadow.plain
    for start, end in _spans(text):
        yield Found(start, end, "name")
        while more := _NEXT.match(text, end):
            start = more.end()
            end = _end_of_name(text, start, faint=True)
            if not end:
                break
            yield Found(start, end, "name")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for cue in _cues() if "本院" in text else _cues()[:-2]:  # the last two are slow, and of notices of courts
        for match in cue.before.finditer(text):
            if end := _end_of_name(text, match.end(), sure=cue.sure, faint=cue.faint, whole=cue.whole):
                yield match.end(), end
    for kind, pattern in _around().items():
        if kind == "dotted" and not _DOT.search(text):
            continue
        for match in pattern.finditer(text):
            if _fits(text, *match.span("n"), kind):
                yield match.span("n")


def _end_of_name(text: str, start: int, *, sure: bool = False, faint: bool = False, whole: bool = False) -> int:
    """Where a name that begins at `start` ends; 0 where none does."""
    begin = _surname().match(text, start)
    if not begin:
        return 0
    reluctant = text[start] in words().reluctant
    for size in (2, 1):
        end = begin.end() + size
        own = text[begin.end() : end]
        bounded = not _CJK.match(text, end)
        if len(_CJK.findall(own)) < size or not (_are_given(own) or (sure and bounded and not reluctant)):
            continue
        if (
            own in words().titles
            or (whole and not bounded)
            or _is_word(text, start, FREQUENT if sure and bounded else None)
        ):
            continue
        if not bounded and _is_frequent(text[end - 1 : end + 1]):
            continue  # 张伟威胁: the last character begins a word
        if not sure and reluctant and own in ordinary():
            continue  # 都知道
        if (faint or reluctant) and not bounded and end - start < 3:
            continue
        return end
    return 0


def _fits(text: str, start: int, end: int, kind: str) -> bool:
    if kind == "dotted":
        return any(part in text[start:end] for part in words().minorities)
    before, first = text[max(0, start - 1) : start], text[start]
    bounded = not _CJK.match(before) or bool(_INTRODUCES.search(before))
    if kind == "called":
        return True
    if kind == "title" and bounded and text[start:end] in compound_surnames():
        return True
    if _is_word(text, start) or before + first in words().not_names:
        return False
    if kind == "some" and re.match(_NOBODY, text[end : end + 1]):
        return False
    if before + first in ordinary() and end - start < 3:
        return False
    if kind == "short":
        title = text[end]
        if title == "某":
            return False
        return bounded and not (title == "总" and (before == "的" or text[end + 1 : end + 2] in words().not_total))
    if first in _words_before(text, end, kind):
        return bounded and (first not in "向和对全" or end - start > 1)
    if kind == "behind" and text[start + 1 : end] in words().titles:
        return False
    if kind == "behind" and first in words().reluctant and end - start < 3:
        return False
    own = text[start + 1 : end]
    return bounded or kind not in ("behind", "listed") or not (own in ordinary() or own in words().not_names)


@cache
def _surname() -> re.Pattern[str]:
    return re.compile(surname())


def _words_before(text: str, end: int, kind: str) -> str:
    """The surnames that are rather words before what stands at `end`."""
    if kind not in ("title", "some"):
        return ""
    return words().never_alone if kind == "some" or _PERSON.match(text, end) else words().reluctant


def _is_word(text: str, start: int, most: int | None = None) -> bool:
    pieces = {text[start : start + size] for size in (2, 3, 4)}
    return bool(pieces & words().not_names or pieces & ordinary(most))


def _is_frequent(pair: str) -> bool:
    return pair in ordinary(FREQUENT) or pair in words().not_names


def _are_given(own: str) -> bool:
    return re.fullmatch(f"{given()}+", own) is not None
