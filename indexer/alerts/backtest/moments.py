"""Reads the times in a column of a CSV file, in whichever way the whole column is written."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

FORMATS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y.%m.%d", "%Y/%m",
    "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时", "%Y年%m月",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y %H:%M", "%m/%d/%y",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%b %Y",
    "%Y-%m-%d %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
)  # fmt: skip
"""What people and spreadsheets write beside ISO 8601. An order of day and month that reads the whole column wins, then
the one in which time goes forward."""

EPOCHS = ((1e8, 1e11, 1), (1e11, 1e14, 10**3), (1e14, 1e17, 10**6), (1e17, 1e20, 10**9))
"""Least and greatest number, and its units in a second."""
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SAMPLE = 500

Reader = Callable[[str], datetime | None]


def read_times(written: Sequence[str], zone: tzinfo) -> tuple[list[datetime | None], bool]:
    """Aware times, None where one can't be read; and whether they are times at all and not row numbers.

    A time without zone is one of `zone`. Row numbers come as seconds since 1970.
    """
    sample = [text for text in written if text][:_SAMPLE]
    readers = [_iso(zone), _epoch, *(_format(it, zone) for it in FORMATS)]
    best = max(readers, key=lambda reader: _success(reader, sample))
    if sample and _success(best, sample)[0] < len(sample) / 2 and _success(_row_number, sample)[0] >= len(sample) / 2:
        return [_row_number(text) for text in written], False
    others = [reader for reader in readers[:2] if reader is not best]
    return [next((at for reader in (best, *others) if (at := reader(text))), None) for text in written], True


def _success(reader: Reader, sample: Sequence[str]) -> tuple[int, int]:
    """How many are read, and how often time then goes forward."""
    times = [at for text in sample if (at := reader(text))]
    return len(times), sum(a < b for a, b in pairwise(times))


def _iso(zone: tzinfo) -> Reader:
    def read(text: str) -> datetime | None:
        if re.fullmatch(r"\d{4}-\d\d?", text):
            year, month = text.split("-")
            text = f"{year}-{month:0>2}-01"
        elif text.isdigit() and len(text) == 14:
            text = f"{text[:8]}T{text[8:]}"
        elif text.isdigit() and len(text) != 8:
            return None
        try:
            return _aware(datetime.fromisoformat(text), zone)
        except (ValueError, OverflowError):
            return None

    return read


def _format(form: str, zone: tzinfo) -> Reader:
    def read(text: str) -> datetime | None:
        try:
            return _aware(datetime.strptime(text, form), zone)
        except (ValueError, OverflowError):
            return None

    return read


def _aware(at: datetime, zone: tzinfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _epoch(text: str) -> datetime | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    units = next((units for least, greatest, units in EPOCHS if least <= number < greatest), None)
    return datetime.fromtimestamp(number / units, UTC) if units else None


def _row_number(text: str) -> datetime | None:
    if not _NUMBER.fullmatch(text) or float(text) >= EPOCHS[0][0]:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text))
