"""How easily an alert is sent, in words."""

from dataclasses import dataclass
from typing import Literal

Sensitivity = Literal["low", "normal", "high"]


@dataclass(frozen=True)
class Bounds:
    """What a sensitivity means."""

    score: float
    """Least normal score of a window in a series that is tame."""
    discovery: float
    """Share of false discoveries over the series of one window."""
    least: float
    """Counts below which nothing is a spike."""
    rise: float
    """Least ratio to what was expected."""


BOUNDS: dict[Sensitivity, Bounds] = {
    "low": Bounds(score=4.5, discovery=0.0002, least=5, rise=1.3),
    "normal": Bounds(score=3.5, discovery=0.002, least=3, rise=1.15),
    "high": Bounds(score=3.0, discovery=0.02, least=2, rise=1.1),
}
