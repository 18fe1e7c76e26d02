"""A small server that answers imports as Kibana's documentation and its own code say that Kibana does."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeKibana:
    """What it holds by space, who may come in, and what it was asked."""

    url: str = ""
    authorization: str | None = None
    spaces: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(default_factory=lambda: {"": {}, "risk": {}})
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    """To give instead, one for each request."""


@contextmanager
def running(kibana: FakeKibana, tls: SSLContext | None = None) -> Iterator[FakeKibana]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kibana.asked.append(("POST", self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, answer = kibana.answers.pop(0) if kibana.answers else _answer(kibana, self, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if 300 <= status < 400:
                self.send_header("Location", "https://elsewhere.example.com/login")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kibana.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield kibana
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(kibana: FakeKibana, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
    address = urlsplit(request.path)
    matched = re.fullmatch(r"(?:/s/([\w-]+))?/api/saved_objects/_import", address.path)
    space = (matched[1] or "") if matched else None
    if space is None or space not in kibana.spaces:
        return _error(404, "Not Found", "Not Found")
    if kibana.authorization and request.headers["Authorization"] != kibana.authorization:
        return _error(401, "Unauthorized", "[security_exception\n\tRoot causes:\n\t\tsecurity_exception: missing]")
    if "kbn-xsrf" not in request.headers:
        return _error(400, "Bad Request", "Request must contain a kbn-xsrf header.")
    kind = request.headers["Content-Type"]
    if not kind.startswith("multipart/form-data; boundary="):
        return _error(415, "Unsupported Media Type", "Unsupported Media Type")
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
    if not (parts["file"].get_filename() or "").endswith(".ndjson"):
        return _error(400, "Bad Request", "Invalid file extension")
    lines = parts["file"].get_payload(decode=True).decode().splitlines()
    overwrite = parse_qs(address.query).get("overwrite") == ["true"]
    return 200, json.dumps(_imported(kibana.spaces[space], [json.loads(line) for line in lines], overwrite)).encode()


def _imported(
    there: dict[tuple[str, str], dict[str, Any]], objects: list[dict[str, Any]], overwrite: bool
) -> dict[str, Any]:
    """All of them or, where one conflicts or lacks what it refers to, none."""
    known = {*there, *((it["type"], it["id"]) for it in objects)}
    errors, good = [], []
    for it in objects:
        meta = {"title": it["attributes"]["title"], "icon": f"{it['type']}App"}
        told = {"id": it["id"], "type": it["type"], "title": meta["title"], "meta": meta}
        needs = [(reference["type"], reference["id"]) for reference in it["references"]]
        lacks = [{"type": type, "id": id} for type, id in needs if (type, id) not in known]
        if lacks:
            errors.append({**told, "error": {"type": "missing_references", "references": lacks}})
        elif (it["type"], it["id"]) in there and not overwrite:
            errors.append({**told, "error": {"type": "conflict"}})
        else:
            good.append({"type": it["type"], "id": it["id"], "meta": meta, "managed": False})
    if not errors:
        there.update({(it["type"], it["id"]): it for it in objects})
    answer = {"successCount": len(good), "success": not errors, "warnings": [], "successResults": good}
    return {**answer, "errors": errors} if errors else answer


def _error(status: int, error: str, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"statusCode": status, "error": error, "message": message}).encode()
