"""What config/ declares, as far as the pages show it: lenders and practices."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self, get_args

from indexer.configfile import load
from indexer.document import Stance
from indexer.meaning.declared import Declared, PracticesFile, Rule
from indexer.meaning.lenders import Lender, LendersFile
from indexer.store.base import MOST_VALUES


@dataclass(frozen=True)
class Known:
    """The lenders and practices that are declared; documents may name others, of an earlier configuration."""

    lenders: tuple[Lender, ...] = ()
    practices: tuple[Declared, ...] = ()

    @classmethod
    def load(cls, config: Path) -> Self:
        """Those of the folder's lenders.yaml and practices.yaml. Raises ConfigError."""
        return cls(
            load(config / "lenders.yaml", LendersFile).lenders, load(config / "practices.yaml", PracticesFile).practices
        )

    @cached_property
    def rules(self) -> dict[str, tuple[Rule, ...]]:
        """Practice → the clauses that are cited against it."""
        return {practice.id: practice.rules for practice in self.practices}

    @cached_property
    def severity(self) -> dict[str, str]:
        return {practice.id: practice.severity for practice in self.practices}

    @cached_property
    def unlawful(self) -> tuple[str, ...]:
        """Values of the filter `stance` that accuse of something unlawful."""
        return tuple(f"{practice.id}:asserted" for practice in self.practices if practice.severity == "unlawful")

    @cached_property
    def most_values(self) -> int:
        """Values of a facet to ask a store for, so that every practice is told with every stance."""
        return max(MOST_VALUES, len(self.practices) * len(get_args(Stance)))

    def lender(self, id: str) -> Lender | None:
        return next((lender for lender in self.lenders if lender.id == id), None)

    def practice(self, id: str) -> Declared | None:
        return next((practice for practice in self.practices if practice.id == id), None)

    def peers(self, id: str) -> tuple[str, ...]:
        """Lenders of the same kind, itself left out."""
        own = self.lender(id)
        return tuple(it.id for it in self.lenders if own and it.kind == own.kind and it.id != id)
