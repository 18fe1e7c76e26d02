"""An alert's series with its expected band, drawn as SVG without any style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.alerts.messages.notice import Point

WIDTH, HEIGHT, TOP = 960.0, 160.0, 8.0


@dataclass(frozen=True)
class Bar:
    """A window: its place, what was counted (None: unknown), the most that is ordinary, and whether it is above."""

    x: str
    y: str
    width: str
    height: str
    at: datetime
    count: int | None
    upper: float | None
    above: bool


@dataclass(frozen=True)
class Band:
    """Bars of counts, the path of the band, and the path of what was expected."""

    bars: tuple[Bar, ...]
    area: str
    expected: str
    most: int


def band(points: Sequence[Point]) -> Band | None:
    """The drawing of at least two points."""
    if len(points) < 2:
        return None
    top = max([1.0, *(point.count or 0 for point in points), *(point.upper or 0 for point in points)])
    step = WIDTH / len(points)

    def y(value: float) -> float:
        return HEIGHT - (HEIGHT - TOP) * min(value, top) / top

    bars = tuple(
        Bar(
            x=f"{place * step + step * 0.1:.2f}",
            y=f"{y(point.count or 0):.2f}",
            width=f"{step * 0.8:.2f}",
            height=f"{HEIGHT - y(point.count or 0):.2f}",
            at=point.at,
            count=point.count,
            upper=point.upper,
            above=point.count is not None and point.upper is not None and point.count > point.upper,
        )
        for place, point in enumerate(points)
    )
    centres = [(place + 0.5) * step for place in range(len(points))]
    upper = [f"{x:.2f} {y(it.upper):.2f}" for x, it in zip(centres, points, strict=True) if it.upper is not None]
    lower = [f"{x:.2f} {y(it.lower or 0):.2f}" for x, it in zip(centres, points, strict=True) if it.upper is not None]
    middle = [f"{x:.2f} {y(it.expected):.2f}" for x, it in zip(centres, points, strict=True) if it.expected is not None]
    return Band(bars, _path([*upper, *reversed(lower)], close=True), _path(middle), round(top))


def _path(places: Sequence[str], *, close: bool = False) -> str:
    return f"M{'L'.join(places)}{'Z' if close else ''}" if len(places) > 1 else ""
