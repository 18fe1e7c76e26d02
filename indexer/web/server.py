"""Serves the application on an address, and says where."""

import logging
import socket
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette

from indexer.settings import Web

log = logging.getLogger("dunwatch")

GRACE = 5
"""Seconds that requests under way have to end when the server is told to stop."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 for a free one. Raises OSError that names the port."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OSError(f"can't serve the web page on {host} port {port}: {reason}; give another --port") from error


def server_for(app: Starlette, proxies: Sequence[str] = ()) -> uvicorn.Server:
    """A server for the application. Of `proxies` it believes from where and by which scheme a request came."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


def serve(app: Starlette, web: Web) -> None:
    """Serve until told to stop. Raises OSError where the address can't be had."""
    with listen(web.host, web.port) as listening:
        log.info("web page at %s", address(web.host, listening))
        server_for(app, web.proxies).run(sockets=[listening])


def address(host: str, listening: socket.socket) -> str:
    """Where a browser finds it."""
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
