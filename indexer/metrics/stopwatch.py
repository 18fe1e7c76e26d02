"""How long each step of a piece of work takes."""

from time import perf_counter


class Stopwatch:
    """Runs from when it is made. `laps` are seconds by name of the step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._at = perf_counter()

    def lap(self, step: str) -> None:
        """What was done since the last lap was this step, or more of it."""
        now = perf_counter()
        self.laps[step] = self.laps.get(step, 0.0) + now - self._at
        self._at = now
