"""stance.yaml, checked: cues of stance."""

from pydantic import BaseModel, ConfigDict

from indexer.meaning.lenders import Regex


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Denied(_Checked):
    """What negates."""

    hidden: Regex
    strong: Regex
    near: Regex
    filler: Regex
    breaks: Regex
    after: Regex
    after_rule: Regex
    actor: Regex
    rumour: Regex
    rebutted: Regex
    announced: tuple[str, ...]
    to_nothing: Regex
    undone: dict[str, Regex]
    promise: Regex
    demand: Regex
    broken: Regex


class Possible(_Checked):
    """What softens."""

    before: Regex
    after: Regex
    clause: Regex
    consequence: Regex
    advice: Regex
    spared: tuple[str, ...]
    threats: Regex


class Cues(_Checked):
    """stance.yaml."""

    resets: Regex
    contrasts: Regex
    not_negations: Regex
    denied: Denied
    possible: Possible
    rhetorical: tuple[str, ...]
    refusals: dict[str, Regex]
    question: Regex
    reproach: Regex
    happened: Regex
    firm: Regex
