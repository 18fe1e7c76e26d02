"""ElastAlert2's own spike rule over series, for bench/spikes.py; needs what bench/plain/elastalert2.lock names.

Reads {"series": [{"step": seconds, "values": [count or null]}], "settings": [{"timeframe": windows, …}]} from standard
input, writes for each setting and series the windows at which the rule matched. A window that is null is not told to
the rule.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from elastalert.ruletypes import SpikeRule

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def matches(series: dict[str, Any], setting: dict[str, Any]) -> list[int]:
    step = timedelta(seconds=series["step"])
    rule = SpikeRule({**setting, "timeframe": setting["timeframe"] * step, "spike_type": "up"})
    found = []
    for window, count in enumerate(series["values"]):
        if count is None:
            continue
        before = len(rule.matches)
        rule.add_count_data({BEGIN + window * step: int(count)})
        if len(rule.matches) > before:
            found.append(window)
    return found


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([[matches(it, setting) for it in asked["series"]] for setting in asked["settings"]], sys.stdout)
