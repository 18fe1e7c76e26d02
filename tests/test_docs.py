"""The documents say what the program does: fields, commands, links and the two commands of the README."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Group

from docs.fields import table
from dunwatch import cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_the_table_of_fields_is_the_one_in_the_code() -> None:
    assert table() in (ROOT / "docs/fields.md").read_text(encoding="utf-8"), "run: python -m docs.fields"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_documents_name_exist(page: Path) -> None:
    named = r"`((?:crawler|indexer|config|tests|bench|docs|\.ci)/[\w./-]+\.\w+)`"
    for path in re.findall(named, page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), f"{page.name} names {path}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_command_of_the_readme_exists_and_every_command_is_in_the_readme(name: str) -> None:
    told = set(re.findall(r"dunwatch ([a-z]+)\b", (ROOT / name).read_text(encoding="utf-8")))
    told -= {"is", "does", "keeps", "watches", "itself"}
    help_text = subprocess.run(
        [sys.executable, "-m", "dunwatch", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    commands = set(re.findall(r"^  ([a-z]+) ", help_text.partition("Commands:")[2], re.MULTILINE))
    assert commands
    assert commands == told


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_command_of_a_group_is_in_the_readme(name: str) -> None:
    groups = {name: command for name, command in cli.commands.items() if isinstance(command, Group)}
    told = set(re.findall(rf"`dunwatch ((?:{'|'.join(groups)}) [a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert told == {f"{group} {command}" for group, it in groups.items() for command in it.commands}


def test_the_readme_has_exactly_two_commands_to_begin_with() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    begin = readme.partition("## Start")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", begin, re.DOTALL)
    assert [line.partition("#")[0].strip() for line in block.splitlines()] == ["make run", "make test"]


def test_no_machine_or_registry_is_named() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if (
            path.suffix in {".md", ".py", ".yaml", ".toml", ".lock", ".txt", ""}
            and path.is_file()
            and path.stat().st_size < 1e6
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not re.search(r"/(?:root|work)/\w|--(?:extra-)?index[-]url|--find[-]links", text), name
