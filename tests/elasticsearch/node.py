"""A real Elasticsearch 9 node on loopback, put together from Maven Central's jars: no container, no download page."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "elasticsearch"
"""Where classes and jars are kept between runs."""
JDK = 21
"""The oldest Java that Elasticsearch 9 runs on."""
PATIENCE = 90
"""Seconds that a node has to answer."""

_NOT_SERVER = re.compile(r"transport-netty4|/io/netty/|elasticsearch-ssl-config")
_DESCRIPTOR = """description=module of the test node
version=1
name={name}
classname={classname}
java.version=21
elasticsearch.version={version}
extended.plugins=
has.native.controller=false
"""


class NoNode(Exception):
    """A node can't be started here; the message says what is missing."""


@contextmanager
def elasticsearch(folder: Path, *, nodes: int = 1) -> Iterator[list[str]]:
    """The addresses of the nodes of a new cluster whose files are below `folder`. Raises NoNode."""
    java = _java()
    jars = _jars()
    classes = _classes(java, jars)
    https, transports = _free_ports(nodes), _free_ports(nodes)
    settings = ["cluster.name=dunwatch-tests"]
    if nodes == 1:
        settings.append("discovery.type=single-node")
    else:
        settings.append("discovery.seed_hosts=" + ",".join(f"127.0.0.1:{port}" for port in transports))
        settings.append("cluster.initial_master_nodes=" + ",".join(f"n{number}" for number in range(nodes)))
    running = []
    with ExitStack() as stack:
        for number, (http, transport) in enumerate(zip(https, transports, strict=True)):
            home = _home(folder / f"n{number}", jars, classes)
            own = [f"node.name=n{number}", f"http.port={http}", f"transport.port={transport}"]
            running.append(stack.enter_context(_running(java, home, jars, classes, [*settings, *own])))
        urls = [f"http://127.0.0.1:{port}" for port in https]
        for url, process in zip(urls, running, strict=True):
            _wait(f"{url}/_cluster/health?wait_for_nodes={nodes}&timeout=2s", process, folder)
        yield urls


@contextmanager
def _running(
    java: Path, home: Path, jars: list[Path], classes: Path, settings: list[str]
) -> Iterator[subprocess.Popen[bytes]]:
    server = [str(jar) for jar in jars if not _NOT_SERVER.search(str(jar))]
    command = [
        str(java / "bin/java"),
        *("-Xms512m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        *("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
        *("-cp", os.pathsep.join([str(classes / "TestNode"), *server]), "TestNode", str(home), *settings),
    ]
    with (home / "output.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    last: object = None
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError) as error:
            last = error
        time.sleep(0.2)
    logs = "\n".join(path.read_text(errors="replace")[-3000:] for path in folder.glob("n*/output.log"))
    raise NoNode(f"the node doesn't answer: {last}\n{logs}")


def _java() -> Path:
    """The home of a JDK that is new enough."""
    homes = [Path(home) for home in [os.environ.get("JAVA_HOME", "")] if home]
    if found := shutil.which("javac"):
        homes.append(Path(found).resolve().parent.parent)
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        release = home / "release"
        if release.exists() and (home / "bin/javac").exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8", errors="replace"))
            if version and int(version[1]) >= JDK:
                return home
    raise NoNode(f"no JDK {JDK} or newer (set JAVA_HOME, or DUNWATCH_TEST_ES to a running server)")


def _jars() -> list[Path]:
    """The jars of pom.xml, fetched by Maven the first time."""
    listed = BUILT / "classpath.txt"
    pom = HERE / "pom.xml"
    if not listed.exists() or listed.stat().st_mtime < pom.stat().st_mtime:
        if not shutil.which("mvn"):
            raise NoNode("no Maven (or set DUNWATCH_TEST_ES to a running server)")
        BUILT.mkdir(parents=True, exist_ok=True)
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath"
        command = ["mvn", "-q", "-B", "-f", str(pom), goal, f"-Dmdep.outputFile={listed}.new"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise NoNode(f"Maven failed: {(done.stdout + done.stderr)[-2000:]}")
        Path(f"{listed}.new").replace(listed)
    jars = [Path(jar) for jar in listed.read_text(encoding="utf-8").strip().split(os.pathsep)]
    if not all(jar.exists() for jar in jars):
        listed.unlink()
        return _jars()
    return jars


def _classes(java: Path, jars: list[Path]) -> Path:
    """Our two classes, compiled, each in a folder of its own: a module's class may not be on the class path too."""
    classes = BUILT / "classes"
    path = os.pathsep.join(str(jar) for jar in jars)
    for name in ("TestNode", "CjkPlugin"):
        source, made = HERE / f"{name}.java", classes / name / f"{name}.class"
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            command = [str(java / "bin/javac"), "-nowarn", "-cp", path, "-d", str(made.parent), str(source)]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
    return classes


def _home(home: Path, jars: list[Path], classes: Path) -> Path:
    """The folder that a node expects: modules with descriptors, and empty config, plugins and lib."""
    for name in ("config", "plugins", "lib", "modules/transport-netty4", "modules/analysis-cjk"):
        (home / name).mkdir(parents=True)
    version = next(match[1] for jar in jars if (match := re.fullmatch(r"elasticsearch-(\d[\d.]+)\.jar", jar.name)))
    netty = home / "modules/transport-netty4"
    for jar in jars:
        if _NOT_SERVER.search(str(jar)):
            (netty / jar.name).symlink_to(jar)
    cjk = home / "modules/analysis-cjk"
    shutil.make_archive(str(cjk / "cjk"), "zip", classes / "CjkPlugin")
    (cjk / "cjk.zip").rename(cjk / "cjk.jar")
    for folder, classname in ((netty, "org.elasticsearch.transport.netty4.Netty4Plugin"), (cjk, "CjkPlugin")):
        text = _DESCRIPTOR.format(name=folder.name, classname=classname, version=version)
        (folder / "plugin-descriptor.properties").write_text(text, encoding="ascii")
    return home


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for it in sockets:
            it.bind(("127.0.0.1", 0))
        return [int(it.getsockname()[1]) for it in sockets]
