"""Answers to requests that went wrong: a page, or problem+json for programs."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.web.access import is_for_programs, path
from indexer.web.pages import Pages
from indexer.web.problem import problem
from indexer.web.security import HEADERS

SAID = {
    HTTPStatus.NOT_FOUND: "没有这个页面，或这篇文档已不在索引中。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址只能读取。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "程序内部出错，详情见服务端日志。",
}


class Errors:
    """Says what went wrong, in words for people."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def wrong(self, request: Request, error: Exception) -> Response:
        return self.answer(request, HTTPStatus.BAD_REQUEST, str(error))

    def unavailable(self, request: Request, error: Exception) -> Response:
        return self.answer(request, HTTPStatus.SERVICE_UNAVAILABLE, f"索引暂时不可用：{error}")

    def refused(self, request: Request, error: Exception) -> Response:
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        return self.answer(request, status, SAID.get(status, status.phrase))

    def broken(self, request: Request, error: Exception) -> Response:
        response = self.answer(request, *_said(HTTPStatus.INTERNAL_SERVER_ERROR))
        # Starlette sends this one from outside of all middleware.
        response.headers.update(HEADERS)
        return response

    def answer(self, request: Request, status: HTTPStatus, message: str) -> Response:
        """The message as a page, or as a problem where programs ask."""
        if is_for_programs(path(request)):
            return problem(status, message)
        return self._pages.show("error", status, code=status.value, message=message)


def _said(status: HTTPStatus) -> tuple[HTTPStatus, str]:
    return status, SAID[status]
