"""Counts over time, as rules look at them: stories per lender, practice, pair, source and campaign, hour by hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import cached_property

import numpy as np

from indexer.alerts.coverage import HOUR, Watched, backlog_reaches, watched
from indexer.alerts.rules import Of
from indexer.alerts.statistics.counts import Floats
from indexer.state import State
from indexer.store.base import Search, Store

FIELD: Mapping[Of, str] = {
    "lender": "lender",
    "practice": "stance",
    "lender_practice": "lender_practice",
    "source": "source",
    "campaign": "campaign",
}
"""The store's field that a series counts by. A practice counts where it is asserted."""
_ASSERTED = ":asserted"
WARM = 7 * 24
"""Hours that a source must have been watched before it counts: until then its ordinary isn't known."""


@dataclass(frozen=True)
class Series:
    """Stories by hour. `values` and `exposure` are arrays of (len(keys), hours), hours from `start` on.

    values: nan where nothing that is counted was watched. exposure: the part of a key's usual sources that was watched,
    0–1. The last hour is the one that `now` lies in.
    """

    of: Of
    keys: tuple[str, ...]
    start: datetime
    values: Floats
    exposure: Floats

    @cached_property
    def place(self) -> Mapping[str, int]:
        return {key: number for number, key in enumerate(self.keys)}

    def by_day(self, zone: tzinfo) -> tuple[datetime, Floats, Floats]:
        """First day, counts and exposures by day of `zone`; a day with fewer than half of its hours is unknown."""
        local = [(self.start + number * HOUR).astimezone(zone).date() for number in range(self.values.shape[1])]
        begins = [number for number, day in enumerate(local) if number == 0 or day != local[number - 1]]
        unknown = np.isnan(self.values)
        counts = np.add.reduceat(np.where(unknown, 0.0, self.values), begins, axis=1)
        exposure = np.add.reduceat(self.exposure, begins, axis=1) / 24
        known = np.add.reduceat(~unknown, begins, axis=1, dtype=float) / 24
        exposure[:, -1] = 1.0  # today has only begun: held to a whole day's measure, which is the careful side
        counts[:, :-1][known[:, :-1] < 0.5] = np.nan
        first = datetime.combine(local[0], time(), zone)
        return first, counts, np.clip(exposure, 0.0, 1.0)

    def most(self, key: str, start: datetime, end: datetime) -> int:
        """Stories of a key in the fullest hour of [start, end)."""
        first, last = (start - self.start) // HOUR, -((self.start - end) // HOUR)
        counts = self.values[self.place[key], max(0, first) : max(0, last)] if key in self.place else np.zeros(0)
        return int(np.nanmax(counts, initial=0.0)) if counts.size else 0

    @property
    def end(self) -> datetime:
        """When the last hour ends."""
        return self.start + timedelta(hours=self.values.shape[1])


class Counter:
    """Counts from a store what was watched up to `now`.

    With `live`, what a source had published before it was first watched counts for the ordinary and never for what is
    unusual now; without (for a preview of the past), as if it had always been watched.
    """

    def __init__(
        self, store: Store, state: State, now: datetime, back: timedelta, tested: timedelta, *, live: bool = True
    ) -> None:
        self._store = store
        self.now = now
        self.end = now.replace(minute=0, second=0, microsecond=0) + HOUR
        self.start = (now - back).replace(minute=0, second=0, microsecond=0)
        self.hours = round((self.end - self.start) / HOUR)
        self._tested = min(self.hours, round(tested / HOUR) + 1)
        self._state, self._live = state, live

    def series(self, of: Of, where: Mapping[str, Sequence[str]]) -> Series:
        """Stories (the first print of each) that meet `where`, by hour."""
        search = Search(
            filters={**where, "reprint": ["false"]}, since=self.start, until=self.now + timedelta(seconds=1)
        )
        cells = [
            (key, it.source, round((it.start - self.start) / HOUR), it.documents)
            for it in self._store.tally(search, FIELD[of])
            if (key := _key(of, it.value)) and self.start <= it.start < self.end
        ]
        keys = tuple(sorted({cell[0] for cell in cells}))
        if not cells:
            return Series(of, (), self.start, np.zeros((0, self.hours)), np.zeros((0, self.hours)))
        cover = self._cover(sorted({cell[1] for cell in cells}), cells)
        return self._dense(of, keys, cells, cover)

    def _dense(self, of: Of, keys: tuple[str, ...], cells: list[tuple[str, str, int, int]], cover: "_Cover") -> Series:
        key_of = {key: number for number, key in enumerate(keys)}
        row = np.array([key_of[cell[0]] for cell in cells])
        source = np.array([cover.sources.index(cell[1]) for cell in cells])
        hour = np.array([cell[2] for cell in cells])
        count = np.array([cell[3] for cell in cells], dtype=float) * (cover.known[source, hour] > 0)
        values = np.zeros((len(keys), self.hours))
        np.add.at(values, (row, hour), count)
        usual = np.zeros((len(keys), len(cover.sources)))
        np.add.at(usual, (row, source), count)
        usual /= np.maximum(cover.known.sum(axis=1), 1.0)
        total = usual.sum(axis=1, keepdims=True)
        exposure = np.where(total > 0, usual @ cover.known / np.maximum(total, 1e-12), 0.0)
        return Series(of, keys, self.start, np.where(exposure > 0, values, np.nan), np.clip(exposure, 0.0, 1.0))

    def _cover(self, sources: list[str], cells: list[tuple[str, str, int, int]]) -> "_Cover":
        """Hours in which each source counts: watched, or of a backlog that came whole, and warm."""
        periods = watched(self._state, sources, self.now)
        daily: dict[str, dict[int, float]] = {source: {} for source in sources}
        for _, source, hour, count in cells:
            day = int((periods[source].since - (self.start + hour * HOUR)) / timedelta(days=1))
            if self.start + hour * HOUR < periods[source].since:
                daily[source][day] = daily[source].get(day, 0.0) + count
        known = np.stack([self._known(periods[source], daily[source]) for source in sources])
        return _Cover(sources, known)

    def _known(self, period: Watched, daily: dict[int, float]) -> Floats:
        before = max(0, int((period.since - self.start) / timedelta(days=1)))
        since = period.since - timedelta(days=backlog_reaches(daily, before))
        known = period.known(self.start, self.hours, since=since)
        if self._live:
            fresh = period.known(self.start, self.hours)
            known[-self._tested :] = fresh[-self._tested :]
        return known if known.sum() >= WARM else np.zeros_like(known)


@dataclass(frozen=True)
class _Cover:
    """Sources, and (sources × hours) whether each hour of each counts."""

    sources: list[str]
    known: Floats


def _key(of: Of, value: str) -> str:
    if of != "practice":
        return value
    return value.removesuffix(_ASSERTED) if value.endswith(_ASSERTED) else ""
