"""The evidence of a document: its page as it was fetched, shown where nothing in it can act or load.

Evidence is not masked, so it is behind a deliberate click: the page that asks, then a frame whose address is signed
and lasts for some minutes. What the frame holds is cleaned (snapshot.py), its answer forbids everything but
styles and is sandboxed twice, by its own policy and by the frame.
"""

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.store.base import Store
from indexer.web.find import find
from indexer.web.pages import Pages
from indexer.web.snapshot import NoEvidence, harmless, read

LASTS = 600
"""Seconds in which the frame's address leads to it."""
FRAMED = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
}
"""Headers of the frame's answer; the rest are those of every answer."""
FRAMING = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
           "form-action 'self'; frame-ancestors 'none'; base-uri 'none'", "Cache-Control": "no-store"}  # fmt: skip


class EvidencePages:
    """Shows evidence from the WARC files of a data directory."""

    def __init__(self, store: Store, data: DataDir, pages: Pages) -> None:
        self._store, self._data, self._pages = store, data, pages

    def ask(self, request: Request) -> Response:
        """Says what is about to be seen, and asks."""
        it = find(self._store, request)
        return self._pages.show(
            "evidence", it=it, frame="", whole=None, wrong="" if it.evidence else "没有网页存证（由文件导入）。"
        )

    def opened(self, request: Request) -> Response:
        """After the click: the frame, and whether the bytes are those that were fetched."""
        it = find(self._store, request)
        try:
            kept = read(self._data.warc, it.evidence)
        except NoEvidence as error:
            return self._pages.show("evidence", it=it, frame="", whole=None, wrong=str(error))
        whole = it.evidence is not None and kept.sha256 == it.evidence.sha256
        frame = f"/evidence/{self._signer.dumps(it.id)}"
        response = self._pages.show("evidence", it=it, frame=frame, whole=whole, wrong="")
        response.headers.update(FRAMING)
        return response

    def frame(self, request: Request) -> Response:
        """The page itself, harmless."""
        try:
            id = str(self._signer.loads(request.path_params["token"], max_age=LASTS))
            document = self._store.get([id]).get(id)
            if document is None:
                raise HTTPException(404)
            return Response(harmless(read(self._data.warc, document.evidence)), media_type="text/html", headers=FRAMED)
        except (BadSignature, NoEvidence):
            raise HTTPException(404) from None

    @property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._data.key(create=False), salt="evidence")
