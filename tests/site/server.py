"""Serves the site on this machine, notes who asks for what, and can be told to change or to misbehave."""

import errno
import hashlib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.site.pages import Page, pages

LAST_MODIFIED = "Fri, 13 Nov 2026 00:00:00 GMT"


@dataclass(frozen=True)
class Asked:
    """A request that came in; `at` is time.monotonic(), header names are small."""

    path: str
    headers: dict[str, str]
    at: float
    answered: int


class Site:
    """The site on 127.0.0.1, from entering to leaving the block. `pages` may be changed at any time.

    With `tls` it is served by https.
    """

    def __init__(self, port: int = 0, *, or_any: bool = False, tls: ssl.SSLContext | None = None) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not or_any:
                raise
            self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.port = int(self._server.server_address[1])
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self.pages = pages(self.url)
        self.requests: list[Asked] = []
        self.on_request: Callable[[str], None] = lambda _path: None
        """Called with each path before it is answered."""
        self._failing: dict[str, list[Page]] = {}
        self._lock = threading.Lock()

    def fail(self, path: str, status: int, *, times: int = 1, **headers: str) -> None:
        """Answer the next `times` requests for the path with an error; `Retry_After="1"` is a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._failing[path] = [Page(b"error", status=status, headers=named)] * times

    def change(self, path: str, old: str, new: str, encoding: str = "utf-8") -> None:
        """Change what a page says."""
        page = self.pages[path]
        assert old.encode(encoding) in page.body
        self.pages[path] = replace(page, body=page.body.replace(old.encode(encoding), new.encode(encoding)))

    def asked(self, path: str = "") -> list[Asked]:
        """The requests so far, for that path or for all but robots.txt."""
        with self._lock:
            return [it for it in self.requests if (it.path == path if path else it.path != "/robots.txt")]

    def answer(self, path: str, headers: dict[str, str]) -> Page:
        """The page for a request, which is noted."""
        self.on_request(path)
        with self._lock:
            failing = self._failing.get(path)
            page = failing.pop() if failing else self._page(path, headers)
            self.requests.append(Asked(path, headers, time.monotonic(), page.status))
        return page

    def _page(self, path: str, headers: dict[str, str]) -> Page:
        page = self.pages.get(path) or self.pages.get(path.partition("?")[0]) or Page(b"not here", status=404)
        if page.status != 200 or page.cut:
            return page
        etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return Page(b"", page.type, status=304, headers={"ETag": etag})
        return replace(page, headers={"ETag": etag, "Last-Modified": LAST_MODIFIED, **page.headers})

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> "Site":
        threading.Thread(target=self.serve_forever, name="site", daemon=True).start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _it: BaseException | None, _at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, *_: Any) -> None:
        """A crawler that was killed breaks its connections: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the client's delayed ACK
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        page = self.server.site.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
        time.sleep(page.delay)
        self.send_response(page.status)
        headers = {"Content-Type": page.type, "Content-Length": str(len(page.body)), **page.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body[: len(page.body) // 2] if page.cut else page.body)
        self.close_connection = page.cut

    def log_message(self, *_: Any) -> None:
        """Whoever wants to know asks `Site.requests`."""
