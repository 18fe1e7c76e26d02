"""The period that a page looks at, up to now, and the time before it that tells what is usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import QueryParams

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """`length` up to `now`; `windows` such lengths before it are the usual."""

    name: str
    label: str
    length: timedelta
    windows: int
    now: datetime

    @property
    def since(self) -> datetime:
        return self.now - self.length

    @property
    def baseline(self) -> datetime:
        """When the time before begins."""
        return self.since - self.windows * self.length

    @property
    def written(self) -> str:
        """As the search page takes it: how long ago it began."""
        return f"{round(self.length / timedelta(hours=1))}h" if self.length <= DAY else f"{self.length // DAY}d"

    def known(self, first: datetime | None) -> float:
        """How many windows of the time before there are, where documents begin at `first`; 0 for less than half."""
        if first is None or first >= self.since:
            return 0.0
        windows = min(float(self.windows), (self.since - max(first, self.baseline)) / self.length)
        return windows if windows >= 0.5 else 0.0


_LENGTHS: Mapping[str, tuple[str, timedelta, int]] = {
    "1d": ("近 24 小时", DAY, 28),
    "7d": ("近 7 天", 7 * DAY, 8),
    "30d": ("近 30 天", 30 * DAY, 6),
    "90d": ("近 90 天", 90 * DAY, 4),
}


def chosen(params: QueryParams, now: datetime, usual: str = "1d") -> Span:
    """The span that the address names; one that there is not is the usual one."""
    name = params.get("span", "")
    name = name if name in _LENGTHS else usual
    return Span(name, *_LENGTHS[name], now)


def choices(span: Span) -> list[tuple[str, str, bool]]:
    """Name, label and whether it is the one shown."""
    return [(name, label, name == span.name) for name, (label, _, _) in _LENGTHS.items()]
