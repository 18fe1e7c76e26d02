"""Small drawings within a line or a cell, as SVG without any style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 100.0, 24.0


@dataclass(frozen=True)
class Spark:
    """A line of counts: its path, the area below it, and what it says in words."""

    line: str
    area: str
    told: str


def spark(values: Sequence[float], told: str) -> Spark | None:
    """Values from left to right, 0 at the bottom; None where there is nothing to see."""
    if len(values) < 2 or not any(values):
        return None
    most, step = max(values), WIDTH / (len(values) - 1)
    points = [
        f"{place * step:.1f} {HEIGHT - 1 - (HEIGHT - 3) * value / most:.1f}" for place, value in enumerate(values)
    ]
    line = f"M{'L'.join(points)}"
    return Spark(line, f"{line}V{HEIGHT:.0f}H0Z", told)


@dataclass(frozen=True)
class Part:
    """A piece of a bar of 100: where it begins, how long it is, and its name."""

    x: str
    width: str
    name: str
    count: int


def parts(counts: Sequence[tuple[str, int]], whole: int) -> tuple[Part, ...]:
    """The counts side by side in a bar that is `whole` long."""
    found, at = [], 0.0
    for name, count in counts:
        width = 100 * count / whole if whole else 0.0
        if count:
            found.append(Part(f"{at:.2f}", f"{width:.2f}", name, count))
        at += width
    return tuple(found)
