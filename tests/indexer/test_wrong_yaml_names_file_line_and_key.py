"""A mistake in a configuration file is told with file, line, key and what was expected."""

from pathlib import Path

import pytest

from indexer.configfile import ConfigError
from indexer.settings import Settings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "web:\n  port: 99999\n",
            "dunwatch.yaml:2: web.port: Input should be less than or equal to 65535, found 99999",
        ),
        ("# a comment\nstorre: embedded\n", "dunwatch.yaml:2: storre: unknown key"),
        ("timezone: Mars/Olympus\n", "dunwatch.yaml:1: timezone: expected an IANA time zone such as Asia/Shanghai"),
        ("web: [1, 2\n", "dunwatch.yaml:2: not valid YAML"),
        (
            "keep_hotlines:\n  - '95533'\n  - {a: 1}\n",
            "dunwatch.yaml:3: keep_hotlines[1]: Input should be a valid string",
        ),
        ("just words\n", "dunwatch.yaml:1: the file: Input should be a valid dictionary"),
        ("web: {port: 1}\nweb: {port: 2}\n", "dunwatch.yaml:2: not valid YAML"),
    ],
)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "dunwatch.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Settings.load(tmp_path)
    assert told in str(error.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "dunwatch.yaml").write_text("jobs: -1\nweb:\n  host: 5\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Settings.load(tmp_path)
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["1", "3"]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "dunwatch.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="can't be read"):
        Settings.load(tmp_path)


def test_without_a_file_the_defaults_hold_and_the_shipped_file_says_the_same(tmp_path: Path) -> None:
    assert Settings.load(tmp_path) == Settings() == Settings.load(Path("config"))
