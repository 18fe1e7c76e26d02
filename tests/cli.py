"""Runs dunwatch as a person does: a process of its own, in a data directory of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def arguments(data: Path, *words: str | Path, config: Path | None = None) -> list[str]:
    """The command line of `dunwatch words…` on that data directory."""
    place = ["--data", str(data), "--config", str(config or ROOT / "config")]
    return [sys.executable, "-m", "dunwatch", *map(str, words), *place]


def dunwatch(data: Path, *words: str | Path, config: Path | None = None, stdin: str = "") -> Outcome:
    """Run the command to its end; its traceback, if there is one, is a failure of the test."""
    done = subprocess.run(
        arguments(data, *words, config=config),
        input=stdin.encode(),
        capture_output=True,
        timeout=180,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in outcome.err, outcome.err
    return outcome
