"""`dunwatch kibana import` and `export`, as a person uses them."""

import json
import ssl
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dunwatch import cli
from indexer.kibana.api import Kibana, KibanaError
from tests.cli import ROOT, dunwatch
from tests.indexer.kibana.exported import objects
from tests.indexer.kibana.kibana_server import FakeKibana, running

COUNT = len(objects())


@pytest.fixture
def kibana() -> Iterator[FakeKibana]:
    with running(FakeKibana()) as server:
        yield server


def run(*words: str | Path, **environment: str) -> Result:
    clean = {"DUNWATCH_KIBANA_API_KEY": "", "DUNWATCH_KIBANA_USER": "", "DUNWATCH_KIBANA_URL": ""}
    place = ["--config", str(ROOT / "config")]
    return CliRunner(env={**clean, **environment}).invoke(cli, ["kibana", *map(str, words), *place])


def test_everything_is_imported_once_and_replaced_on_demand(kibana: FakeKibana) -> None:
    told = run("import", "--url", kibana.url)
    assert (told.exit_code, told.output) == (0, f"{COUNT} saved objects imported\n")
    assert len(kibana.spaces[""]) == COUNT
    method, path, headers = kibana.asked[0]
    assert (method, path, headers["kbn-xsrf"]) == ("POST", "/api/saved_objects/_import", "true")
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert "authorization" not in headers
    again = run("import", "--url", kibana.url)
    assert again.exit_code == 1
    assert "nothing was imported" in again.output
    assert "dashboard dunwatch-dashboard-overview 本周概览: there already; --overwrite replaces it" in again.output
    linked = run("import", "--url", f"{kibana.url}/", "--overwrite", "--web", "https://watch.example.com")
    assert (linked.exit_code, linked.output) == (0, f"{COUNT} saved objects imported\n")
    posts = kibana.spaces[""]["index-pattern", "dunwatch-posts"]["attributes"]["fieldFormatMap"]
    assert "https://watch.example.com/documents/{{value}}" in posts


def test_a_space_takes_them_for_itself(kibana: FakeKibana) -> None:
    assert run("import", "--url", kibana.url, "--space", "risk").exit_code == 0
    assert (len(kibana.spaces["risk"]), len(kibana.spaces[""])) == (COUNT, 0)
    unknown = run("import", "--url", kibana.url, "--space", "elsewhere")
    assert unknown.exit_code == 1
    assert "no such space" in unknown.output
    assert run("import", "--url", kibana.url, "--space", "../api").exit_code == 2


def test_an_api_key_or_a_user_lets_in(kibana: FakeKibana) -> None:
    kibana.authorization = "ApiKey a2V5"
    refused = run("import", "--url", kibana.url)
    assert refused.exit_code == 1
    assert "answered 401: set DUNWATCH_KIBANA_API_KEY" in refused.output
    assert "security_exception" in refused.output
    assert run("import", "--url", kibana.url, DUNWATCH_KIBANA_API_KEY="a2V5").exit_code == 0
    kibana.authorization = f"Basic {b64encode('风控:密码'.encode()).decode()}"
    user = {"DUNWATCH_KIBANA_USER": "风控", "DUNWATCH_KIBANA_PASSWORD": "密码"}
    assert run("import", "--url", kibana.url, "--overwrite", **user).exit_code == 0


def test_what_is_missing_is_named(kibana: FakeKibana) -> None:
    without = [it for it in objects() if it["type"] != "index-pattern"]
    body = "\n".join(json.dumps(it) for it in without).encode()
    with pytest.raises(KibanaError, match=r"refers to what isn't there: .*index-pattern dunwatch-posts") as raised:
        Kibana(kibana.url).load(body, overwrite=False)
    assert str(raised.value).startswith("nothing was imported")
    assert not kibana.spaces[""]


def refusal(**error: str) -> bytes:
    return json.dumps({"success": False, "errors": [{"type": "search", "id": "x", "error": error}]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html>login</html>", "that is no Kibana"),
        (200, refusal(type="unknown", message="boom"), "not everything was imported:\n  search x: boom"),
        (200, refusal(type="unsupported_type"), "doesn't know the type"),
        (302, b"", "it sends elsewhere"),
        (403, b'{"statusCode": 403, "message": "Unable to bulk_create dashboard"}', "Unable to bulk_create dashboard"),
        (404, b"not here", "no Kibana there"),
        (413, b"{}", "maxImportPayloadBytes"),
        (503, b'{"message": "License is not available."}', "answered 503: License is not available."),
    ],
    ids=["no-json", "partly", "unsupported", "redirect", "forbidden", "not-found", "too-large", "away"],
)
def test_other_answers_are_told_in_a_line(kibana: FakeKibana, status: int, body: bytes, told: str) -> None:
    kibana.answers = [(status, body)]
    outcome = run("import", "--url", kibana.url)
    assert outcome.exit_code == 1
    assert told in outcome.output
    assert len(kibana.asked) == 1


def test_a_certificate_is_verified(tmp_path: Path) -> None:
    certificate = tmp_path / "ca.pem"
    with running(FakeKibana(), _tls(certificate)) as kibana:
        unknown = run("import", "--url", kibana.url)
        assert unknown.exit_code == 1
        assert "CERTIFICATE_VERIFY_FAILED" in unknown.output
        assert not kibana.asked
        assert run("import", "--url", kibana.url, "--ca-file", certificate).exit_code == 0


@pytest.mark.parametrize(
    "url", ["kibana", "ftp://kibana", "http://user:secret@kibana", "http://", "http://[", "http://k?x=1"]
)
def test_a_wrong_address_is_wrong_use(url: str) -> None:
    told = run("import", "--url", url)
    assert told.exit_code == 2
    assert "expected http(s)://host:port" in told.output


def test_a_kibana_that_is_away_is_told(kibana: FakeKibana) -> None:
    told = run("import", "--url", "http://127.0.0.1:9")
    assert told.exit_code == 1
    assert "can't be reached" in told.output


def test_export_writes_what_import_sends(tmp_path: Path) -> None:
    file = tmp_path / "dunwatch.ndjson"
    data = tmp_path / "data"
    web = ["--web", "https://watch.example.com/dun/"]
    assert dunwatch(data, "kibana", "export", file, *web).code == 0
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == objects()
    assert dunwatch(data, "kibana", "export", *web).lines() == objects()
    assert not data.exists()


def _tls(certificate: Path) -> ssl.SSLContext:
    """A server's context with a certificate that nobody knows but who reads the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kibana")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    certificate.write_bytes(signed.public_bytes(pem))
    secret = certificate.with_suffix(".key")
    secret.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return context
