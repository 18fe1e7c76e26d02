"""Bytes of GBK text as browsers and crawlers see them, private-use area included."""

from functools import cache

Pair = bytes
"""The two bytes of a double-byte character."""


class Group(tuple[str, ...]):
    """Characters that share a byte. A group is itself only, so that a table can be kept by group at no cost."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


@cache
def _tables() -> tuple[dict[str, Pair], dict[Pair, str]]:
    """Character ↔ two bytes for all of GBK.

    Code points without a character were mapped to the private-use area: the user-defined rows as the WHATWG
    gb18030 index has them, the gaps in row order from U+E766, and FE50 to FEA0 from U+E815 (GB 18030-2000).
    """
    decode: dict[Pair, str] = {}
    gaps: list[Pair] = []
    for lead in range(0x81, 0xFF):
        for trail in _TRAILS:
            pair = bytes((lead, trail))
            try:
                decode[pair] = pair.decode("gbk")
            except UnicodeDecodeError:
                if 0xA1 <= lead <= 0xA9 and (trail >= 0xA1 or lead >= 0xA8):
                    gaps.append(pair)
                try:
                    decode[pair] = pair.decode("gb18030")
                except UnicodeDecodeError:
                    continue
    encode = {char: pair for pair, char in decode.items()}
    encode |= {chr(0xE766 + place): pair for place, pair in enumerate(gaps)}
    rare = [bytes((0xFE, trail)) for trail in _TRAILS if 0x50 <= trail <= 0xA0]
    encode |= {chr(0xE815 + place): pair for place, pair in enumerate(rare)}
    return encode, decode


def encode(char: str) -> Pair | None:
    """The two bytes that were shown as `char`, None where it isn't a double-byte character."""
    return _tables()[0].get(char)


def shown(lead: int, trail: int) -> str | None:
    """What two bytes were shown as, private-use area included."""
    return _tables()[1].get(bytes((lead, trail)))


def decode(lead: int, trail: int) -> str | None:
    """The character of two bytes, None where GBK has none (private use doesn't count)."""
    return _meant().get(lead << 8 | trail)


@cache
def _meant() -> dict[int, str]:
    pairs = _tables()[1].items()
    return {pair[0] << 8 | pair[1]: char for pair, char in pairs if not "\ue000" <= char <= "\uf8ff"}


@cache
def with_trail(trail: int) -> Group:
    """Every character whose second byte is `trail`."""
    return Group(char for lead in range(0x81, 0xFF) if (char := decode(lead, trail)))


@cache
def with_lead(lead: int) -> Group:
    """Every character whose first byte is `lead`."""
    return Group(char for trail in _TRAILS if (char := decode(lead, trail)))
