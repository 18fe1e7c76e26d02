"""Draws a series with its expected band as a PNG. Only digits are drawn: words stay in the mail, as fonts differ."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from math import ceil

from PIL import Image, ImageDraw, ImageFont

from indexer.alerts.messages.notice import Point

WIDTH, HEIGHT = 552, 184
"""Size in the mail, in CSS pixels; the picture has twice as many each way."""
MOST = 336
"""Points that are drawn, the newest: two weeks of hours."""
PAPER, GRID, INK = "#ffffff", "#e3e7ec", "#56606e"
BAND, EXPECTED, BAR, ABOVE, UNKNOWN = "#d6e5f3", "#5b87b3", "#7f93a8", "#b3261e", "#eef0f3"
_SCALE = 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 12, 20, 46
"""Margins in pixels of the picture."""
_LABELS = 8
"""Dates below the picture, at most."""


def chart(points: Sequence[Point], start: datetime, end: datetime, zone: tzinfo) -> bytes:
    """The PNG: bars for counts, red above the band from `start` to `end`, the band, and grey where nothing is known."""
    drawing = _Drawing(points[-MOST:])
    drawing.band()
    drawing.grid()
    drawing.bars(start, end)
    drawing.expected()
    drawing.dates(zone)
    file = io.BytesIO()
    drawing.image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


class _Drawing:
    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        self.image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.font = ImageFont.load_default(25)
        self.bottom = HEIGHT * _SCALE - _BOTTOM
        self.step = (WIDTH * _SCALE - _LEFT - _RIGHT) / max(len(points), 1)
        highest = max((_highest(point) for point in points), default=1.0)
        self.tick = _tick(highest)
        self.ticks = max(ceil(highest / self.tick), 1)

    def band(self) -> None:
        for places, known in _runs(self.points):
            if not known:
                continue
            upper = [(self.x(place), self.y(self.points[place].upper or 0)) for place in places]
            lower = [(self.x(place), self.y(self.points[place].lower or 0)) for place in places]
            self.draw.polygon([*_wide(upper, self.step), *reversed(_wide(lower, self.step))], fill=BAND)

    def grid(self) -> None:
        for number in range(self.ticks + 1):
            y = self.y(self.tick * number)
            self.draw.line([(_LEFT, y), (WIDTH * _SCALE - _RIGHT, y)], fill=GRID if number else EXPECTED, width=2)
            self.draw.text((_LEFT - 12, y), f"{self.tick * number:,}", fill=INK, font=self.font, anchor="rm")

    def bars(self, start: datetime, end: datetime) -> None:
        half = max(self.step * 0.36, 1)
        for place, point in enumerate(self.points):
            x = self.x(place)
            if point.count is None:
                edge = self.step / 2
                self.draw.rectangle([(x - edge, _TOP), (x + edge, self.bottom)], fill=UNKNOWN)
            elif point.count:
                above = start <= point.at < end and (point.upper is None or point.count > point.upper)
                top = min(self.y(point.count), self.bottom - 3)
                self.draw.rectangle([(x - half, top), (x + half, self.bottom)], fill=ABOVE if above else BAR)

    def expected(self) -> None:
        for places, known in _runs(self.points):
            if known:
                line = [(self.x(place), self.y(self.points[place].expected or 0)) for place in places]
                self.draw.line(_wide(line, self.step), fill=EXPECTED, width=3, joint="curve")

    def dates(self, zone: tzinfo) -> None:
        """The days where they begin; within a day or two the hours."""
        local = [point.at.astimezone(zone) for point in self.points]
        days = [place for place in range(1, len(local)) if local[place].date() != local[place - 1].date()]
        form, places = ("%m-%d", days) if len(days) > 2 else ("%H:%M", list(range(len(local))))
        every = -(-len(places) // _LABELS) or 1
        for place in places[::every]:
            x = _LEFT + place * self.step if form == "%m-%d" else self.x(place)
            self.draw.line([(x, self.bottom), (x, self.bottom + 6)], fill=EXPECTED, width=2)
            self.draw.text((x, self.bottom + 12), local[place].strftime(form), fill=INK, font=self.font, anchor="mt")

    def x(self, place: int) -> float:
        return _LEFT + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - _TOP) * min(value / (self.tick * self.ticks), 1.0)


def _runs(points: Sequence[Point]) -> Iterator[tuple[list[int], bool]]:
    """Stretches of neighbouring points with a band, and without."""
    for known, places in groupby(range(len(points)), key=lambda place: points[place].expected is not None):
        yield list(places), known


def _wide(line: list[tuple[float, float]], step: float) -> list[tuple[float, float]]:
    """The line from the left edge of its first step to the right edge of its last."""
    (x, y), (last_x, last_y) = line[0], line[-1]
    return [(x - step / 2, y), *line, (last_x + step / 2, last_y)]


def _highest(point: Point) -> float:
    return max(point.count or 0, point.upper or 0, point.expected or 0)


def _tick(most: float) -> int:
    """The least of 1, 2, 5, 10, 20 … of which four hold the highest."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power * 4 >= most:
                return step * power
        power *= 10
