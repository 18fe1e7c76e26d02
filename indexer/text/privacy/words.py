"""The word lists beside this file, checked and made into patterns."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from indexer import configfile

HERE = Path(__file__).parent
SIGN = r"[ \-·.*_/|~&+\ufe0f\u200d]{0,2}"
"""What may stand between the characters of a word that somebody hides."""


class Words(BaseModel):
    """Lists of words by what they tell; cues.yaml says what each is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone: tuple[str, ...]
    serial: tuple[str, ...]
    bank: tuple[str, ...]
    identity: tuple[str, ...]
    passes: tuple[str, ...]
    qq: tuple[str, ...]
    qq_doubled: str
    wechat: tuple[str, ...]
    wechat_heads: tuple[str, ...]
    wechat_tails: tuple[str, ...]
    wechat_faint: tuple[str, ...]
    apps: tuple[str, ...]
    labels: tuple[str, ...]
    parties: tuple[str, ...]
    goes_on: tuple[str, ...]
    paid: tuple[str, ...]
    asked: tuple[str, ...]
    asks: tuple[str, ...]
    called: tuple[str, ...]
    called_too: tuple[str, ...]
    said: tuple[str, ...]
    things: tuple[str, ...]
    fillers: frozenset[str]
    sexed: tuple[str, ...]
    familiar: tuple[str, ...]
    addressed: tuple[str, ...]
    greeted: tuple[str, ...]
    persons: tuple[str, ...]
    spoke: tuple[str, ...]
    identified: tuple[str, ...]
    court: tuple[str, ...]
    bylines: tuple[str, ...]
    sayings: tuple[str, ...]
    kin: tuple[str, ...]
    towards: tuple[str, ...]
    titles: tuple[str, ...]
    short_titles: tuple[str, ...]
    not_total: tuple[str, ...]
    behind: tuple[str, ...]
    minorities: tuple[str, ...]
    common: str
    common_words: str
    not_called: str
    not_doubled: str
    reluctant: str
    never_alone: str
    never_names: str
    not_names: frozenset[str]
    not_given: frozenset[str]
    units: tuple[str, ...]
    bodies: tuple[str, ...]
    homes: tuple[str, ...]
    doors: tuple[str, ...]
    after_a_day: tuple[str, ...]
    estates: tuple[str, ...]


@cache
def words() -> Words:
    return configfile.load(HERE / "cues.yaml", Words)


def any_of(items: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(item) for item in sorted(items, key=len, reverse=True))})"


def spaced(items: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, with at most two signs between two characters."""
    ordered = sorted(items, key=len, reverse=True)
    return f"(?:{'|'.join(SIGN.join(map(re.escape, item)) for item in ordered)})"


@cache
def surname() -> str:
    """A pattern of a surname: a compound one or a single character."""
    singles = "".join(sorted(set(_surnames()[0])))
    firsts = "".join(sorted({name[0] for name in compound_surnames()} - set(singles)))
    # A class in front lets the engine skip what is no surname; those of two characters come first all the same.
    compound = (
        f"[{''.join(sorted({name[1] for name in compound_surnames()}))}](?<={'|'.join(sorted(compound_surnames()))})"
    )
    return f"(?:[{singles}{firsts}](?:{compound})?(?<![{firsts}]))"


@cache
def compound_surnames() -> frozenset[str]:
    return frozenset(_surnames()[1].split())


@cache
def single_surnames() -> frozenset[str]:
    return frozenset(_surnames()[0])


def _surnames() -> list[str]:
    return (HERE / "surnames.txt").read_text(encoding="utf-8").splitlines()
