"""What the server answers: headers, JSON, and clear words instead of a traceback when something is wrong."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from indexer.document import Document
from indexer.store.base import Results, Search, StoreError, Survey, Trend
from indexer.web.server import listen
from tests.cli import dunwatch
from tests.indexer.web.conftest import COMPLAINT, served

WRONG = [
    "?page=0",
    "?page=x",
    "?page=501",
    "?page=²",
    "?page=1e9",
    "?sort=best",
    "?from=yesterday",
    "?from=0001-01-01",
    "?to=9999-12-31",
    "?from=99999w",
    "?from=2026-11-05&to=2026-11-01",
    "?q=" + "催" * 501,
    "?lender=" + "x" * 201,
    "?" + "&".join(f"lender={number}" for number in range(51)),
]
ODD = [
    "?page=499",
    "?q=%00",
    "?q=%ff%fe",
    "?lender=%00",
    "?unknown=1",
    "?from=2026-11-01T08:30%2B08:00",
    "?q=+",
    "?site=",
]

HUGE = [f"alerts/{'9' * 20}", f"searches/{2**63}", f"alerts/{'9' * 5000}"]


class Broken:
    """A store in which nothing works."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def search(self, search: Search, *, offset: int = 0, limit: int = 20, facets: Sequence[str] = ()) -> Results:
        raise self.error

    def survey(self, search: Search, **asked: object) -> Survey:
        raise self.error

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        raise self.error

    def trend(self, search: Search, by: str = "day", timezone: str = "") -> Trend:
        raise self.error

    def count(self) -> int:
        raise self.error


def answer(error: Exception, path: str) -> httpx.Response:
    """What the page answers over a store that fails in this way."""
    store: Any = Broken(error)
    with served(store) as site:
        return checked(httpx.get(site + path))


def checked(response: httpx.Response) -> httpx.Response:
    """The response, with the headers that every one must have."""
    policy = response.headers["content-security-policy"]
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "server" not in response.headers
    return response


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("path", ["search", "api/search"])
def test_a_wrong_parameter_is_told_in_chinese(site: str, path: str, query: str) -> None:
    response = checked(httpx.get(f"{site}{path}{query}"))
    assert response.status_code == 400
    told = (
        response.json()["detail"]
        if path.startswith("api")
        else response.text.partition('role="alert">')[2].partition("<")[0]
    )
    assert any("一" <= char <= "鿿" for char in told)


def test_an_address_full_of_filters_is_refused_in_few_words(site: str) -> None:
    values = "&".join(f"lender={number}" for number in range(4000))
    response = checked(httpx.get(f"{site}search?{values}"))
    assert response.status_code == 400
    assert len(response.text) < 200_000


@pytest.mark.parametrize("query", ODD)
@pytest.mark.parametrize("path", ["search", "api/search", "api/trends"])
def test_an_odd_parameter_breaks_nothing(site: str, path: str, query: str) -> None:
    assert checked(httpx.get(f"{site}{path}{query}")).status_code in (200, 400)


@pytest.mark.parametrize("path", ["status", "static/base.css", "static/icon.svg", "healthz", "api/trends?by=week"])
def test_what_is_there(site: str, path: str) -> None:
    assert checked(httpx.get(site + path)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["nothing", "static/../app.py", "static/%2e%2e/app.py", "api/documents/x", "static/", *HUGE],
)
def test_what_is_not_there(site: str, path: str) -> None:
    assert checked(httpx.get(site + path)).status_code == 404


def test_a_number_that_is_too_large_is_no_number(site: str) -> None:
    for path in (f"alerts/{'9' * 20}/ack", f"searches/{'9' * 20}/delete", f"searches/{'9' * 5000}/delete"):
        assert checked(httpx.post(site + path, data={"who": "x"})).status_code == 404


def test_only_reading_is_possible(site: str) -> None:
    assert checked(httpx.post(site)).status_code == 405


def test_a_name_that_is_not_ours_is_refused(site: str) -> None:
    assert checked(httpx.get(site, headers={"Host": "evil.example:8420"})).status_code == 400
    assert checked(httpx.get(site, headers={"Host": "localhost:1"})).status_code == 200


def test_json_of_a_search_is_what_the_page_shows(site: str) -> None:
    found = httpx.get(f"{site}api/search", params={"q": "爆通讯录", "sort": "time", "limit": "1", "page": "2"}).json()
    assert found["total"] == 2
    (hit,) = found["hits"]
    assert isinstance(hit.pop("score"), float)
    assert Document.model_validate_json(json.dumps(hit)) == COMPLAINT
    assert found["facets"]["lender"] == {"招联消费金融": 2}
    assert httpx.get(f"{site}api/documents/{COMPLAINT.id}").json() == hit


def test_json_of_trends(site: str) -> None:
    trend = httpx.get(f"{site}api/trends", params={"voice": "complaint"}).json()
    assert [bucket["count"] for bucket in trend["buckets"]] == [1, 1]
    assert trend["buckets"][0]["start"] == "2026-11-06T00:00:00+08:00"
    assert httpx.get(f"{site}api/trends?by=year").status_code == 400


@pytest.mark.parametrize("path", ["", "search", "documents/" + "0" * 24, "status", "api/search", "healthz"])
def test_a_store_that_is_away_is_told(path: str) -> None:
    response = answer(StoreError("索引目录不存在"), path)
    assert response.status_code == 503
    assert "索引目录不存在" in response.text


def test_an_error_of_ours_shows_nothing_of_the_inside() -> None:
    response = answer(RuntimeError("secret"), "")
    assert response.status_code == 500
    assert "程序内部出错" in response.text
    assert "secret" not in response.text


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1 port {port}"):
            listen("127.0.0.1", port)
        done = dunwatch(tmp_path, "serve", "--port", str(port))
    assert done.code == 1
    assert f"port {port}" in done.err.splitlines()[-1]
