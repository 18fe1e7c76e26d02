"""Surnames that stand without a given name: before a title (王经理), and before 某."""

import re
from collections.abc import Collection, Iterator

from indexer.text.privacy import odds
from indexer.text.privacy.person import goes_on, is_frequent, is_introduced, is_word, is_word_pair, surname_ends
from indexer.text.privacy.words import compound_surnames, words

_PERSON = re.compile("先生|女士|小姐|警官|法官|律师")
_ASKED_FOR = frozenset("找叫请让给跟")
_ENDS = re.compile("[^\u3400-\u9fff]|$|[说打发骂催是让加来就]")
"""Behind a title before which a surname stands that is a particle as well."""
_NOBODY = re.compile(
    "平台|催收|信息|科技|小额|金融|消费|互联|网络|律师事务|[花贷公机银单位日年月天些种个项小网地员家市省县区呗]"
)
"""Behind 某 where it is no name: 某公司, 某日."""
_MORE = re.compile("某|[A-Z甲乙丙丁]")
RARE = -3.0
"""A surname with these odds or better needs nothing before it."""


def is_for_a_person(text: str, at: int) -> bool:
    """Whether the title at `at` is one that only persons have (先生, 律师), not one that work has too (项目经理)."""
    return bool(_PERSON.match(text, at))


def surnames_before(text: str, at: int, introduced: Collection[int], *, short: bool = False) -> Iterator[int]:
    """Where a surname begins that stands before the title at `at`; `short`: before one of a single character."""
    for start in surname_ends(text, at):
        before, first = text[start - 1 : start] if start else "", text[start]
        at_start = is_introduced(text, start, introduced)
        if at_start and text[start:at] in compound_surnames():
            yield start
        elif first in words().never_names:
            if start in introduced and _ENDS.match(text, at + 1 + (not short)):
                yield start  # 催收向队长，but not 向队长汇报
        elif is_word_pair(before + first):
            continue
        elif at_start and is_for_a_person(text, at):
            yield start  # 孙女士 begins with a word
        elif is_word(text, start) and (short or before not in _ASKED_FOR):
            continue  # but 找古老师
        elif short:
            is_total = text[at] == "总" and (before == "的" or text[at + 1 : at + 2] in words().not_total)
            if text[at] != "某" and not is_total and (at_start or odds.of_surname(first) > 0):
                yield start
        else:
            weak = words().never_alone if _PERSON.match(text, at) else words().reluctant
            if at_start or (first not in weak and odds.of_surname(first) >= RARE):
                yield start


def some(text: str, introduced: Collection[int]) -> Iterator[tuple[int, int]]:
    """张某, 张某某, 张某甲, 张某平."""
    for match in re.finditer("某", text):
        at, end = match.span()
        if _NOBODY.match(text, end):
            continue
        if more := _MORE.match(text, end):
            end = more.end()
        elif goes_on(text, end) and max(odds.of(text[end]).behind, 0) < odds.of(text[end]).given:
            end += not is_frequent(text[end : end + 2])
        for start in surname_ends(text, at):
            first, before = text[start], text[start - 1 : start] if start else ""
            if is_word_pair(before + first):
                continue
            if is_introduced(text, start, introduced) or end - start > 2 or odds.of_surname(first) > RARE - 1:
                yield start, end
