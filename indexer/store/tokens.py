"""How text becomes what both stores index: one token a Chinese character, one a word of other letters or digits.

Tokens are compared without case, width and traditional form. Where something stands between two tokens, a SEPARATOR
does in the stream, so that no phrase is found across a full stop; blanks beside a Latin word are nothing.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from indexer.text.simplify import single

SEPARATOR = "¦"
LONGEST = 64
"""Characters of a word that count."""

_IDEOGRAPH = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_IDEOGRAPH}]|(?:(?![{_IDEOGRAPH}_])\w)+")
_IS_IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}]")


class Token(NamedTuple):
    """A token as it is compared, and its characters start..end in the text."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """The text without width and traditional form, character for character: ideographs as they are compared."""
    return text.translate(_folding())


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in order, with a SEPARATOR (of no length) where something stands between two."""
    folded = fold(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(folded):
        token = Token(match[0].lower()[:LONGEST], *match.span())
        if found and _apart(folded, found[-1], token):
            found.append(Token(SEPARATOR, found[-1].end, found[-1].end))
        found.append(token)
    return found


def words(text: str) -> tuple[str, ...]:
    """The tokens of a text without their places."""
    return tuple(token.text for token in tokens(text))


def is_ideograph(token: str) -> bool:
    return bool(_IS_IDEOGRAPH.match(token))


def bigrams(stream: Iterable[str]) -> list[str]:
    """The stream with each run of ideographs as its overlapping pairs; a run of one stays as it is."""
    grams: list[str] = []
    run: list[str] = []
    for token in (*stream, ""):
        if token and is_ideograph(token):
            run.append(token)
            continue
        grams += [a + b for a, b in pairwise(run)] or run
        run = []
        if token:
            grams.append(token)
    return grams


def has_lone_ideograph(stream: Iterable[str]) -> bool:
    """Whether a run of ideographs in the stream is a single one, which bigrams can't find."""
    return any(len(gram) == 1 and is_ideograph(gram) for gram in bigrams(stream))


def _apart(text: str, before: Token, after: Token) -> bool:
    between = text[before.end : after.start]
    if not between:
        return False
    blank = not between.strip(" \t\xa0\u3000")
    return not blank or (is_ideograph(before.text) and is_ideograph(after.text))


@cache
def _folding() -> dict[int, str]:
    """Character for character: full-width forms to ASCII, traditional to simplified."""
    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    return wide | {ord(char): simple for char, simple in single().items() if len(simple) == 1}
