"""The data directory and the key in it are for their owner only, and the key is made once."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.datadir import DataDir
from indexer.state import StateError


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "data")
    data.key()
    (data.path / "state.sqlite").touch(0o644)
    with data.state():
        held = [*data.path.glob("state.sqlite*")]
        assert len(held) == 3, "the file, what is written ahead of it, and the index of that"
        assert {mode(file) for file in held} == {"-rw-------"}
    assert mode(data.path) == "drwx------"
    assert mode(data.path / "secret.key") == "-rw-------"


def test_the_key_stays_the_same(tmp_path: Path) -> None:
    assert DataDir(tmp_path).key() == DataDir(tmp_path).key()


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    code = "from indexer.datadir import DataDir; from pathlib import Path; print(DataDir(Path('d')).key().hex())"
    children = [
        subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({child.communicate(timeout=60)[0] for child in children}) == 1


def test_the_environment_gives_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWATCH_KEY", "a key of the team")
    assert DataDir(tmp_path).key() == b"a key of the team"
    assert not (tmp_path / "secret.key").exists()


def test_a_look_leaves_nothing_behind(tmp_path: Path) -> None:
    DataDir(tmp_path / "data").key(create=False)
    assert not (tmp_path / "data").exists()


def test_a_broken_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("not hex")
    with pytest.raises(StateError, match=r"secret\.key: no usable key"):
        DataDir(tmp_path).key()


def test_a_data_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StateError, match="can't be used"):
        DataDir(tmp_path / "data").state()
