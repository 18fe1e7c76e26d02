"""Getting into a cluster: TLS is verified, by API key or user, and what is wrong is said in words."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from indexer.settings import ElasticsearchSettings
from indexer.store.base import Search, StoreError, StoreUnavailable
from indexer.store.elastic import ElasticStore
from tests.documents import document
from tests.elasticsearch.front import front, security_exception

KEY = "aWQ6a2V5"
USER = "dunwatch", "correct horse"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def by_key(es_url: str, authority: trustme.CA) -> Iterator[str]:
    with front(es_url, authority=authority, authorization=f"ApiKey {KEY}") as url:
        yield url


@pytest.fixture
def by_user(es_url: str, authority: trustme.CA) -> Iterator[str]:
    login = base64.b64encode(":".join(USER).encode()).decode()
    with front(es_url, authority=authority, authorization=f"Basic {login}") as url:
        yield url


def found(url: str, **words: object) -> int:
    store = ElasticStore(ElasticsearchSettings.model_validate({"hosts": [url], "prefix": "test-login", **words}))
    try:
        return store.search(Search()).total
    finally:
        store.close()


def test_with_the_api_key_and_the_authority(by_key: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_ES_API_KEY", KEY)
    assert found(by_key, ca_file=ca_file) == 0


def test_with_user_and_password(by_user: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_ES_PASSWORD", USER[1])
    assert found(by_user, ca_file=ca_file, username=USER[0]) == 0


@pytest.mark.parametrize("key", ["", "d3Jvbmc6a2V5"])
def test_a_wrong_key_is_told(by_key: str, ca_file: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_ES_API_KEY", key)
    with pytest.raises(StoreError, match=r"refuses us: check the API key or user \(401"):
        found(by_key, ca_file=ca_file)


def test_a_certificate_of_an_unknown_authority_is_not_trusted(by_key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_ES_API_KEY", KEY)
    with pytest.raises(StoreUnavailable, match=r"isn't trusted \(name its authority in `elasticsearch: ca_file`\)"):
        found(by_key)


def test_a_certificate_for_another_host_is_not_trusted(
    by_key: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNWATCH_ES_API_KEY", KEY)
    with pytest.raises(StoreUnavailable, match="isn't trusted"):
        found(by_key.replace("127.0.0.1", "localhost"), ca_file=ca_file)


def test_who_may_not_write_loses_nothing(es_url: str) -> None:
    reading = security_exception("action [indices:data/write/bulk] is unauthorized", 403)
    with front(es_url, answer=lambda method, path: reading if "_bulk" in path else None) as url:
        store = ElasticStore(ElasticsearchSettings(hosts=(url,), prefix="test-reader", replicas=0), writable=True)
        with pytest.raises(StoreError, match=r"refuses us: .*\(403"):
            store.put([document(1)])
        store.close()
