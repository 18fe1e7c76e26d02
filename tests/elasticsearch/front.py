"""What stands before a cluster in production: TLS, a login, and a server that is too busy, in front of a real node."""

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import trustme

Answer = tuple[int, dict[str, Any]]
"""Status and JSON body of an answer that the node isn't asked for."""


def security_exception(reason: str, status: int) -> Answer:
    """As a cluster with security says it."""
    cause = {"type": "security_exception", "reason": reason}
    return status, {"error": {"root_cause": [cause], **cause}, "status": status}


@contextmanager
def front(
    node: str,
    *,
    authority: trustme.CA | None = None,
    authorization: str = "",
    answer: Callable[[str, str], Answer | None] = lambda method, path: None,
) -> Iterator[str]:
    """The address of a proxy to the node.

    With an `authority` it speaks TLS by a certificate for 127.0.0.1 from there. Requests without the header
    `authorization` get 401. Where `answer` (of method and path) gives one, the node isn't asked.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            refused = authorization and self.headers.get("Authorization") != authorization
            own = security_exception("unable to authenticate", 401) if refused else answer(self.command, self.path)
            if own:
                headers = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
                self._answer(own[0], headers, json.dumps(own[1]).encode())
                return
            there = http.client.HTTPConnection(urlsplit(node).netloc, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            there.request(self.command, self.path, body, headers)
            said = there.getresponse()
            content = said.read()
            kept = {name: value for name, value in said.getheaders() if name.lower() not in TRAVEL}
            self._answer(said.status, kept, content)
            there.close()

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if authority:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if authority else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


TRAVEL = {"content-length", "transfer-encoding", "connection"}
