"""Who speaks in a text: somebody who suffered, a journalist, an advertiser, an explainer, or the lender itself."""

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from indexer.configfile import load
from indexer.document import Practice, Voice
from indexer.meaning.lenders import Regex
from indexer.post import Kind

MOST_PRACTICES = 5
"""Asserted practices beyond this many say nothing more about who speaks."""
READ = 6_000
"""Characters of a body that decide: who speaks shows early, and hostile length must not cost time."""


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Cue(_Checked):
    cue: Regex
    weight: float
    most: int = Field(ge=1)


class _Cues(_Checked):
    bias: float
    text: tuple[_Cue, ...]
    title: tuple[_Cue, ...] = ()


class _Model(_Checked):
    generated: Regex
    voices: dict[Voice, _Cues]
    kinds: dict[Kind, dict[Voice, float]]
    asserted: dict[Voice, float]
    impersonal: dict[Voice, float]
    first_person: Regex


@cache
def _model() -> _Model:
    return load(Path(__file__).with_name("voice.yaml"), _Model)


def voice(title: str, body: str, practices: tuple[Practice, ...], *, kind: Kind, notes: str = "") -> tuple[Voice, bool]:
    """Who speaks, and whether the text says itself that it is a sample or machine-made.

    `practices` are those found in the same text; `notes` are lines that were removed from the body as furniture.
    """
    scores = evidence(title, body, practices, kind=kind)
    generated = re.search(_model().generated, f"{title}\n{body}\n{notes}") is not None
    return max(scores, key=lambda it: scores[it]), generated


def evidence(title: str, body: str, practices: tuple[Practice, ...], *, kind: Kind) -> dict[Voice, float]:
    """The sum of weights for each voice, higher is likelier: a transparent scored rule model."""
    model = _model()
    text = f"{title}\n{body[:READ]}"
    asserted = min(MOST_PRACTICES, sum(it.stance == "asserted" for it in practices))
    impersonal = re.search(model.first_person, text) is None
    return {
        speaker: cues.bias
        + _count(cues.text, text)
        + _count(cues.title, title)
        + model.kinds.get(kind, {}).get(speaker, 0.0)
        + model.asserted.get(speaker, 0.0) * asserted
        + model.impersonal.get(speaker, 0.0) * impersonal
        for speaker, cues in model.voices.items()
    }


def _count(cues: tuple[_Cue, ...], text: str) -> float:
    total = 0.0
    for cue in cues:
        found = sum(1 for _, _ in zip(range(cue.most), re.finditer(cue.cue, text, re.M), strict=False))
        total += cue.weight * found
    return total
