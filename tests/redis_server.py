"""A real Redis on loopback, with a password and a file of all it was told, which a test may kill and start again."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

PASSWORD = "only/for:tests"
PATIENCE = 30


class RedisServer:
    """One server with a folder and a port of its own, which it keeps."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        words += ["--appendonly", "yes", "--save", "", "--requirepass", PASSWORD]
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        with Redis(port=self.port, password=PASSWORD) as client:
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    client.ping()
                    return
                except RedisError:
                    time.sleep(0.05)
        raise AssertionError("Redis doesn't answer")

    def kill(self) -> None:
        """SIGKILL."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A running server. Skips where there is none, unless the environment has DUNWATCH_TEST_REDIS_REQUIRED."""
    if not shutil.which("redis-server"):
        assert not os.environ.get("DUNWATCH_TEST_REDIS_REQUIRED"), "redis-server is not installed"
        pytest.skip("no redis-server")
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
