"""What every answer carries and every request is asked: own files only, a name that is ours, no other site's forms."""

import ipaddress
from collections.abc import Callable, Collection
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.settings import is_loopback

# What is shown comes from hostile text, so nothing but our own files may act.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class SecurityHeaders:
    """Adds HEADERS to what the application answers; an answer may have a stricter one of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class KnownNames:
    """Answers only to addresses, to localhost and to names that are configured.

    A site that lets its own name lead to this machine (DNS rebinding) makes browsers send that name.
    """

    def __init__(
        self, app: ASGIApp, *, names: Collection[str], refuse: Callable[[Request, HTTPStatus, str], Response]
    ) -> None:
        self.app, self._names, self._refuse = app, {name.lower() for name in names}, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._knows(host(request := Request(scope))):
            message = "这个主机名不在配置 web.names 中。"
            await self._refuse(request, HTTPStatus.BAD_REQUEST, message)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _knows(self, name: str) -> bool:
        try:
            ipaddress.ip_address(name)
            return True
        except ValueError:
            return name == "localhost" or name in self._names


def host(request: Request) -> str:
    """The name or address that the browser was told to go to, without port and brackets."""
    given = request.headers.get("host", "").lower()
    name, colon, port = given.rpartition(":")
    return (name if colon and port.isdigit() else given).removeprefix("[").removesuffix("]")


def is_cross_site(request: Request) -> bool:
    """Whether a browser sends this for another site's page.

    Browsers say so (Fetch Metadata, and Origin in older ones), and no page can make them say otherwise; what says
    nothing is no browser and brings no cookie along.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin != f"{request.scope['scheme']}://{request.headers.get('host', '')}"


def is_forwarded(request: Request) -> bool:
    """Whether a proxy passed it on: others may reach us through it, even where we listen on this machine only."""
    return any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"))


def is_safe_way(request: Request) -> bool:
    """Whether nobody between can read along: TLS, or a connection that doesn't leave the machine."""
    return request.scope["scheme"] == "https" or is_loopback(host(request))


def cookie_name(request: Request) -> str:
    """The name of the session's cookie; with TLS one that browsers take from this very host only."""
    return "__Host-dunwatch" if request.scope["scheme"] == "https" else "dunwatch"
