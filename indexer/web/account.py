"""The page on which people change their own password."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.people import passwords
from indexer.people.attempts import Attempts
from indexer.people.sessions import Sessions
from indexer.people.users import Users
from indexer.web.guard import detail
from indexer.web.login import Login
from indexer.web.pages import Pages
from indexer.web.visitor import visiting


class Account:
    """The visitor's own account."""

    def __init__(self, data: DataDir, login: Login, pages: Pages) -> None:
        self._data, self._login, self._pages = data, login, pages

    def asked(self, request: Request) -> Response:
        if visiting.get().by != "session":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._pages.show("account", error="", done=False)

    async def sent(self, request: Request) -> Response:
        if visiting.get().by != "session":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        async with request.form(max_files=0, max_fields=10, max_part_size=64_000) as form:
            old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
        return await run_in_threadpool(self._change, request, old, new, again)

    def _change(self, request: Request, old: str, new: str, again: str) -> Response:
        """Another password, which ends all sessions; this browser gets a new one."""
        visitor, now = visiting.get(), datetime.now(UTC)
        if new != again or passwords.refusal(new):
            told = f"两次输入的新密码要相同，{passwords.SHORTEST} 到 {passwords.LONGEST} 个字符，至少五个不同。"
            return self._pages.show("account", HTTPStatus.BAD_REQUEST, error=told, done=False)
        with self._data.state() as state:
            attempts, users = Attempts(state), Users(state)
            if attempts.begin(visitor.name, visitor.address, now):
                told = "尝试次数太多，请过几分钟再试。"
                return self._pages.show("account", HTTPStatus.TOO_MANY_REQUESTS, error=told, done=False)
            user = users.with_password(visitor.name, old)
            if user is None:
                return self._pages.show("account", HTTPStatus.FORBIDDEN, error="原密码不对。", done=False)
            attempts.succeeded(visitor.name, visitor.address)
            users.set_password(user.name, new)
            key = Sessions(state).open(user, now)
        detail(request, "password changed")
        response = self._pages.show("account", error="", done=True)
        self._login.set_cookie(request, response, key)
        return response
