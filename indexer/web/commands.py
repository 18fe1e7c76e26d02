"""The command that serves the web page."""

import click

from indexer.commands import Place, command
from indexer.health import Health, health


@command
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(place: Place, host: str | None, port: int | None) -> None:
    """The web page and its JSON API."""
    from indexer.web.app import create_app
    from indexer.web.app import serve as serve_web
    from indexer.web.known import Known

    def current() -> Health:
        with place.data.state() as state:  # one for each thread that asks
            return health(state)

    with place.reading() as store:
        app = create_app(store, place, Known.load(place.config), status=current)
        serve_web(app, host or place.settings.web.host, port or place.settings.web.port)
