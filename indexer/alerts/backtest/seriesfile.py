"""Reads a series from a CSV file of other people's: which column is the time, which the count, and at what step."""

import codecs
import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import numpy as np

from indexer.alerts.backtest.moments import read_times
from indexer.alerts.statistics.counts import Counts

TIMES = frozenset(
    (
        "timestamp", "time", "date", "datetime", "date_time", "ds", "t", "week", "day", "hour", "month",
        "period", "start", "at", "时间", "日期", "时间戳", "周", "月份", "小时",
    )
)  # fmt: skip
VALUES = frozenset(
    (
        "count", "counts", "value", "values", "volume", "y", "n", "cases", "observed", "total", "number",
        "amount", "load", "数量", "计数", "数值", "投诉量", "件数", "值",
    )
)  # fmt: skip
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})
_DECIMAL_COMMA = re.compile(r"[-+]?[\d.]+,\d+\s?%?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+\s?%?")
GAP = 2_000
"""Missing windows in a row of which a longer gap keeps no more; counted down by whole weeks where they fit."""
LARGEST = 64 << 20
"""Bytes of the largest file that is read."""


class SeriesError(Exception):
    """A file that holds no series; the message names it."""


@dataclass(frozen=True)
class Row:
    """One row of the file that could be read, in the order of the file."""

    line: int
    written: str
    """The time as the file has it."""
    window: int


@dataclass(frozen=True)
class Series:
    """A series and how it was read."""

    time_column: str
    value_column: str
    counts: Counts
    rows: tuple[Row, ...]
    refused: tuple[tuple[int, str], ...] = ()
    """(line, reason)."""
    notes: tuple[str, ...] = ()

    def written(self, window: int) -> str:
        """How the file writes the time of a window that it has."""
        return self._by_window[window]

    @property
    def _by_window(self) -> dict[int, str]:
        return {row.window: row.written for row in reversed(self.rows)}


@dataclass
class _Cells:
    """Cells of the two columns, as written."""

    time_column: str
    value_column: str
    lines: list[int] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


def read_series(path: Path, zone: tzinfo) -> Series:
    """The series in a file; times without a zone are of `zone`. Raises SeriesError, OSError."""
    if path.stat().st_size > LARGEST:
        raise SeriesError(f"{path}: larger than {LARGEST >> 20} MiB")
    cells = _cells(path, _text(path.read_bytes()), zone)
    times, dated = read_times(cells.times, zone)
    refused: list[tuple[int, str]] = []
    read: list[tuple[datetime, float, int, str]] = []
    for line, written, at, cell in zip(cells.lines, cells.times, times, cells.values, strict=True):
        value = _number(cell)
        if at is None:
            refused.append((line, f"{written!r} is no time"))
        elif value is None:
            refused.append((line, f"{cell!r} is no number"))
        else:
            read.append((at, value, line, written))
    if len({at for at, *_ in read}) < 2:
        told = "".join(f"\n{path}:{line}: {reason}" for line, reason in refused[:3])
        raise SeriesError(f"{path}: expected two rows of time and count at least{told}")
    counts, windows, notes = _on_a_grid([(at, value) for at, value, *_ in read], zone if dated else None)
    rows = tuple(Row(line, written, windows[at]) for at, _, line, written in read)
    return Series(cells.time_column, cells.value_column, counts, rows, tuple(refused), tuple(notes))


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8-sig", errors="replace")


def _cells(path: Path, text: str, zone: tzinfo) -> _Cells:
    head = text[: 1 << 16]
    delimiter = max("\t;|,", key=lambda it: sum(it in line for line in head.splitlines()))
    try:
        table = [(number, row) for number, row in _table(text, delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise SeriesError(f"{path}: no CSV: {error}") from None
    if not table or max(len(row) for _, row in table[:50]) < 2:
        raise SeriesError(f"{path}: expected two columns, timestamp and count")
    names = [cell.strip() for cell in table[0][1]]
    header = not any(_number(name) is not None and name.lower() not in MISSING for name in names)
    body = table[1:] if header else table
    sample = [row for _, row in body[:200]]
    time, value = _columns([name.lower() for name in names] if header else [], sample, zone)
    named = names if header else [f"column {number + 1}" for number in range(max(time, value) + 1)]
    cells = _Cells(named[time] if time < len(named) else "", named[value] if value < len(named) else "")
    for number, row in body:
        cells.lines.append(number)
        cells.times.append(row[time].strip() if time < len(row) else "")
        cells.values.append(row[value].strip() if value < len(row) else "")
    if any(_DECIMAL_COMMA.fullmatch(cell) and not _THOUSANDS.fullmatch(cell) for cell in cells.values):
        cells.values = [cell.replace(".", "").replace(",", ".") for cell in cells.values]
    return cells


def _table(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        yield reader.line_num, row


def _columns(names: Sequence[str], sample: Sequence[Sequence[str]], zone: tzinfo) -> tuple[int, int]:
    """Which column is the time, which the value: by name, else the first whose cells can be read so."""
    width = max((len(row) for row in sample), default=2)
    cells = [[row[at].strip() if at < len(row) else "" for row in sample] for at in range(width)]
    numeric = [sum(_number(cell) is not None for cell in column) > len(column) / 2 for column in cells]
    timed = []
    for column in cells:
        times, dated = read_times(column, zone)
        timed.append(dated and sum(at is not None for at in times) > len(column) / 2)
    time = next((at for at, name in enumerate(names[:width]) if name in TIMES), None)
    if time is None:
        time = next((at for at in range(width) if timed[at]), 0)
    others = [at for at in range(width) if at != time]
    value = next((at for at in others if at < len(names) and names[at] in VALUES and numeric[at]), None)
    if value is None:
        value = next((at for at in others if numeric[at]), others[0] if others else 1)
    return time, value


def _number(cell: str) -> float | None:
    """A number, nan where the cell says that it is missing, None where it is neither."""
    cell = cell.strip().removesuffix("%").strip()
    if cell.lower() in MISSING:
        return float("nan")
    try:
        number = float(cell.replace(",", "") if "," in cell else cell)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _on_a_grid(
    read: Sequence[tuple[datetime, float]], zone: tzinfo | None
) -> tuple[Counts, dict[datetime, int], list[str]]:
    """Equal windows, the window of each time, and what should be told. Missing windows are unknown."""
    notes = []
    at_once = defaultdict(list)
    for at, value in read:
        at_once[at].append(value)
    times = sorted(at_once)
    whole = all(np.isnan(value) or value == int(value) for _, value in read)
    if doubled := sum(len(values) > 1 for values in at_once.values()):
        notes.append(f"{doubled} times occur more than once: {'added up' if whole else 'averaged'}")
    if any(a > b for (a, _), (b, _) in pairwise(read)):
        notes.append("not in order of time: sorted")
    gaps = [(after - before) / timedelta(seconds=1) for before, after in pairwise(times)]
    (usual, often), *_ = Counter(gaps).most_common(1)
    step = usual if often >= 0.4 * len(gaps) and not 27.5 <= usual / 86_400 <= 31.5 else median(gaps)
    week = round(7 * 86_400 / step) if step <= 7 * 86_400 else 1
    window, windows, shortened = 0, {times[0]: 0}, 0
    for at, gap in zip(times[1:], gaps, strict=True):
        forward = max(1, round(gap / step))
        if forward > GAP + week:
            shortened += 1
            forward -= (forward - GAP) // week * week
        window += forward
        windows[at] = window
    if shortened:
        notes.append(f"{shortened} gaps of more than {GAP} windows were shortened")
    elif window:
        step = (times[-1] - times[0]).total_seconds() / window if abs(sum(gaps) / window / step - 1) > 1e-6 else step
    if missing := window + 1 - len(times):
        notes.append(f"{missing} of {window + 1} windows are missing: unknown")
    values = np.full((1, window + 1), np.nan)
    for at, several in at_once.items():
        known = [value for value in several if not np.isnan(value)]
        if known:
            values[0, windows[at]] = sum(known) if whole else fmean(known)
    start = times[0].astimezone(zone or UTC)
    return Counts(start, timedelta(seconds=step), values, zone), windows, notes
