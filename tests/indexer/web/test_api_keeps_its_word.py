"""The API answers as its description says, whatever it is asked; nothing of it is a 500."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Page, expect
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from indexer.datadir import DataDir
from indexer.people.audit import newest
from indexer.people.tokens import Tokens
from indexer.people.users import ROLES
from indexer.web.listing import NAMES
from tests.indexer.web.conftest import COMPLAINT, documents, filled, served
from tests.indexer.web.people import peopled

TAKES_NOTHING = ("/alerts", "/campaigns", "/lenders", "/sources")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page without users, which any request may change."""
    folder = tmp_path_factory.mktemp("api")
    with filled(folder / "index", documents()) as store, served(store, data=folder / "data") as address:
        yield address.rstrip("/")


@pytest.fixture(scope="module")
def described(url: str) -> Any:
    return schemathesis.openapi.from_url(f"{url}/api/openapi.json")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_answers_are_as_described(described: Any, mode: GenerationMode) -> None:
    asked = []
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and operation.path in TAKES_NOTHING:
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        ask()
        asked.append(operation.label)
    assert len(asked) == (11 if mode is GenerationMode.POSITIVE else 7)


def test_a_document_that_is_there_is_as_described(described: Any) -> None:
    for path in ("/documents/{id}", "/documents/{id}/handling"):
        case = described[path]["GET"].Case(path_parameters={"id": COMPLAINT.id})
        answer = case.call_and_validate(checks=CHECKS)
        assert answer.status_code == 200


def test_handling_by_a_program(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("program")
    data, path = DataDir(folder / "data"), f"/api/documents/{COMPLAINT.id}/handling"
    with data.state() as state:
        keys = {role: Tokens(state).add(f"a-{role}", role, datetime.now(UTC)) for role in ROLES[:2]}
    with filled(folder / "index", [COMPLAINT]) as store, peopled(store, data.path, roles=["admin"]) as url:
        for role, code in zip(ROLES[:2], (403, 200), strict=True):
            with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {keys[role]}"}) as client:
                sent = {"state": "answered", "note": "电话 13812345678"}
                answer = client.put(path, json=sent)
                assert answer.status_code == code
                assert client.get("/api/search", params={"handling": "answered"}).json()["total"] == (code == 200)
        told = answer.json()
        assert (told["state"], told["owner"], told["who"]) == ("answered", "", "a-analyst")
        assert "13812345678" not in answer.text
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {keys['analyst']}"}) as client:
            assert client.put(path, json={"owner": "王芳"}).json()["state"] == "answered", "what is left out stays"
            assert client.get("/api/handling?state=answered").json()["handling"][0]["owner"] == "王芳"
            for wrong in ({"state": "gone"}, {"owner": "x" * 61}, {"other": 1}, [], "x"):
                refused = client.put(path, json=wrong)
                assert refused.status_code == 400
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.json()["status"] == 400
            assert client.put(path, content=b"x" * 100_000).status_code == 413
            assert client.put(f"/api/documents/{'f' * 24}/handling", json={"state": "new"}).status_code == 404
        with data.state() as state:
            entry = newest(state, 9, action="handling")[0].entry
    assert (entry.who, entry.role, entry.target) == ("a-analyst", "analyst", path)


def test_the_same_filters_as_on_the_page(url: str) -> None:
    (search,) = httpx.get(f"{url}/api/openapi.json").json()["paths"]["/search"].values()
    assert {it["name"] for it in search["parameters"]} >= set(NAMES)
    for query, total in {
        "": 40,
        "lender=招联消费金融": 2,
        "voice=promotion": 1,
        "q=爆通讯录 AND 催收&from=2026-11-06&to=2026-11-06": 1,
        "handling=new": 40,
    }.items():
        assert httpx.get(f"{url}/api/search?{query}").json()["total"] == total, query


def test_what_is_told_beside_searches(url: str) -> None:
    assert {it["id"] for it in httpx.get(f"{url}/api/lenders").json()["lenders"]} >= {"招联消费金融", "马上消费金融"}
    assert httpx.get(f"{url}/api/sources").json() == {"waiting": 3, "rejected": 2, "sources": []}
    assert httpx.get(f"{url}/api/campaigns").json() == {"campaigns": []}
    assert httpx.get(f"{url}/api/campaigns/{'0' * 16}").status_code == 404
    assert httpx.get(f"{url}/api/alerts").json() == {"alerts": []}


def test_the_page_that_explains_it_loads_nothing_of_others(url: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/api/docs")
    expect(page.get_by_role("heading", name="PUT /api/documents/{id}/handling")).to_be_visible()
    page.get_by_text("参数（25）").click()
    expect(page.get_by_text("Length of a period")).to_be_hidden()
    assert all(address.startswith(url) for address in asked)
