"""What deploys dunwatch: compose.yaml, its scripts and the image. No container is run here; all else is."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme
from ruamel.yaml import YAML

from dunwatch import cli
from indexer import configfile
from indexer.settings import Settings
from indexer.store.elastic_doctor import CLUSTER_PRIVILEGES, INDEX_PRIVILEGES
from tests.elasticsearch.front import Answer, front

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(ROOT / "compose.yaml"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of deploy/ in which prepare.sh was run."""
    folder = tmp_path_factory.mktemp("deployment")
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets"))
    for _ in range(2):
        subprocess.run(["sh", str(folder / "deploy/prepare.sh")], check=True, capture_output=True, timeout=60)
    return folder


def test_compose_is_as_its_specification_says() -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_service_runs_as_root_or_listens_to_others(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["user"] in ("${DUNWATCH_UID:-1000}:0", "redis"), name
        assert service["cap_drop"] == ["ALL"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "healthcheck" in service or name == "users"


def test_what_compose_names_is_there(compose: dict[str, Any], prepared: Path) -> None:
    secrets = {Path(it["file"]).name for it in compose["secrets"].values()} | {"redis.env"}
    for name in secrets:
        file = prepared / "deploy/secrets" / name
        assert file.stat().st_size
        assert file.stat().st_mode & 0o077 == 0
    named: set[str] = set()
    for name, service in compose["services"].items():
        named |= {it if isinstance(it, str) else it["source"] for it in service.get("secrets", [])}
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            there = (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]
            assert there or volume == "/data", name  # which is each container's own
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        if service.get("image") == "dunwatch":
            assert service["command"][0] in cli.commands
    assert named == set(compose["secrets"])


def test_no_password_is_in_the_files(prepared: Path) -> None:
    committed = [ROOT / "compose.yaml", ROOT / "Dockerfile", *(ROOT / "deploy").glob("*.*")]
    text = "".join(file.read_text(encoding="utf-8") for file in committed)
    for file in (prepared / "deploy/secrets").glob("*_password"):
        assert len(file.read_text(encoding="ascii")) == 48
        assert file.read_text(encoding="ascii") not in text
    ignored = subprocess.run(["git", "check-ignore", "deploy/secrets/ca.key", ".env"], cwd=ROOT, check=False)
    assert ignored.returncode == 0


def test_the_certificate_is_that_of_the_service(prepared: Path) -> None:
    secrets = prepared / "deploy/secrets"
    for host in ("elasticsearch", "localhost"):
        words = ["openssl", "verify", "-x509_strict", "-CAfile", "ca.crt", "-verify_hostname", host, "http.crt"]
        done = subprocess.run(words, cwd=secrets, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (prepared / ".env").read_text(encoding="ascii").strip() not in ("", "DUNWATCH_UID=0")


def test_users_are_made_over_tls(prepared: Path, tmp_path: Path) -> None:
    for name in ("elastic_password", "kibana_password", "dunwatch_password"):
        shutil.copy(prepared / "deploy/secrets" / name, tmp_path / name)
    authority, asked = trustme.CA(), []
    authority.cert_pem.write_to_path(str(tmp_path / "ca"))
    password = (tmp_path / "elastic_password").read_text(encoding="ascii")

    def answer(method: str, path: str) -> Answer | None:
        asked.append(f"{method} {path}")
        return 200, {}

    login = base64.b64encode(f"elastic:{password}".encode()).decode()
    with front("http://127.0.0.1:9", authority=authority, authorization=f"Basic {login}", answer=answer) as url:
        words = ["bash", str(ROOT / "deploy/users.sh")]
        environment = {"SECRETS": str(tmp_path), "URL": url, "PATH": "/usr/bin:/bin"}
        subprocess.run(words, env=environment, check=True, capture_output=True, timeout=30)
        (tmp_path / "elastic_password").write_text("wrong", encoding="ascii")
        assert subprocess.run(words, env=environment, check=False, capture_output=True, timeout=30).returncode
    assert asked == [
        "POST /_security/user/kibana_system/_password",
        "PUT /_security/role/dunwatch",
        "PUT /_security/user/dunwatch",
    ]


def test_the_role_has_what_doctor_asks_for() -> None:
    role = json.loads((ROOT / "deploy/role.json").read_text(encoding="utf-8"))
    assert set(role["cluster"]) == set(CLUSTER_PRIVILEGES)
    (indices,) = role["indices"]
    assert set(indices["privileges"]) == {*INDEX_PRIVILEGES, "manage"}
    told = (ROOT / "docs/deploy.md").read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    assert json.loads(told) == role


def test_the_settings_of_the_containers_can_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = configfile.load(ROOT / "deploy/dunwatch.yaml", Settings)
    assert settings.backend != "embedded"
    (tmp_path / "password").write_text("of the file\n", encoding="utf-8")
    monkeypatch.setenv("DUNWATCH_ES_PASSWORD_FILE", str(tmp_path / "password"))
    assert settings.elasticsearch.client()["basic_auth"] == ("dunwatch", "of the file")
    monkeypatch.setenv("DUNWATCH_ES_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(configfile.ConfigError, match=r"DUNWATCH_ES_PASSWORD_FILE=.*can't be read"):
        settings.elasticsearch.client()


def test_the_image_is_made_of_what_is_there_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / source).exists() for source in line.split()[1:-1]), line
    assert [line for line in lines if line.startswith("USER ")] == ["USER dunwatch"]
