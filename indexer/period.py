"""Days and moments as people write them on the command line and in the web page."""

import re
from datetime import datetime, timedelta, tzinfo

_AGO = re.compile(r"(\d{1,5})([hdw])")
YEARS = range(1900, 2200)
"""What every store can hold as a time."""
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class PeriodError(ValueError):
    """What was written is no day and no moment."""


def moment(written: str, zone: tzinfo, now: datetime, *, end: bool = False) -> datetime:
    """An aware moment: 2026-11-02 (a day in `zone`), 2026-11-02T08:30 (with or without offset), or 7d, 12h, 2w ago.

    With `end`, a day means the midnight behind it, so that `until` includes the day. Raises PeriodError.
    """
    written = written.strip()
    try:
        found = _read(written, zone, now, end=end)
    except (ValueError, OverflowError):
        expected = "expected a day (2026-11-02), a moment (2026-11-02T08:30) or how long ago (7d, 12h, 2w)"
        raise PeriodError(f"{written!r}: {expected}") from None
    if found.year not in YEARS:
        raise PeriodError(f"{written!r}: expected a year from {YEARS.start} to {YEARS.stop - 1}")
    return found


def _read(written: str, zone: tzinfo, now: datetime, *, end: bool) -> datetime:
    if ago := _AGO.fullmatch(written):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    found = datetime.fromisoformat(written)
    if len(written) <= 10 and end:
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=zone)
