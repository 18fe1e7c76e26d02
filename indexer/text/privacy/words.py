"""The word lists beside this file, checked and made into patterns."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from indexer import configfile

HERE = Path(__file__).parent


class Words(BaseModel):
    """Lists of words by what they tell; cues.yaml says what each is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone: tuple[str, ...]
    serial: tuple[str, ...]
    bank: tuple[str, ...]
    identity: tuple[str, ...]
    qq: tuple[str, ...]
    wechat: tuple[str, ...]
    labels: tuple[str, ...]
    sayings: tuple[str, ...]
    titles: tuple[str, ...]
    short_titles: tuple[str, ...]
    not_names: frozenset[str]
    units: tuple[str, ...]
    bodies: tuple[str, ...]
    homes: tuple[str, ...]


@cache
def words() -> Words:
    return configfile.load(HERE / "cues.yaml", Words)


def any_of(items: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(item) for item in sorted(items, key=len, reverse=True))})"


@cache
def surname() -> str:
    """A pattern of a surname: a compound one or a single character."""
    single, compound, _ = _surnames()
    return f"(?:{'|'.join(compound.split())}|[{''.join(sorted(set(single)))}])"


def short_surnames() -> str:
    """The surnames that stand alone before 哥, 姐, 总; the rarer ones would be words."""
    return _surnames()[2]


def _surnames() -> list[str]:
    return (HERE / "surnames.txt").read_text(encoding="utf-8").splitlines()


@cache
def given() -> str:
    """A pattern of a character that given names are made of."""
    return f"[{''.join(sorted(set((HERE / 'given.txt').read_text(encoding='utf-8').strip())))}]"
