"""What text that lost bytes is likely to say: Chinese, or Chinese of which the bytes were read as GBK before."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from typing import Any, NamedTuple, Protocol

from indexer.text import gbk
from indexer.text.gbk import Group
from indexer.text.gbk_prices import Prices
from indexer.text.likelihood import UNSEEN, likelihood
from indexer.text.simplify import simple

TRADITIONAL = 4.0
"""Nats that a traditional character costs: most text is simplified."""
WIDE = 6.0
"""Nats that a full-width digit or letter costs, which the punctuation shares its bytes with."""
BROKEN = 12.0
"""Nats that a byte costs which ends no character."""
NO_PAIR = 30.0
"""Nats that a character costs which is no bytes."""
LOST = 3.0
"""Nats that a lost byte costs."""
CONTEXT = 6
"""Characters before a place from which its state is worked out."""
MARK = 0xFF
_PUNCTUATION = 0xE3
"""The first byte of what Chinese text has of punctuation beside the comma, and of little else."""
_LEADS = frozenset((0xC2, 0xC3, 0xE2, *range(0xE3, 0xEA), 0xEF))


class Tongue(Protocol):
    """Says what characters cost one after the other, by a state that holds what matters of those before."""

    def begin(self, before: str) -> Any:
        """The state behind a text."""

    def step(self, state: Any, char: str) -> tuple[float, Any]:
        """What it costs in nats that `char` follows, and the state behind it."""

    def likeliest(self, state: Any, chars: Group) -> Sequence[str]:
        """The few of many characters that may follow."""

    @staticmethod
    def knows(chars: Iterable[str]) -> Iterable[str]:
        """Those that such text has."""


class Chinese:
    """Text of which the state is its last character."""

    def __init__(self, price: Prices) -> None:
        self.price = price

    def begin(self, before: str) -> str:
        return simple(before[-1:] or "\n")

    def step(self, state: str, char: str) -> tuple[float, str]:
        plain = simple(char)
        aside = TRADITIONAL * (plain != char) + WIDE * ("\uff10" <= char <= "\uff19" or char >= "\uff21")
        return self.price.of(state, plain) + aside, plain

    def likeliest(self, state: str, chars: Group) -> Sequence[str]:
        return self.price.likeliest(state, chars)

    @staticmethod
    def knows(chars: Iterable[str]) -> Iterable[str]:
        return (char for char in chars if char.strip() and likelihood().rarity(simple(char)) < UNSEEN)


class _Pending(NamedTuple):
    """The bytes of UTF-8 that wait for more, and the last character that was whole."""

    raw: bytes
    last: str


class ChineseAsGbk:
    """Text of which each character is two bytes of UTF-8 as GBK shows them: what they read as is Chinese."""

    def __init__(self, price: Prices) -> None:
        self.price = price

    def begin(self, before: str) -> _Pending:
        state = _Pending(b"", "\n")
        for char in before[-CONTEXT:]:
            state = self.step(state, char)[1]
        return state

    def step(self, state: _Pending, char: str) -> tuple[float, _Pending]:
        total = 0.0
        shown = bytes((MARK,)) if char == "\ufffd" else char.encode() if char < "\x80" else gbk.encode(char)
        if not shown:
            return NO_PAIR, _Pending(b"", state.last)
        for byte in shown:
            cost, state = self._byte(state, byte)
            total += cost
        return total, state

    def likeliest(self, state: _Pending, chars: Group) -> Sequence[str]:
        return ()

    @staticmethod
    def knows(chars: Iterable[str]) -> Iterable[str]:
        return (char for char in chars if char and (char == "\ufffd" or gbk.encode(char)))

    def _byte(self, state: _Pending, byte: int) -> tuple[float, _Pending]:
        raw, last = state
        if raw:
            if 0x80 <= byte < 0xC0 or byte == MARK:
                raw += bytes((byte,))
                return self._whole(raw, last) if len(raw) == (2 if raw[0] < 0xE0 else 3) else (0.0, _Pending(raw, last))
            cost, state = self._byte(_Pending(b"", last), byte)
            return BROKEN + cost, state
        if byte < 0x80:
            return self.price.of(last, chr(byte)), _Pending(b"", chr(byte))
        if byte in _LEADS:
            return 0.0, _Pending(bytes((byte,)), last)
        return BROKEN, _Pending(b"", last)

    def _whole(self, raw: bytes, last: str) -> tuple[float, _Pending]:
        lost = raw.count(MARK)
        if lost > 1 and raw[0] != _PUNCTUATION:
            return 3 * LOST + UNSEEN, _Pending(b"", "\n")
        chars = _completed(raw)
        if not chars:
            return BROKEN, _Pending(b"", last)
        cost, best = min((self.price.of(last, char), char) for char in chars)
        return cost + LOST * lost, _Pending(b"", best)


@cache
def _completed(raw: bytes) -> tuple[str, ...]:
    """The simplified characters that the bytes can be, one of which may be lost."""
    tried = product(*((byte,) if byte != MARK else range(0x80, 0xC0) for byte in raw))
    chars = sorted({simple(char) for it in tried if (char := bytes(it).decode("utf-8", "ignore"))})
    return tuple(char for char in chars if len(chars) == 1 or likelihood().rarity(char) < UNSEEN)
