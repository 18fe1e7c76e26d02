"""Times of day and cron expressions, as people write them in config/sources.yaml."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

_SPAN = re.compile(r"(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)")


def _cron(expression: str) -> str:
    try:
        if len(expression.split()) == 5 and next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)), None):
            return expression
    except CronSimError:
        pass
    raise ValueError('expected five fields as cron has them, such as "0 8 * * *": minute, hour, day, month, weekday')


Cron = Annotated[str, Field(max_length=200), AfterValidator(_cron)]
"""A cron expression of five fields that some moment satisfies."""


def after(cron: str, moment: datetime, zone: ZoneInfo) -> datetime:
    """The next moment that the expression names, by the clocks of `zone`.

    Where clocks are changed it is what Debian's cron does: nothing is skipped and nothing done twice.
    """
    # The first it gives may be past, where clocks show the hour of `moment` for the second time.
    named = (it.astimezone(UTC) for it in CronSim(cron, moment.astimezone(zone)))
    return next(it for it in named if it > moment)


@dataclass(frozen=True)
class HoursOfDay:
    """Hours of every day, from `start` to `end`; they may go over midnight."""

    start: time
    end: time

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the hours end that `now` lies in; None outside of them."""
        clock = now.astimezone(zone).time()
        over_midnight = self.start > self.end
        inside = not self.end <= clock < self.start if over_midnight else self.start <= clock < self.end
        return _next(self.end, now, zone) if inside else None

    def next_start(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When they begin next."""
        return _next(self.start, now, zone)


def _next(clock: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which clocks show `clock`."""
    today = now.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=days), clock, zone).astimezone(UTC) for days in (0, 1))
    return next(moment for moment in moments if moment > now)


def _hours(written: Any) -> HoursOfDay:
    if isinstance(written, HoursOfDay):
        return written
    found = _SPAN.fullmatch(str(written).strip())
    try:
        start, end = (time.fromisoformat(it.zfill(5)) for it in found.groups()) if found else (time(), time())
    except ValueError:
        start = end = time()
    if start == end:
        raise ValueError('expected hours such as "23:00-07:00"')
    return HoursOfDay(start, end)


def _written(hours: HoursOfDay) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


Hours = Annotated[HoursOfDay, PlainValidator(_hours), PlainSerializer(_written, when_used="json")]
"""Hours as people write them: 23:00-07:00."""
