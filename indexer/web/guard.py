"""Lets requests through: finds out who asks, asks the table whether they may, and records what it says to record."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.datadir import DataDir
from indexer.people.audit import Entry, record
from indexer.people.sessions import Sessions
from indexer.people.tokens import Tokens
from indexer.people.users import Users
from indexer.state import StateError
from indexer.web.access import READING, is_for_programs, is_own_file, path, rule
from indexer.web.security import cookie_name, is_cross_site, is_forwarded
from indexer.web.visitor import HERE, Visitor, visiting

Refuse = Callable[[Request, HTTPStatus, str], Response]
"""Makes the answer that says why not."""


class Guard:
    """Middleware before all that is answered. `private`: only this machine can reach us, see Web.private."""

    def __init__(self, app: ASGIApp, *, data: DataDir, private: bool, refuse: Refuse) -> None:
        self.app, self._data, self._private, self._refuse = app, data, private, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_own_file(path(request := Request(scope))):
            await self.app(scope, receive, send)
            return
        try:
            visitor = await run_in_threadpool(self._visitor, request)
            refusal = await run_in_threadpool(self._refusal, request, visitor)
        except StateError as error:
            refusal = self._refuse(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        if refusal:
            await refusal(scope, receive, send)
            return
        mark = visiting.set(visitor)
        try:
            await self.app(scope, receive, self._recorded(request, visitor, send))
        finally:
            visiting.reset(mark)

    def _visitor(self, request: Request) -> Visitor:
        now, address = datetime.now(UTC), request.client.host if request.client else ""
        with self._data.state() as state:
            kind, _, shown = request.headers.get("authorization", "").partition(" ")
            if kind.lower() == "bearer":
                token = Tokens(state).presented(shown.strip(), now)
                return Visitor(token.name, token.role, "token", address) if token else _nobody(address)
            key = request.cookies.get(cookie_name(request), "")
            if key and (user := Sessions(state).user(key, now)):
                return Visitor(user.name, user.role, "session", address)
            if self._private and not is_forwarded(request) and not Users(state).any():
                return Visitor(HERE, "admin", "open", address)
        return _nobody(address)

    def _refusal(self, request: Request, visitor: Visitor) -> Response | None:
        reading, it = request.method in READING, rule(path(request))
        if not reading and is_cross_site(request):
            return self._refuse(request, HTTPStatus.FORBIDDEN, "这个请求来自别的网站，没有执行。")
        needed = it.read if reading else it.change
        if needed is None or visitor.may(needed):
            return None
        if visitor.role is None:
            return self._asks_for_login(request)
        with self._data.state() as state:
            record(state, _entry(request, visitor, "refused"))
        return self._refuse(request, HTTPStatus.FORBIDDEN, "您的角色无权这样做，请联系管理员。")

    def _asks_for_login(self, request: Request) -> Response:
        if is_for_programs(path(request)) or request.method not in READING:
            answer = self._refuse(request, HTTPStatus.UNAUTHORIZED, "请先登录，或出示有效的令牌。")
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        wanted = asked(request)
        where = "/login" if wanted == "/" else f"/login?{urlencode({'next': wanted})}"
        return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": where})

    def _recorded(self, request: Request, visitor: Visitor, send: Send) -> Send:
        """Sends an answer once what it tells or did is recorded. A session's pages are kept in no cache."""
        it = rule(path(request))
        action = it.seen if request.method in READING else it.changed

        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if action and message["status"] < HTTPStatus.BAD_REQUEST:
                    await run_in_threadpool(self._record, _entry(request, visitor, action))
                if visitor.by == "session":
                    MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        return send_recorded

    def _record(self, entry: Entry) -> None:
        with self._data.state() as state:
            record(state, entry)


def detail(request: Request, told: str) -> None:
    """What the record of this request shall say beside its address."""
    request.state.audited = told


def _entry(request: Request, visitor: Visitor, action: str) -> Entry:
    told = getattr(request.state, "audited", "")
    # A signed link is as good as a login for what it is about: it is not written down.
    target = path(request).rpartition("/")[0] if rule(path(request)).change is None else asked(request)
    return Entry(datetime.now(UTC), visitor.name, visitor.role or "", visitor.address, action, target, told)


def asked(request: Request) -> str:
    """The address without scheme and host."""
    query = request.url.query
    return f"{path(request)}?{query}" if query else path(request)


def _nobody(address: str) -> Visitor:
    return Visitor("", None, "nobody", address)
