"""Evidence: every page that was fetched, as its site sent it, in WARC files below the data directory."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from scrapy.http import Request, Response
from scrapy.http.headers import Headers
from twisted.web.http import RESPONSES
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer.post import Evidence

#: Headers that speak of how the bytes travelled; the body is kept without transfer and content encoding.
_TRAVEL = {"transfer-encoding", "content-encoding", "content-length", "connection"}


class Archive:
    """One WARC file for one crawl of a source, made when the first page comes.

    Each record is a gzip member of its own and is on the disk when `keep` returns, so that a file whose tail was cut
    is readable up to there.
    """

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        self.name = f"{source}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}.warc.gz"
        self._file: BinaryIO | None = None

    def keep(self, request: Request, response: Response, sha256: str) -> Evidence:
        """Write response and request; `sha256` is that of the body. Raises OSError, as for a full disk."""
        file = self._open()
        offset = file.tell()
        try:
            self._write(WARCWriter(file, gzip=True), request, response, sha256)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            self._cut(file, offset)
            raise
        return Evidence(warc=self.name, offset=offset, sha256=sha256)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is None:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
            self._file = os.fdopen(os.open(self.folder / self.name, flags, 0o600), "r+b")
            writer = WARCWriter(self._file, gzip=True)
            writer.write_record(
                writer.create_warcinfo_record(self.name, {"software": "dunwatch", "format": "WARC 1.0"})
            )
        return self._file

    def _write(self, writer: WARCWriter, request: Request, response: Response, sha256: str) -> None:
        status = f"{response.status} {RESPONSES.get(response.status, b'').decode()}".rstrip()
        answer = writer.create_warc_record(
            response.url,
            "response",
            payload=BytesIO(response.body),
            length=len(response.body),
            http_headers=StatusAndHeaders(
                status,
                [*_pairs(response.headers, leave_out=_TRAVEL), ("Content-Length", str(len(response.body)))],
                protocol="HTTP/1.1",
            ),
            warc_headers_dict={"WARC-Payload-Digest": f"sha256:{sha256}"},
        )
        path = request.url.split("/", 3)[3] if request.url.count("/") > 2 else ""
        asked = writer.create_warc_record(
            request.url,
            "request",
            http_headers=StatusAndHeaders(
                f"{request.method} /{path} HTTP/1.1", _pairs(request.headers), is_http_request=True
            ),
        )
        writer.write_request_response_pair(asked, answer)

    def _cut(self, file: BinaryIO, offset: int) -> None:
        """Leave whole records only."""
        try:
            file.truncate(offset)
            file.seek(offset)
        except OSError:
            pass  # the record stays half written at the end, where readers stop


def _pairs(headers: Headers, leave_out: frozenset[str] | set[str] = frozenset()) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name.decode("latin-1").lower() not in leave_out
    ]
