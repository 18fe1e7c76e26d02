"""Puts back words that a site filtered out, where that is sure, and marks them as restored.

The marks are two characters that no text has (Unicode noncharacters); `unmark` turns them into offsets once the
text has its final form.
"""

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from indexer import configfile
from indexer.text.sentences import Span

OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARKS = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
RULES = Path(__file__).with_name("filtered.yaml")


class Rule(BaseModel):
    """A word, and what stands before and after the place where it is missing."""

    model_config = ConfigDict(extra="forbid")

    word: str
    before: str
    after: str

    @field_validator("before", "after")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: list[Rule]


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    rules = configfile.load(RULES, _Rules).words
    return [(re.compile(f"({rule.before})(?={rule.after})", re.MULTILINE), rule.word) for rule in rules]


def restore(text: str) -> tuple[str, int]:
    """The text with missing words put back between marks, and how many."""
    count = 0
    for pattern, word in _rules():
        pieces, last = [], 0
        for match in pattern.finditer(text):
            pieces += [text[last : match.end()].rstrip(" "), OPEN, word, CLOSE]
            last = match.end()
            count += 1
        text = "".join([*pieces, text[last:]])
    return text, count


def unmark(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text without marks, and where its restored words are."""
    if OPEN not in text and CLOSE not in text:
        return text, ()
    spans, pieces, length, last = [], [], 0, 0
    for match in _MARKS.finditer(text):
        before = _strip(text[last : match.start()])
        pieces += [before, match[1]]
        length += len(before)
        spans.append(Span(length, length + len(match[1])))
        length += len(match[1])
        last = match.end()
    return "".join([*pieces, _strip(text[last:])]), tuple(spans)


def _strip(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")
