"""Serves the application on an address, and says where."""

import ipaddress
import logging
import socket

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

log = logging.getLogger("dunwatch")

LOOPBACK = ["localhost", "127.0.0.1", "::1", "[::1]"]
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


def server_for(app: Starlette, host: str) -> uvicorn.Server:
    """A server for the application. On a loopback address it answers to loopback names only (DNS rebinding)."""
    if is_loopback(host):
        # Innermost, so that its refusals carry the security headers too.
        trusted = Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, host], www_redirect=False)
        app.user_middleware.append(trusted)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until told to stop. Raises OSError where the address can't be had."""
    with listen(host, port) as listening:
        log.info("web page at %s", address(host, listening))
        server_for(app, host).run(sockets=[listening])


def address(host: str, listening: socket.socket) -> str:
    """Where a browser finds it."""
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
