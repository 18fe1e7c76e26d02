"""What stands beside a number and tells what it is: cues before it, units behind it."""

import re
from functools import cache

from indexer.text.privacy.shadow import Shadow
from indexer.text.privacy.words import any_of, words

_SEVEN = re.compile("[0-9](?:[^0-9]{0,5}[0-9]){6}")


def has_number(text: str) -> bool:
    """Whether seven digits stand close together, as in a telephone's or a bank card's number: most texts have none."""
    return _SEVEN.search(text) is not None


def before(shadow: Shadow, start: int) -> str:
    return shadow.plain[max(0, start - 14) : start]


@cache
def cue(kind: str) -> re.Pattern[str]:
    """The cue shortly before a number, at the end of what stands before it."""
    return re.compile(rf"{any_of(getattr(words(), kind))}(?:号码?|[^0-9\n。；;，,！!？?\0]){{0,4}}$", re.I)


def serial(shadow: Shadow, start: int) -> bool:
    return bool(cue("serial").search(before(shadow, start)))


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"\.[0-9]|\s?{any_of(set(words().units) - {'个', '名', '家', '条'})}")


def counted(shadow: Shadow, end: int) -> bool:
    """Whether a unit follows: an amount or a count."""
    return bool(_units().match(shadow.plain, end))


def digits(text: str) -> str:
    return re.sub("[^0-9Xx]", "", text)
