"""Lenders and practices in alerts.yaml: a name that is none would never be told of, so it is refused."""

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from indexer.configfile import load

Names = Callable[[], Collection[str]]


def declared(config: Path) -> Mapping[str, Names]:
    """What is declared in a folder of configuration, read when the first name is checked; for pydantic's context."""

    @cache
    def lenders() -> Collection[str]:
        from indexer.meaning.lenders import LendersFile  # takes its time to import

        return [it.id for it in load(config / "lenders.yaml", LendersFile).lenders]

    @cache
    def practices() -> Collection[str]:
        from indexer.meaning.declared import PracticesFile

        return [it.id for it in load(config / "practices.yaml", PracticesFile).practices]

    return {"lender": lenders, "practice": practices}


def _known(kind: str) -> Callable[[str, ValidationInfo], str]:
    def check(name: str, info: ValidationInfo) -> str:
        if info.context and name not in (names := info.context[kind]()):
            near = get_close_matches(name, names, 1, 0.3)
            raise ValueError(f"no {kind} is called that" + (f"; {near[0]} is" if near else ""))
        return name

    return check


LenderName = Annotated[str, AfterValidator(_known("lender"))]
PracticeName = Annotated[str, AfterValidator(_known("practice"))]
