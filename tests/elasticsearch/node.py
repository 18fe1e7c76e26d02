"""Real Elasticsearch 9 nodes on loopback, each a process that a test may kill and start again."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.elasticsearch.installation import Installation, NoNode

PATIENCE = 300
"""Seconds that a cluster has to answer; it takes a few, but on a machine that is busy with much else."""
SMALL = ("-Xms512m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Options of a Java machine that starts fast and stays small."""


class Node:
    """One node with a home folder and ports of its own, which it keeps when it is started again."""

    def __init__(self, installed: Installation, home: Path, http: int, settings: list[str], options: tuple[str, ...]):
        self.url = f"http://127.0.0.1:{http}"
        self._command = installed.command(home, [*settings, f"http.port={http}"], options)
        self._log = home / "output.log"
        self._process: subprocess.Popen[bytes] | None = None
        installed.lay_out(home)

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """SIGKILL, as when a machine goes; what it has on its disk stays."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def wait_for(self, nodes: int) -> None:
        """Until a cluster of at least so many nodes answers here. Raises NoNode."""
        last: object = None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            try:
                address = f"{self.url}/_cluster/health?wait_for_nodes=>={nodes}&timeout=2s"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.URLError) as error:
                last = error
            time.sleep(0.2)
        raise NoNode(f"the node doesn't answer: {last}\n{self._log.read_text(errors='replace')[-3000:]}")


@contextmanager
def cluster(
    folder: Path, *, nodes: int = 1, settings: Sequence[str] = (), options: tuple[str, ...] = SMALL
) -> Iterator[list[Node]]:
    """The running nodes of a new cluster whose files are below `folder`. Raises NoNode."""
    installed = Installation.here()
    https, transports = _free_ports(nodes), _free_ports(nodes)
    shared = ["cluster.name=dunwatch-tests", *settings]
    if nodes == 1:
        shared.append("discovery.type=single-node")
    else:
        shared.append("discovery.seed_hosts=" + ",".join(f"127.0.0.1:{port}" for port in transports))
        shared.append("cluster.initial_master_nodes=" + ",".join(f"n{number}" for number in range(nodes)))
    made = []
    with ExitStack() as stack:
        for number, (http, transport) in enumerate(zip(https, transports, strict=True)):
            own = [f"node.name=n{number}", f"transport.port={transport}"]
            made.append(Node(installed, folder / f"n{number}", http, [*shared, *own], options))
            stack.callback(made[-1].kill)
            made[-1].start()
        for node in made:
            node.wait_for(nodes)
        yield made


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for it in sockets:
            it.bind(("127.0.0.1", 0))
        return [int(it.getsockname()[1]) for it in sockets]
