"""`dunwatch alerts`: what would be sent."""

import logging
from pathlib import Path

import click

from indexer.alerts.sensitivity import Sensitivity
from indexer.commands import Failure, Place, as_json_option, command

log = logging.getLogger("dunwatch")


@click.group()
def alerts() -> None:
    """Spikes: counts that rise beyond the ordinary."""


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
    from indexer.alerts import backtest as test
    from indexer.alerts.seriesfile import SeriesError

    failed = 0
    for file in files:
        try:
            done = test.backtest(file, place.settings.zone, sensitivity, drops)
        except (SeriesError, OSError) as error:
            failed += 1
            log.error("%s", error)
            continue
        for line, reason in done.series.refused:
            log.warning("%s:%d: %s", file, line, reason)
        click.echo(test.as_json(done) if as_json else "\n".join(test.as_text(done)))
    if failed:
        raise Failure(f"{failed} could not be read")


alerts.add_command(backtest)
