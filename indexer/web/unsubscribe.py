"""The page that ends a digest: shows a button to people, takes the one click of mail programs (RFC 8058)."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from indexer.alerts.messages.recipients import Period
from indexer.alerts.messages.unsubscribe import decline, is_signed
from indexer.alerts.messages.words import KIND
from indexer.datadir import DataDir
from indexer.web.pages import Pages


class Unsubscribe:
    """Answers the links that digests hold. Needs no login: the link is signed."""

    def __init__(self, data: DataDir, pages: Pages) -> None:
        self._data = data
        self._pages = pages

    def page(self, request: Request) -> Response:
        """GET asks, so that a program that only follows links changes nothing; POST does it."""
        recipient, digest, token = (request.query_params.get(name, "") for name in ("recipient", "digest", "token"))
        if digest not in ("daily", "weekly") or not is_signed(self._data.key(create=False), recipient, digest, token):
            message = "这个退订链接无效，请使用邮件里的完整链接。"
            return self._pages.show("error", HTTPStatus.FORBIDDEN, code=403, message=message)
        period = cast(Period, digest)
        if done := request.method == "POST":
            with self._data.state() as state:
                decline(state, recipient, period, datetime.now(UTC))
        return self._pages.show("unsubscribe", recipient=recipient, digest=KIND[period], done=done)
