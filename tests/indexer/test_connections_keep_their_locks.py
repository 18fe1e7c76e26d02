"""Connections of one process to the state file come and go; the others keep what they hold against other processes."""

import subprocess
import sys
from pathlib import Path

from indexer.state import State


def test_another_process_that_closes_last_does_not_take_the_log_away(tmp_path: Path) -> None:
    with State(tmp_path) as first:
        first.reject(stage="fetch", source="s", url="u", reason="before")
        with State(tmp_path):
            pass
        code = "import sys; from pathlib import Path; from indexer.state import State; State(Path(sys.argv[1])).close()"
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
        assert (tmp_path / "state.sqlite-wal").stat().st_size > 0, "it is taken away where nobody holds the file"
        first.reject(stage="fetch", source="s", url="u", reason="after")
    with State(tmp_path) as again:
        assert [it["reason"] for it in again.db.execute("select reason from rejected")] == ["before", "after"]
        assert again.db.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_who_only_looks_waits_for_no_writer(tmp_path: Path) -> None:
    with State(tmp_path) as writing:
        writing.reject(stage="fetch", source="s", url="u", reason="done")
        looking = "import sys; from pathlib import Path; from indexer.state import State\n"
        looking += "print(*State(Path(sys.argv[1])).db.execute('select reason from rejected').fetchone())"
        with writing.transaction():
            told = subprocess.run([sys.executable, "-c", looking, str(tmp_path)], capture_output=True, timeout=30)
        assert (told.returncode, told.stdout.strip()) == (0, b"done")
