"""How easily an alert is sent, in words."""

from dataclasses import dataclass, replace
from datetime import timedelta
from math import log
from typing import Literal

Sensitivity = Literal["low", "normal", "high"]
Kind = Literal["spike", "drop"]
"""Above what was expected, or below."""


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
    rare: float
    """Windows in which a series that is wild by nature should alert once at most."""


_HOURLY: dict[Sensitivity, Bounds] = {
    "low": Bounds(score=4.6, discovery=0.0002, least=5, rise=1.3, rare=24 * 30),
    "normal": Bounds(score=3.75, discovery=0.002, least=3, rise=1.15, rare=24 * 10),
    "high": Bounds(score=3.0, discovery=0.02, least=2, rise=1.1, rare=24 * 3),
}
"""For windows of an hour."""


def bounds_of(sensitivity: Sensitivity, step: timedelta) -> Bounds:
    """The bounds for windows of that length: who looks at a week at a time wants to hear of rarer things per window
    than who looks at five minutes.
    """
    hourly, hours = _HOURLY[sensitivity], step / timedelta(hours=1)
    shift = min(max(-0.12 * log(hours), -0.9), 0.5)
    return replace(
        hourly,
        score=hourly.score + shift,
        discovery=min(hourly.discovery * hours**0.5, 0.05),
        rare=max(hourly.rare / hours, 300),
    )
