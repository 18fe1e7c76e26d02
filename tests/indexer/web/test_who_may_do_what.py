"""Roles, other sites' forms, names of hosts, proxies, tokens, signed links, and what the audit log says of it all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from indexer.alerts.acknowledge import Links
from indexer.datadir import DataDir
from indexer.people.attempts import FREE
from indexer.people.audit import Entry, newest
from indexer.people.tokens import Tokens
from indexer.people.users import Users
from indexer.settings import Web
from indexer.store.base import Store
from tests.indexer.web.conftest import COMPLAINT, filled, served
from tests.indexer.web.people import PASSWORD, logged_in, peopled

PAGES = ["/", "/search", f"/documents/{COMPLAINT.id}", "/alerts", "/campaigns", "/status", "/nothing"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with filled(tmp_path_factory.mktemp("store") / "index", [COMPLAINT]) as opened:
        yield opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    return DataDir(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def url(store: Store, data: DataDir) -> Iterator[str]:
    with peopled(store, data.path) as address:
        yield address


def last(data: DataDir) -> Entry:
    """The newest line of the audit log."""
    with data.state() as state:
        return newest(state, 1)[0].entry


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_login(url: str, path: str) -> None:
    answer = httpx.get(f"{url}{path}?q=催收")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert COMPLAINT.title not in answer.text


@pytest.mark.parametrize("path", ["/api/search", f"/api/documents/{COMPLAINT.id}", "/api/alerts", "/api/trends"])
def test_a_program_is_told_to_show_a_token(url: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer dw_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = httpx.get(url + path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"].endswith("json")


def test_what_needs_no_login(url: str) -> None:
    for path in ("/login", "/static/base.css", "/healthz"):
        assert httpx.get(url + path).status_code == 200


def test_each_role_may_do_more_than_the_one_before(url: str, data: DataDir) -> None:
    expected = {"viewer": (200, 403, 403), "analyst": (200, 404, 403), "admin": (200, 404, 200)}
    for role, codes in expected.items():
        with logged_in(url, role) as client:
            found = (
                client.get("/").status_code,
                client.post("/alerts/99/ack", data={"who": "x"}).status_code,  # there is no such alert
                client.get("/audit").status_code,
            )
            assert found == codes, role
    with logged_in(url, "viewer") as client:
        assert client.get("/audit?who=x").status_code == 403
        assert client.get("/audit/").status_code == 403
    assert (last(data).who, last(data).action, last(data).target) == ("viewer", "refused", "/audit/")


def test_a_host_header_does_not_move_the_door(url: str) -> None:
    port = httpx.URL(url).port
    for name in (f"localhost:{port}/static/x?", "localhost/static/x#", "127.0.0.1/healthz?"):
        answer = httpx.get(f"{url}/audit", headers={"Host": name})
        assert answer.status_code in (303, 400)
        assert "审计" not in answer.text


def test_the_cookie_is_for_this_site_and_not_for_scripts(url: str) -> None:
    answer = httpx.post(f"{url}/login", data={"name": "viewer", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/"))
    assert "domain" not in cookie
    with logged_in(url, "viewer") as client:
        assert client.get("/").headers["cache-control"] == "no-store"


def test_a_form_of_another_site_does_nothing(url: str) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = httpx.post(f"{url}/login", data={"name": "viewer", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    with logged_in(url, "analyst") as client:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": url}
        assert client.post("/alerts/99/ack", data={"who": "x"}, headers=headers).status_code == 403
        assert client.post("/logout", headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.get("/").status_code == 200
        assert client.post("/alerts/99/ack", headers={"Origin": url}, data={"who": "x"}).status_code == 404


def test_a_login_leads_on_to_this_site_only(url: str) -> None:
    for then, location in {
        "/alerts?a=1": "/alerts?a=1",
        "//evil.example": "/",
        "/\\evil.example": "/",
        "/\t/evil.example": "/",
        "/a\r\nset-cookie: x=y": "/",
    }.items():
        answer = httpx.post(f"{url}/login", data={"name": "viewer", "password": PASSWORD, "next": then})
        assert answer.headers["location"] == location, then


def test_logout_ends_the_session_on_the_server_too(url: str, data: DataDir) -> None:
    with logged_in(url, "viewer") as client:
        cookies = dict(client.cookies)
        assert client.post("/logout").headers["location"] == "/login"
        assert not client.cookies
    assert httpx.get(url, cookies=cookies).status_code == 303
    assert (last(data).who, last(data).action) == ("viewer", "logout")


def test_a_second_login_gives_another_key(url: str) -> None:
    with logged_in(url, "viewer") as client:
        before = dict(client.cookies)
        client.post("/login", data={"name": "analyst", "password": PASSWORD})
        assert dict(client.cookies) != before
    assert httpx.get(url, cookies=before).status_code == 303


def test_wrong_name_and_wrong_password_are_answered_alike(store: Store, tmp_path: Path) -> None:
    with peopled(store, tmp_path, roles=["viewer", "admin"]) as url:
        answers = [
            httpx.post(f"{url}/login", data={"name": name, "password": "x" * 12}) for name in ("viewer", "nobody")
        ]
        assert [it.status_code for it in answers] == [401, 401]
        assert len({it.text.replace("viewer", "").replace("nobody", "") for it in answers}) == 1
        with DataDir(tmp_path).state() as state:
            assert [it.entry.who for it in newest(state, 9, action="login-refused")] == ["", "viewer"]
        for _ in range(FREE["account"] - 1):
            httpx.post(f"{url}/login", data={"name": "viewer", "password": "x" * 12})
        paused = httpx.post(f"{url}/login", data={"name": "viewer", "password": PASSWORD})
        assert paused.status_code == 429
        assert int(paused.headers["retry-after"]) >= 1
        with logged_in(url, "admin") as client:
            assert client.get("/").status_code == 200


def test_a_token_has_its_role(url: str, data: DataDir) -> None:
    with data.state() as state:
        key = Tokens(state).add("reports", "viewer", datetime.now(UTC))
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/api/search?q=催收").json()["total"] == 1
        read = last(data)
        assert (read.who, read.action, read.detail) == ("reports", "api", "1 of 1 documents")
        assert client.get(f"/api/documents/{COMPLAINT.id}").json()["id"] == COMPLAINT.id
        assert (last(data).action, last(data).target) == ("api", f"/api/documents/{COMPLAINT.id}")
        assert client.post("/alerts/99/ack", data={"who": "x"}).status_code == 403
        assert last(data).who == "reports"
        with data.state() as state:
            Tokens(state).revoke("reports")
        assert client.get("/api/search").status_code == 401


def test_links_of_messages_need_no_login(url: str, data: DataDir) -> None:
    link = Links(data.key(), url).make(99, "team")
    assert httpx.get(link).status_code == 404, "the alert is not there, and that is told without a login"
    assert httpx.post(link, data={"who": "x"}).status_code == 404
    assert httpx.get(f"{url}/ack/x").status_code == 404
    assert httpx.post(f"{url}/alerts/unsubscribe").status_code == 403


def test_only_names_that_are_configured_are_answered(store: Store, tmp_path: Path) -> None:
    web = Web(names=("dunwatch.example.com",))
    with peopled(store, tmp_path, web, ["viewer"]) as url:
        for name, code in {
            "dunwatch.example.com": 200,
            "DUNWATCH.example.com:8443": 200,
            "192.0.2.7:8420": 200,
            "[::1]:8420": 200,
            "evil.example": 400,
            "dunwatch.example.com.evil.example": 400,
            "": 400,
        }.items():
            assert httpx.get(f"{url}/login", headers={"Host": name}).status_code == code, name


def test_nobody_logs_in_where_others_could_read_along(store: Store, tmp_path: Path) -> None:
    with peopled(store, tmp_path, Web(names=("dunwatch.example.com",)), ["viewer"]) as url:
        headers = {"Host": "dunwatch.example.com"}
        assert "web.proxies" in httpx.get(f"{url}/login", headers=headers).text
        asked = httpx.post(f"{url}/login", headers=headers, data={"name": "viewer", "password": PASSWORD})
        assert asked.status_code == 403
        assert "set-cookie" not in asked.headers


def test_a_proxy_is_believed_where_it_is_configured(store: Store, tmp_path: Path) -> None:
    headers = {
        "Host": "dunwatch.example.com",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "Origin": "https://dunwatch.example.com",
    }
    login = {"name": "viewer", "password": PASSWORD}
    web = Web(names=("dunwatch.example.com",), proxies=("127.0.0.1",))
    with peopled(store, tmp_path / "with", web, ["viewer"]) as url:
        cookie = httpx.post(f"{url}/login", headers=headers, data=login).headers["set-cookie"]
        assert cookie.startswith("__Host-dunwatch=")
        assert "Secure" in cookie
        assert last(DataDir(tmp_path / "with")).address == "203.0.113.9"
    with peopled(store, tmp_path / "without", Web(names=("dunwatch.example.com",)), ["viewer"]) as url:
        del headers["Origin"]
        assert httpx.post(f"{url}/login", headers=headers, data=login).status_code == 403
    with peopled(store, tmp_path / "open", roles=["viewer"]) as url:
        httpx.post(f"{url}/login", headers={"X-Forwarded-For": "203.0.113.9"}, data=login)
        assert last(DataDir(tmp_path / "open")).address == "127.0.0.1"


def test_the_first_user_ends_the_open_house(store: Store, tmp_path: Path) -> None:
    with served(store, data=tmp_path) as url:
        assert "无需登录" in httpx.get(url).text
        assert httpx.get(f"{url}audit").status_code == 200
        with DataDir(tmp_path).state() as state:
            Users(state).add("first", "admin", PASSWORD, datetime.now(UTC))
        assert httpx.get(url).status_code == 303
    with served(store, data=tmp_path / "others", web=Web(names=("dunwatch.example.com",))) as url:
        assert httpx.get(url).status_code == 303, "others could reach it"


def test_a_page_that_a_proxy_passes_on_is_not_open(store: Store, tmp_path: Path) -> None:
    with served(store, data=tmp_path) as url:
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            assert httpx.get(url, headers={name: "203.0.113.9"}).status_code == 303, name
            assert httpx.get(f"{url}api/search", headers={name: "203.0.113.9"}).status_code == 401, name


def test_our_own_files_need_no_state(store: Store, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 1000)
    with served(store, data=tmp_path) as url:
        assert httpx.get(url).status_code == 503
        assert httpx.get(f"{url}static/base.css").status_code == 200


def test_what_is_recorded_comes_before_what_is_shown(url: str, data: DataDir) -> None:
    with logged_in(url, "admin") as client:
        shown = client.get("/audit", params={"action": "login"}).text
        assert "login" not in shown.partition("<tbody>")[2].partition("</tbody>")[0].replace("/login", "")
        assert "admin" in shown
        assert client.get("/audit?before=x").status_code == 400
        assert client.get("/audit?who=%00%27&action=%27").status_code == 200
