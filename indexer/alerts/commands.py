"""`dunwatch alerts`: what is unusual, what was sent about it, and what would be."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer import console
from indexer.alerts.messages.commands import test_mail
from indexer.alerts.statistics.sensitivity import Sensitivity
from indexer.commands import Failure, Place, as_json_option, command
from indexer.period import moment
from indexer.state import StateError
from indexer.store.base import StoreError

if TYPE_CHECKING:
    from indexer.alerts.check import Watch
    from indexer.alerts.messages.outbox import Delivered
    from indexer.alerts.preview import Preview

log = logging.getLogger("dunwatch")

DELIVERED_EVERY = 10.0
"""Seconds between two looks into the outbox."""


@click.group()
def alerts() -> None:
    """What is unusual, and who is told."""


@command
@click.argument(
    "files",
    metavar="SERIES.csv...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--sensitivity", type=click.Choice(["low", "normal", "high"]), default="normal", show_default=True)
@click.option("--drops", is_flag=True, help="What falls below the ordinary too.")
@as_json_option
def backtest(place: Place, files: tuple[Path, ...], sensitivity: Sensitivity, drops: bool, as_json: bool) -> None:
    """The alerts that the test would have sent on any series of `timestamp,count`, row after row."""
    from indexer.alerts.backtest import verdict
    from indexer.alerts.backtest.seriesfile import SeriesError

    failed = 0
    for file in files:
        try:
            done = verdict.backtest(file, place.settings.zone, sensitivity, drops)
        except (SeriesError, OSError) as error:
            failed += 1
            log.error("%s", error)
            continue
        for line, reason in done.series.refused:
            log.warning("%s:%d: %s", file, line, reason)
        click.echo(verdict.as_json(done) if as_json else "\n".join(verdict.as_text(done)))
    if failed:
        raise Failure(f"{failed} could not be read")


@command
@click.option("--at", help="As if it were this moment; for trying out.", hidden=True)
@as_json_option
def check(place: Place, at: str | None, as_json: bool) -> None:
    """Look once for what is unusual, queue what has to be told, and send what is due."""
    now = moment(at, place.settings.zone, datetime.now(UTC)) if at else datetime.now(UTC)
    with watching(place) as watch:
        checked = watch.check(now)
        _copy(place, watch)
        delivered = deliver(watch, now)
    if checked.busy:
        raise Failure("another process is looking already")
    told = {"findings": checked.findings, "opened": checked.opened, "queued": checked.messages}
    click.echo(console.counts({**told, "sent": delivered.accepted, "waiting": delivered.later}, as_json))
    if delivered.failed:
        raise Failure(f"{delivered.failed} messages were refused: see `dunwatch status`")


@command
@click.option("--once", is_flag=True, hidden=True)
def watch_(place: Place, once: bool) -> None:
    """Look again and again, and send what is due: what `dunwatch run` does meanwhile."""
    from indexer.processes import stop_on_signals

    stop = stop_on_signals()
    with watching(place) as watch:
        due = time.monotonic()  # the time of day may be set back
        while not stop.is_set():
            now = datetime.now(UTC)
            try:
                if time.monotonic() >= due:
                    due = time.monotonic() + watch.config.every.total_seconds()
                    watch.check(now)
                    _copy(place, watch)
                deliver(watch, now)
            except (StoreError, StateError) as error:  # looked again later: nothing is lost by it
                log.warning("%s", error)
            if once:
                return
            stop.wait(DELIVERED_EVERY)


@command
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True)
@click.option("--sensitivity", type=click.Choice(["low", "normal", "high"]), help="Instead of that of alerts.yaml.")
@as_json_option
def preview(place: Place, days: int, sensitivity: Sensitivity | None, as_json: bool) -> None:
    """What the rules would have sent in the last days; nothing is kept or sent."""
    from indexer.alerts.preview import per_rule
    from indexer.alerts.preview import preview as previewed

    with watching(place) as watch:
        if sensitivity:
            watch = replace(watch, config=watch.config.model_copy(update={"sensitivity": sensitivity}))
        found = previewed(watch, datetime.now(UTC), days)
    if as_json:
        click.echo(json.dumps({"alerts": [_previewed(it) for it in found], "per_rule": per_rule(found)},
                              ensure_ascii=False))  # fmt: skip
        return
    for it in found:
        local = it.start.astimezone(place.settings.zone)
        click.echo(f"{local:%Y-%m-%d %H:%M}  {it.headline}  [{', '.join(it.rules)}]")
    rules = ", ".join(f"{rule} {count}" for rule, count in per_rule(found).most_common())
    click.echo(f"{len(found)} in {days} days" + (f": {rules}" if rules else ""))


@command
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@as_json_option
def list_(place: Place, limit: int, as_json: bool) -> None:
    """The newest alerts, and what became of them."""
    from indexer.alerts.alert import Alerts
    from indexer.alerts.told import told

    with place.data.state() as state:
        for it in Alerts(state).newest(limit):
            if as_json:
                click.echo(json.dumps(told(it), ensure_ascii=False))
                continue
            local = it.opened_at.astimezone(place.settings.zone)
            by = f"  ({it.acknowledged_by}: {it.note})" if it.acknowledged_by else ""
            click.echo(f"{it.seq:5d}  {local:%Y-%m-%d %H:%M}  {it.state:6s}  {console.clean(it.facts.headline)}{by}")


@command
@click.argument("number", type=click.IntRange(1))
@click.option("--by", "who", required=True, help="Who looks after it.")
@click.option("--note", default="", help="What is known or done.")
def ack(place: Place, number: int, who: str, note: str) -> None:
    """Say that somebody looks after an alert; it doesn't escalate then."""
    from indexer.alerts.alert import Alerts
    from indexer.alerts.life import acknowledge

    with place.data.state() as state:
        alert = acknowledge(Alerts(state), number, who, note, datetime.now(UTC))
    if alert is None:
        raise Failure(f"there is no alert {number}")
    click.echo(f"{number}: acknowledged by {alert.acknowledged_by}")


for each in (check, preview, list_, ack, test_mail, watch_, backtest):
    alerts.add_command(each)


@contextmanager
def watching(place: Place) -> Iterator["Watch"]:
    """All that a check needs. Raises ConfigError."""
    from indexer import configfile
    from indexer.alerts.check import Watch
    from indexer.alerts.rules import Alerts
    from indexer.meaning.declared import PracticesFile

    practices = configfile.load(place.config / "practices.yaml", PracticesFile).practices
    key = place.data.key()
    with place.data.state() as state, place.reading() as store:
        yield Watch(
            config=Alerts.load(place.config),
            store=store,
            state=state,
            masker=place.masker(key),
            key=key,
            zone=place.settings.zone,
            unlawful=frozenset(it.id for it in practices if it.severity == "unlawful"),
        )


def deliver(watch: "Watch", now: datetime) -> "Delivered":
    """Send what is due."""
    from indexer.alerts.messages.letters import senders
    from indexer.alerts.messages.outbox import Outbox

    return Outbox(watch.state).deliver(senders(watch.config), now)


def _copy(place: Place, watch: "Watch") -> None:
    if place.settings.backend != "embedded":
        from indexer.alerts.kibana import copy  # the client takes its time to import

        copy(place.settings.backend, watch.state)


def _previewed(it: "Preview") -> dict[str, object]:
    from indexer.alerts.told import iso

    times = {"start": iso(it.start), "end": iso(it.end), "found_by": iso(it.at)}
    return {**times, "headline": it.headline, "rules": it.rules, "observed": it.observed, "expected": it.expected}
