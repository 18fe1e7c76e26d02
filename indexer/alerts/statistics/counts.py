"""Counts: what is tested; many series over the same windows of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Series of counts, or of any quantity, over equal windows of time.

    `values` is (series, windows); nan is unknown (the source was down, the row is missing), which is not zero.
    """

    start: datetime
    """When the first window begins; aware."""
    step: timedelta
    values: Floats
    zone: tzinfo | None
    """Where days and weeks begin. None: `start` and `step` number the rows and no calendar is known."""
    exposure: Floats | None = None
    """Share of the usual coverage that was watched, 1 where all was, (windows,) or (series, windows); 0 is unknown."""

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.step <= timedelta(0) or self.start.tzinfo is None:
            raise ValueError("expected values (series, windows), a positive step and an aware start")
        if self.exposure is not None and self.exposure.shape not in (self.values.shape, self.values.shape[1:]):
            raise ValueError("expected exposure as (windows,) or (series, windows)")

    @property
    def windows(self) -> int:
        return int(self.values.shape[1])

    def time(self, window: int) -> datetime:
        """When a window begins."""
        return self.start + window * self.step
