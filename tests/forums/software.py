"""Forum software that tests crawl: Spirit and django-machina, each in a virtual environment of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.site.threads import Thread

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "forums"
"""Where the software is kept between runs."""
NAMES = ("spirit", "machina")
PATIENCE = 60
"""Seconds that a forum has to answer."""


@contextmanager
def forum(name: str, folder: Path, threads: Sequence[Thread]) -> Iterator[str]:
    """The address of the list of topics of a forum that holds these threads; its files are in `folder`.

    Skips where the software isn't installed, unless the environment has DUNWATCH_TEST_FORUMS_REQUIRED, which installs
    it.
    """
    home = BUILT / name
    if not (home / "ready").exists():
        if not os.environ.get("DUNWATCH_TEST_FORUMS_REQUIRED"):
            pytest.skip(f"no {name}: run the tests once with DUNWATCH_TEST_FORUMS_REQUIRED=1, which installs it")
        _install(name, home)
    shutil.copytree(home / "empty", folder, dirs_exist_ok=True)
    path = _run(name, folder, [str(HERE / f"seed_{name}.py")], stdin=_as_json(threads)).strip().splitlines()[-1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(home / "bin/python"), "-m", "django", "runserver", "--noreload", "--insecure", f"127.0.0.1:{port}"]
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=folder, env=_environment(name, folder), stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}{path}", process, folder / "output.log")
        yield f"http://127.0.0.1:{port}{path}"
    finally:
        process.kill()
        process.wait()


def _install(name: str, home: Path) -> None:
    """The software, and an empty forum of it in home/empty."""
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = [str(home / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(HERE / f"{name}.txt")], check=True)
    empty = home / "empty"
    if name == "spirit":
        path = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        made = [str(home / "bin/spirit"), "startproject", "site_of_spirit"]
        subprocess.run(made, check=True, cwd=home, env=path, capture_output=True)
        (home / "site_of_spirit").rename(empty)
    else:
        empty.mkdir()
    _run(name, empty, ["-m", "django", "migrate", "-v0"])
    (home / "ready").touch()


def _run(name: str, folder: Path, words: list[str], stdin: str = "") -> str:
    done = subprocess.run(
        [str(BUILT / name / "bin/python"), *words],
        cwd=folder, env=_environment(name, folder), input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment(name: str, folder: Path) -> dict[str, str]:
    found = os.pathsep.join([str(folder), str(HERE)])
    return {**os.environ, "PYTHONPATH": found, "DJANGO_SETTINGS_MODULE": f"settings_{name}", "PYTHONUTF8": "1"}


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url}: {error}\n{log.read_text(errors='replace')[-3000:]}") from None
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} doesn't answer\n{log.read_text(errors='replace')[-3000:]}")


def _as_json(threads: Sequence[Thread]) -> str:
    """Without quotes of others, and to the minute: that is what these forums show."""
    return json.dumps(
        [
            {
                "title": it.title,
                "posts": [
                    {"author": said.author, "text": said.text, "at": said.at.replace(second=0).isoformat()}
                    for said in it.posts
                ],
            }
            for it in threads
        ]
    )
