"""`dunwatch users`, `dunwatch tokens`: passwords by environment or file, hashes at rest; no page without users."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from dunwatch import main
from indexer.datadir import DataDir
from indexer.people.audit import newest
from indexer.people.users import Users
from tests.cli import ROOT, Outcome, arguments

SECRET = "eine lange Losung 7"


class Commands:
    """Runs `dunwatch words…` in this process, as starting one takes seconds."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self._patch, self._shown = data, monkeypatch, capsys

    def __call__(self, *words: str, config: Path = ROOT / "config", data: Path | None = None) -> Outcome:
        line = ["dunwatch", *words, "--data", str(data or self.data), "--config", str(config)]
        self._patch.setattr(sys, "argv", line)
        self._patch.setattr(sys, "stdin", io.StringIO())
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Outcome(code, *self._shown.readouterr())


@pytest.fixture
def dunwatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(tmp_path, monkeypatch, capsys)


def kept(data: Path) -> bytes:
    """All that is on the disk."""
    return b"".join(file.read_bytes() for file in data.iterdir() if file.is_file())


def test_the_life_of_a_user(dunwatch: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_PASSWORD", SECRET)
    added = dunwatch("users", "add", "王芳", "--role", "analyst")
    assert (added.code, added.out) == (0, "")
    assert SECRET.encode() not in kept(tmp_path)
    assert b"$argon2id$" in kept(tmp_path)
    assert dunwatch("users", "add", "王芳", "--role", "admin").code == 1
    assert dunwatch("users", "role", "王芳", "admin").code == 0
    assert [(it["name"], it["role"]) for it in dunwatch("users", "list", "--json").lines()] == [("王芳", "admin")]
    file = tmp_path / "password"
    file.write_text("another password\n", encoding="utf-8")
    monkeypatch.setenv("DUNWATCH_PASSWORD_FILE", str(file))
    assert dunwatch("users", "passwd", "王芳").code == 0
    with DataDir(tmp_path).state() as state:
        assert Users(state).with_password("王芳", "another password")
        assert not Users(state).with_password("王芳", SECRET)
        told = [it.entry.detail for it in newest(state, 10, action="user")]
    assert told == ["password changed", "role admin", "added as analyst"]
    assert dunwatch("users", "remove", "王芳").code == 0
    assert dunwatch("users", "remove", "王芳").err.strip() == "dunwatch: there is no user 王芳"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_password_that_is_easily_guessed_is_refused(
    dunwatch: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("DUNWATCH_PASSWORD", password)
    refused = dunwatch("users", "add", "a", "--role", "viewer")
    assert refused.code == 1
    assert "a password has" in refused.err
    assert password not in refused.err


def test_without_a_terminal_and_a_password_nothing_waits(dunwatch: Commands, tmp_path: Path) -> None:
    refused = dunwatch("users", "add", "a", "--role", "viewer")
    assert refused.code == 2
    assert "DUNWATCH_PASSWORD" in refused.err


def test_a_password_is_asked_for_without_echo(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        arguments(tmp_path, "users", "add", "a", "--role", "viewer"), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        for prompt in (b"Password: ", b"Once more: "):
            while not shown.endswith(prompt):
                shown += os.read(ours, 1000)
            os.write(ours, f"{SECRET}\n".encode())
        assert process.wait(30) == 0
    os.close(ours)
    assert SECRET.encode() not in shown
    with DataDir(tmp_path).state() as state:
        assert Users(state).with_password("a", SECRET)


@pytest.mark.parametrize("name", ["", "a b", "x" * 61, "<b>", "a\n"])
def test_a_name_that_nobody_could_read_is_refused(
    dunwatch: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DUNWATCH_PASSWORD", SECRET)
    assert dunwatch("users", "add", name, "--role", "viewer").code == 1


def test_a_token_is_told_once_and_kept_as_a_hash(dunwatch: Commands, tmp_path: Path) -> None:
    token = dunwatch("tokens", "add", "reports", "--role", "viewer", "--days", "30").out.strip()
    assert token.startswith("dw_")
    assert token.encode() not in kept(tmp_path)
    (listed,) = dunwatch("tokens", "list", "--json").lines()
    assert (listed["name"], listed["role"], listed["used_at"]) == ("reports", "viewer", None)
    assert listed["expires_at"]
    assert dunwatch("tokens", "add", "reports", "--role", "admin").code == 1
    assert dunwatch("tokens", "revoke", "reports").code == 0
    assert dunwatch("tokens", "list").out == ""
    assert dunwatch("tokens", "revoke", "reports").code == 1


@pytest.mark.parametrize("lines", ["host: 0.0.0.0", "names: [dunwatch.example.com]", "proxies: [127.0.0.1]"])
def test_a_page_that_others_can_reach_needs_users(dunwatch: Commands, tmp_path: Path, lines: str) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "dunwatch.yaml").write_text(f"web:\n  {lines}\n", encoding="utf-8")
    refused = dunwatch("serve", data=tmp_path / "data", config=config)
    assert refused.code == 2
    assert "dunwatch users add" in refused.err


@pytest.mark.parametrize("lines", ["names: ['https://x']", "proxies: [nginx]", "names: ['a b']"])
def test_wrong_names_and_proxies_are_told(dunwatch: Commands, tmp_path: Path, lines: str) -> None:
    (tmp_path / "dunwatch.yaml").write_text(f"web:\n  {lines}\n", encoding="utf-8")
    refused = dunwatch("serve", data=tmp_path / "data", config=tmp_path)
    assert refused.code == 2
    assert "dunwatch.yaml:2: web." in refused.err
