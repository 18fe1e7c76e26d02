"""The pages by which people log in and out."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.people.attempts import Attempts
from indexer.people.audit import Entry, record
from indexer.people.sessions import LONGEST, Sessions
from indexer.people.users import Users
from indexer.web.pages import Pages
from indexer.web.security import cookie_name, is_safe_way
from indexer.web.visitor import visiting

_OURS = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")
"""An address on this very site."""
MOST_NEXT = 2_000


class Login:
    """Opens and closes sessions in the state of a data directory."""

    def __init__(self, data: DataDir, pages: Pages) -> None:
        self._data, self._pages = data, pages

    def asked(self, request: Request) -> Response:
        return self._form(request, request.query_params.get("next", ""))

    async def sent(self, request: Request) -> Response:
        async with request.form(max_files=0, max_fields=10, max_part_size=64_000) as form:
            name, password, then = (str(form.get(it, "")) for it in ("name", "password", "next"))
        return await run_in_threadpool(self._log_in, request, name.strip(), password, then)

    def out(self, request: Request) -> Response:
        """Ends the session, here and in the browser."""
        visitor = visiting.get()
        with self._data.state() as state, state.transaction():
            Sessions(state).close(request.cookies.get(cookie_name(request), ""))
            if visitor.by == "session":
                record(state, _entry(request, visitor.name, visitor.role or "", "logout"))
        response = _to("/login")
        self.set_cookie(request, response, "", timedelta())
        return response

    def _log_in(self, request: Request, name: str, password: str, then: str) -> Response:
        if not is_safe_way(request):
            return self._form(request, then, HTTPStatus.FORBIDDEN)
        now, address = datetime.now(UTC), visiting.get().address
        with self._data.state() as state:
            attempts, users = Attempts(state), Users(state)
            if wait := attempts.begin(name, address, now):
                seconds = int(wait.total_seconds()) + 1
                told = f"尝试次数太多，请在 {seconds} 秒后再试。"
                answer = self._form(request, then, HTTPStatus.TOO_MANY_REQUESTS, told, name)
                answer.headers["Retry-After"] = str(seconds)
                return answer
            user = users.with_password(name, password)
            if user is None:
                known = name if users.get(name) else ""  # some type their password into the field of the name
                record(state, _entry(request, known, "", "login-refused"))
                return self._form(request, then, HTTPStatus.UNAUTHORIZED, "用户名或密码不对。", name)
            attempts.succeeded(name, address)
            with state.transaction():
                before = request.cookies.get(cookie_name(request), "")
                key = Sessions(state).open(user, now, instead_of=before)
                record(state, _entry(request, user.name, user.role, "login"))
        response = _to(then if _OURS.fullmatch(then) and len(then) <= MOST_NEXT else "/")
        self.set_cookie(request, response, key)
        return response

    def _form(
        self, request: Request, then: str, status: HTTPStatus = HTTPStatus.OK, error: str = "", name: str = ""
    ) -> Response:
        values = {"error": error, "name": name[:100], "next": then[:MOST_NEXT], "safe": is_safe_way(request)}
        return self._pages.show("login", status, **values)

    def set_cookie(self, request: Request, response: Response, key: str, age: timedelta = LONGEST) -> None:
        """Not for scripts, not for requests of other sites; without TLS only to this machine, see `is_safe_way`."""
        response.set_cookie(
            cookie_name(request),
            key,
            max_age=int(age.total_seconds()),
            path="/",
            secure=request.scope["scheme"] == "https",
            httponly=True,
            samesite="lax",
        )


def _to(path: str) -> Response:
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": path})


def _entry(request: Request, who: str, role: str, action: str) -> Entry:
    return Entry(datetime.now(UTC), who, role, visiting.get().address, action, request.url.path)
