"""The commands that hand the dashboards to Kibana."""

from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import click

from indexer.commands import Failure, Place, command


def _address(context: click.Context, option: click.Parameter, written: str | None) -> str | None:
    if written is None:
        return None
    try:
        parts = urlsplit(written)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.query
    except ValueError:
        good = False
    if not good:
        raise click.BadParameter("expected http(s)://host:port, without a user, password or query")
    return written


def _space(context: click.Context, option: click.Parameter, written: str) -> str:
    from indexer.kibana.api import SPACE

    if written and not SPACE.fullmatch(written):
        raise click.BadParameter("expected the id of a space, as it stands in Kibana's addresses after /s/")
    return written


web_option = click.option(
    "--web", callback=_address, help="Base address of dunwatch's web page, for links; what dunwatch.yaml says if left."
)


@click.group()
def kibana() -> None:
    """Dashboards for Kibana 9, over the Elasticsearch store."""


@command
@click.argument("file", type=click.File("wb"), default="-")
@web_option
def export(place: Place, file: BinaryIO, web: str | None) -> None:
    """Write data views, saved searches and dashboards as NDJSON, which Kibana's Saved Objects page imports."""
    file.write(_objects(place, web))


@command
@click.option("--url", required=True, envvar="DUNWATCH_KIBANA_URL", callback=_address, help="Address of Kibana.")
@click.option("--space", default="", callback=_space, help="Id of a space; the default space if left.")
@click.option("--overwrite", is_flag=True, help="Replace what an earlier import left.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates that Kibana's is checked against; elasticsearch.ca_file if left.",
)
@web_option
def import_(place: Place, url: str, space: str, overwrite: bool, ca_file: Path | None, web: str | None) -> None:
    """Put data views, saved searches and dashboards into a Kibana."""
    from indexer.kibana.api import Kibana, KibanaError

    target = Kibana(url, space, ca_file or place.settings.elasticsearch.ca_file)
    try:
        imported = target.load(_objects(place, web), overwrite=overwrite)
    except KibanaError as error:
        raise Failure(str(error)) from None
    click.echo(f"{imported} saved objects imported")


def _objects(place: Place, web: str | None) -> bytes:
    from indexer.kibana.dashboards import ALL
    from indexer.kibana.objects import ndjson

    own = place.settings.web
    return ndjson(ALL, place.settings.elasticsearch.prefix, web or f"http://{own.host}:{own.port}")


kibana.add_command(export)
kibana.add_command(import_)
