"""Finds people's names where the words around them say that they are names."""

import re
from collections.abc import Iterator
from functools import cache

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import any_of, given, short_surnames, surname, words

# These surnames are words as well: a title behind them needs something before them that introduces a person.
_RELUCTANT = "向于任何方关金时万成安连代全高白常和相都那后家利红种强应解管双单印满越师简"
_INTRODUCES = re.compile(r"(?:[叫姓是找位名给让的由跟]|[^\u3400-\u9fff]|^)$")
_END = rf"(?![{CJK}])|(?=电话|手机|微信|联系|身份|性别|住址|男|女|先生|女士|报道|[（(])"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    sur, common, lists = surname(), given(), words()
    name = rf"(?P<n>{sur}{common}{{1,2}})"
    full = rf"(?P<n>{sur}[{CJK}]{{1,2}}(?:{_END})|{sur}{common}{{1,2}}|[{CJK}]{{1,6}}(?:·[{CJK}]{{1,8}}){{1,3}})"
    labels = any_of(lists.labels)
    return {
        "title": re.compile(rf"(?P<n>{sur}{common}{{0,2}}?)(?={any_of(set(lists.titles) - {'某'})})"),
        "short": re.compile(rf"(?<![{CJK}])(?P<n>[{short_surnames()}])(?=[哥姐叔姨]|总(?![{CJK}]))"),
        "some": re.compile(rf"(?P<n>{sur}某(?:某|[A-Z甲乙丙丁]|{common}(?![{CJK}]))?)"),
        "colon": re.compile(rf"{labels}[:：]\s{{0,3}}{full}"),
        "label": re.compile(rf"{labels}[ \t/]{{0,2}}{name}"),
        "saying": re.compile(
            rf"{any_of(lists.sayings)}[:： ]?(?P<n>{sur}[{CJK}]{{1,2}}(?:{_END})|{sur}{common}{{1,2}})"
        ),
        "called": re.compile(rf"(?<!百)姓(?P<n>{sur})(?![名氏])"),
        "described": re.compile(rf"(?P<n>{sur}{common}{{1,2}})(?=[(（,，]\s?(?:男|女|化名|身份证|[0-9]{{2}}岁))"),
    }


_NEXT = re.compile(rf"[ \t、,，/]{{1,2}}(?P<n>[{CJK}]{{2,4}})(?![{CJK}])")
_CUES = re.compile("[姓某叫哥姐叔姨总]|本人|我是|自称|[名署]|[(（,，]\\s?(?:男|女|化名|身份证|[0-9]{2}岁)")


def names(shadow: Shadow) -> Iterator[Found]:
    text = shadow.plain
    for kind, pattern in _patterns().items():
        for match in pattern.finditer(text):
            start, end = match.span("n")
            if not _is_name(text, start, end, kind):
                continue
            if end - start > 2 and text[end - 1 : end + 1] in words().not_names:
                end -= 1  # 张伟威胁: the last character begins a word
            yield Found(start, end, "name")
            while kind == "colon" and (more := _NEXT.match(text, end)):
                if not re.match(surname(), more["n"]) or not _is_name(text, *more.span("n"), kind):
                    break
                end = more.end()
                yield Found(*more.span("n"), "name")


def _is_name(text: str, start: int, end: int, kind: str) -> bool:
    not_names = words().not_names
    if kind != "called" and any(text[start : start + size] in not_names for size in (2, 3, 4)):
        return False
    if kind in ("title", "some") and text[max(0, start - 1) : start + 1] in not_names:
        return False
    if kind in ("title", "some") and text[start] in _RELUCTANT:
        return bool(_INTRODUCES.search(text[max(0, start - 1) : start])) and (
            text[start] not in "向于和任" or end - start > 1
        )
    return kind != "some" or not re.match("[公平机银单位日年月天些种个项小网地员家]", text[end : end + 1])
