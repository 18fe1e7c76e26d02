"""The command that serves the web page."""

from dataclasses import replace

import click

from indexer.commands import Place, WrongUse, command
from indexer.health import Health, health
from indexer.people.users import Users


@command
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(place: Place, host: str | None, port: int | None) -> None:
    """The web page and its JSON API. Without users it opens without login, and on this machine only."""
    from indexer.web.app import create_app
    from indexer.web.app import serve as serve_web
    from indexer.web.known import Known

    def current() -> Health:
        with place.data.state() as state:  # one for each thread that asks
            return health(state)

    asked = {"host": host, "port": port}
    web = place.settings.web.model_copy(update={name: value for name, value in asked.items() if value})
    with place.data.state() as state:
        if not web.private and not Users(state).any():
            raise WrongUse(
                f"others can reach the web page on {web.host}, and there are no users:"
                " `dunwatch users add NAME --role admin` first, or listen on 127.0.0.1 without names and proxies"
            )
    settings = place.settings.model_copy(update={"web": web})
    with place.reading() as store:
        serve_web(create_app(store, replace(place, settings=settings), Known.load(place.config), status=current), web)
