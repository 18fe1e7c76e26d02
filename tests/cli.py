"""Runs dunwatch as a person does: a process of its own, in a data directory of its own."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 180
"""Seconds that a command may take."""
_IMPORTED = ["__main__", "dunwatch", "indexer.analyse", "indexer.indexing", "crawler.files", "crawler.crawl"]
# Commands are forked from one process that has imported what they need, which would take most of the time of each.
_forks = get_context("forkserver")
_forks.set_forkserver_preload(_IMPORTED)


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
    return forked(_dunwatch, arguments(data, *words, config=config)[2:], stdin)


def forked(main: Callable[[Sequence[str]], object], words: Sequence[str], stdin: str = "") -> Outcome:
    """Run a program's `main` with its command line to its end."""
    with TemporaryDirectory() as folder:
        ends = [Path(folder, name) for name in ("stdin", "stdout", "stderr")]
        ends[0].write_text(stdin, encoding="utf-8")
        process = _forks.Process(target=_begin, args=(main, words, dict(os.environ), ends))
        process.start()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            raise TimeoutError(f"{' '.join(words)}: still there after {PATIENCE} s")
        out, err = (end.read_text(encoding="utf-8") for end in ends[1:])
    assert "Traceback" not in err, err
    return Outcome(process.exitcode or 0, out, err)


def _begin(main: Callable[[Sequence[str]], object], words: Sequence[str], environment: Mapping[str, str],
           ends: Sequence[Path]) -> None:  # fmt: skip
    for number, end in enumerate(ends):
        os.dup2(os.open(end, os.O_RDWR | os.O_CREAT), number)
    modes = zip(range(3), "rww", strict=True)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, encoding="utf-8") for number, mode in modes)
    os.environ.clear()
    os.environ.update(environment, PYTHONPATH=str(ROOT), PYTHONUTF8="1")
    main(words)


def _dunwatch(words: Sequence[str]) -> None:
    from dunwatch import main

    sys.argv = list(words)
    main()
