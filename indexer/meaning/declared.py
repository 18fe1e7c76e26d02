"""config/practices.yaml, checked: which practices there are and the words, phrases and frames that tell of them."""

from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from indexer.configfile import load
from indexer.document import Severity
from indexer.meaning.frames import slots
from indexer.meaning.hours import Hours
from indexer.meaning.lenders import Regex
from indexer.meaning.phrases import compiled, expanded, groups_of, well_formed

Phrase = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(well_formed)]
Listed = Annotated[tuple[Phrase, ...], BeforeValidator(lambda it: it.split() if isinstance(it, str) else it)]
"""Words with blanks between them."""
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-4]):[0-5]\d$")]
COMPUTED = frozenset({"outside_hours", "lender", "debt", "elsewhere"})
"""Classes that no words of the file make: clock times outside the permitted hours, names of lenders, plain talk of debt
and talk of something else."""


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Crosswalk(_Checked):
    """Where the CFPB's consumer complaint database (product: debt collection) would file the practice."""

    issue: str
    sub_issue: str | None = None

    @model_validator(mode="after")
    def _on_the_form(self) -> Self:
        issues = _form().issues
        if self.issue not in issues:
            raise ValueError(f"{self.issue!r} is no issue of the form; it has {', '.join(issues)}")
        if self.sub_issue is not None and self.sub_issue not in issues[self.issue]:
            raise ValueError(f"{self.sub_issue!r} is no sub-issue of it; it has {'; '.join(issues[self.issue])}")
        return self


class _Form(_Checked):
    """cfpb.yaml: the form's issues, each with its sub-issues."""

    version: str
    issues: dict[str, tuple[str, ...]]


@cache
def _form() -> _Form:
    return load(Path(__file__).with_name("cfpb.yaml"), _Form)


class Rule(_Checked):
    """A clause of law or of an industry's rules that a user cites against the practice, as it stood in `version`."""

    text: str
    clause: str
    version: str
    source: str


class Permitted(_Checked):
    """When collection is permitted, in local time."""

    begin: Clock
    end: Clock

    @property
    def hours(self) -> Hours:
        begin, end = (60 * int(it[:2]) + int(it[3:]) for it in (self.begin, self.end))
        return Hours(begin, end)


class Declared(_Checked):
    """A practice as declared."""

    id: str = Field(min_length=2, max_length=20)
    severity: Severity
    description: str
    cfpb: Crosswalk
    phrases: tuple[Phrase, ...] = ()
    weak: tuple[Phrase, ...] = ()
    frames: tuple[str, ...] = ()
    weak_frames: tuple[str, ...] = ()
    not_: tuple[Phrase, ...] = Field(default=(), alias="not")
    yields_to: tuple[str, ...] = ()
    """Practices that say more: where one of them is told in the same place, this one isn't counted."""
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _told_somehow(self) -> Self:
        if not (self.phrases or self.weak or self.frames or self.weak_frames):
            raise ValueError("phrases or frames must tell of it")
        return self


class Elsewhere(_Checked):
    """What marks a text on something else: `topics`, unless it speaks plainly of debt."""

    topics: Regex
    unless: Regex


class PracticesFile(_Checked):
    """config/practices.yaml."""

    permitted_hours: Permitted
    debt: Regex
    elsewhere: Elsewhere | None = None
    own: Regex | None = None
    own_act: Regex | None = None
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    words: dict[str, Listed] = Field(default_factory=dict)
    patterns: dict[str, Regex] = Field(default_factory=dict)
    decoys: Listed = ()
    practices: tuple[Declared, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [practice.id for practice in self.practices]
        for repeated in {it for it in ids if ids.count(it) > 1}:
            raise ValueError(f"practice {repeated!r} is declared twice")
        for practice in self.practices:
            for other in practice.yields_to:
                if other not in ids:
                    raise ValueError(f"{practice.id}: yields to {other!r}, which is not declared")
            for phrase in (*practice.phrases, *practice.weak, *practice.not_):
                self._known_groups(practice.id, phrase)
                if "" in compiled(phrase, self.groups).heads:
                    raise ValueError(f"{practice.id}: {phrase!r} may begin with nothing")
            for text in (*practice.frames, *practice.weak_frames):
                self._known_classes(practice.id, text)
        for name, phrases in self.words.items():
            for phrase in phrases:
                self._known_groups(name, phrase)
        return self

    def _known_groups(self, owner: str, phrase: str) -> None:
        for group in groups_of(phrase):
            if group not in self.groups:
                raise ValueError(f"{owner}: {phrase!r} names the group {group!r}, which is not declared")

    def _known_classes(self, owner: str, text: str) -> None:
        for name in slots(text):
            if name not in {*self.words, *self.patterns, *COMPUTED}:
                raise ValueError(f"{owner}: {text!r} names the class {name!r}, which is not declared")

    @property
    def rules(self) -> dict[str, tuple[Rule, ...]]:
        """Practice → the clauses that are cited against it."""
        return {practice.id: practice.rules for practice in self.practices}

    def class_words(self) -> dict[str, tuple[str, ...]]:
        """The words of each class, written out."""
        return {
            name: tuple(word for phrase in phrases for word in expanded(phrase, self.groups))
            for name, phrases in self.words.items()
        }

    def decoy_words(self) -> tuple[str, ...]:
        """The decoys, written out."""
        return tuple(word for phrase in self.decoys for word in expanded(phrase, self.groups))
