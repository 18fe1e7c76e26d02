"""The spike test against ElastAlert2's spike rule and a z-score, on labelled series; and how long many series take.

`python -m bench.spikes`; `make bench` installs ElastAlert2 in an environment of its own, as it needs another
elasticsearch. Peers get the single setting that is best over the tuning series; ours is as shipped. An alert is right
if it is sent within a spike or two windows after it; alerts of a peer that follow within the time after which ours
would close are one alert. A spike is found once; further alerts within it are neither right nor wrong.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from bench.spike_series import SHAPES, ZONE, Case, acted, drawn
from indexer.alerts.statistics.counts import Counts
from indexer.alerts.statistics.episodes import detect
from indexer.alerts.statistics.spikes import calm_after, judge

ELASTALERT = Path(__file__).parent.parent / ".venv-elastalert2/bin/python"
TUNE, HELD = 1, 2027
GRACE = 2
"""Windows behind a spike in which an alert is still right."""


@dataclass
class Tally:
    spikes: int = 0
    found: int = 0
    false: int = 0
    weeks: float = 0
    delays: list[int] = field(default_factory=list)

    def add(self, case: Case, sent: Iterable[int], again: Iterable[int] = ()) -> None:
        first: dict[int, int] = {}
        for window in sent:
            right = [at for at, (a, b) in enumerate(case.spikes) if a <= window <= b + GRACE]
            self.false += not right and not any(a <= window <= b + GRACE for a, b in case.unsure)
            for at in right:
                first.setdefault(at, window)
        for window in again:  # an open alert that is told once more may be what tells of a spike
            for at, (a, b) in enumerate(case.spikes):
                if a <= window <= b + GRACE:
                    first.setdefault(at, window)
        self.spikes += len(case.spikes)
        self.found += len(first)
        self.delays += [window - case.spikes[at][0] for at, window in first.items()]
        self.weeks += case.counts.windows * case.counts.step / timedelta(weeks=1)

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.false, 1)

    @property
    def recall(self) -> float:
        return self.found / max(self.spikes, 1)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(self.found + self.false + self.spikes, 1)

    def __str__(self) -> str:
        delay = f"{median(self.delays):.0f} ({fmean(self.delays):.1f})" if self.delays else "-"
        return (
            f"{self.spikes:4} spikes, precision {self.precision:.2f}, recall {self.recall:.2f}, F1 {self.f1:.3f},"
            f" delay {delay} windows, false alarms a week {self.false / self.weeks:.4f}"
        )


def merged(windows: Sequence[int], calm: int) -> list[int]:
    return [at for at, before in zip(windows, [-calm - 1, *windows], strict=False) if at - before > calm]


def ours(cases: Sequence[Case]) -> dict[str, Tally]:
    tallies = {shape: Tally() for shape in (*SHAPES, "all")}
    for case in cases:
        alerts = list(detect(case.counts))
        for name in (case.shape, "all"):
            tallies[name].add(case, [it.start for it in alerts], [at for it in alerts for at in it.grown])
    return tallies


def tallied(cases: Sequence[Case], matches: Sequence[Sequence[int]]) -> Tally:
    tally = Tally()
    for case, windows in zip(cases, matches, strict=True):
        tally.add(case, merged(windows, calm_after(case.counts.step)))
    return tally


def elastalert(cases: Sequence[Case], settings: list[dict[str, Any]]) -> list[Tally]:
    series = [
        {
            "step": case.counts.step.total_seconds(),
            "values": [None if np.isnan(value) else int(value) for value in case.counts.values[0]],
        }
        for case in cases
    ]
    done = subprocess.run(
        [str(ELASTALERT), "-W", "ignore", str(Path(__file__).parent / "plain/elastalert_spike.py")],
        input=json.dumps({"series": series, "settings": settings}),
        capture_output=True,
        text=True,
        check=True,
    )
    return [tallied(cases, matches) for matches in json.loads(done.stdout)]


def z_score(case: Case, setting: dict[str, Any]) -> list[int]:
    """Windows that lie `height` standard deviations above the mean of the last `past` windows, every `each`-th."""
    values, past, each = case.counts.values[0], setting["past"], setting["each"]
    found = []
    for window in range(past, len(values)):
        before = values[window - past : window : each]
        before = before[~np.isnan(before)]
        if len(before) >= 4 and values[window] >= max(
            before.mean() + setting["height"] * before.std(), setting["least"]
        ):
            found.append(window)
    return found


def timing() -> tuple[float, float]:
    """Wall clock and CPU seconds for the last two windows of 1,000 series over 90 days, hourly."""
    rng = np.random.default_rng(0)
    hours = np.arange(90 * 24)
    rate = np.exp(rng.uniform(-3, 4, (1_000, 1))) * (1.1 + np.cos(2 * np.pi * (hours % 24 - 15) / 24))
    values = rng.poisson(rate * rng.gamma(5, 0.2, rate.shape)).astype(float)
    counts = Counts(datetime(2026, 3, 2, tzinfo=ZONE), timedelta(hours=1), values, ZONE)
    wall, cpu = time.perf_counter(), time.process_time()
    judge(counts, windows=2)
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    tune, held = list(drawn(TUNE, 2)), list(acted(HELD, each))
    rules = [
        {"timeframe": timeframe, "spike_height": height, "threshold_cur": least, "threshold_ref": before}
        for timeframe, height, least, before in product((1, 3, 8, 24, 48), (1.5, 2, 3, 4), (3, 10, 30), (0, 3))
    ]
    rule = max(zip(elastalert(tune, rules), rules, strict=True), key=lambda it: it[0].f1)[1]
    heights = [
        {"past": past, "each": each, "height": height, "least": least}
        for (past, each), height, least in product(
            ((24, 1), (72, 1), (168, 1), (336, 24), (672, 24), (672, 168)), (2, 3, 4, 5, 6, 8), (0, 3, 5, 10)
        )
    ]
    height = max(heights, key=lambda it: tallied(tune, [z_score(case, it) for case in tune]).f1)
    print(f"ElastAlert2's best setting: {rule}\nz-score's best setting: {height}")
    for name, cases in (("tuning", list(drawn(TUNE, 8))), ("held back", held)):
        print(f"\n{name}: {len(cases)} series")
        tallies = ours(cases)
        for shape, tally in tallies.items():
            print(f"  dunwatch, {shape:20} {tally}")
        print(f"  ElastAlert2, all               {elastalert(cases, [rule])[0]}")
        print(f"  z-score, all                   {tallied(cases, [z_score(case, height) for case in cases])}")
    wall, cpu = timing()
    print(f"\n1,000 series, 90 days hourly, last two windows: {wall:.1f} s, {cpu:.1f} s of CPU")


if __name__ == "__main__":
    main()
