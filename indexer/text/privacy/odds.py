"""How much likelier characters are somebody's name than anything else: log odds, counted by learn.py."""

import lzma
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
TABLE = HERE / "odds.txt.xz"
COMPOUND = 2.0
"""The odds of a surname of two characters: few of them are words."""
OTHER = "#"
"""Stands for whatever is no Chinese character, and for the ends of a text."""


class Odds(NamedTuple):
    """Log odds of a character: to be a surname, to stand in a given name, before a name, and behind one."""

    surname: float
    given: float
    before: float
    behind: float


UNSEEN = Odds(-1.4, 0.7, 0.0, 0.0)
"""A character that the newspaper didn't have once is rare, and so likelier in a name than elsewhere."""


def of_surname(surname: str) -> float:
    """Log odds that this surname, where it stands in a text, is one."""
    return COMPOUND if len(surname) > 1 else of(surname).surname


def of_given(own: str) -> float:
    """Log odds of the characters of a given name to stand in one rather than anywhere else."""
    return sum(of(char).given for char in own)


def of(char: str) -> Odds:
    return _table().get(char, UNSEEN)


def kind(char: str) -> str:
    """The character itself if it is a Chinese one, else OTHER."""
    return char if "\u3400" <= char <= "\u9fff" else OTHER


@cache
def likely_given() -> str:
    """A pattern of a character that names somebody more often than it does anything else."""
    return f"[{''.join(char for char, it in _table().items() if it.given > 0 and char != OTHER)}]"


@cache
def _table() -> dict[str, Odds]:
    lines = (line.split() for line in lzma.decompress(TABLE.read_bytes()).decode("utf-8").splitlines())
    return {char: Odds(*map(float, figures)) for char, *figures in lines}
