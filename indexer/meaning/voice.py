"""Who speaks in a text: somebody who suffered, a journalist, an advertiser, an explainer, or the lender itself.

Two things are added: weighted cues that people wrote (voice.yaml), and what naive Bayes learned of the pieces of one to
three characters in labelled texts (voice.txt, made by `python -m bench.meaning train`). docs/meaning.md has figures.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from indexer.configfile import load
from indexer.document import Practice, Voice
from indexer.meaning.lenders import Regex
from indexer.meaning.pieces import Pieces
from indexer.post import Kind
from indexer.text.sieve import Sieve

MOST_PRACTICES = 5
"""Asserted practices beyond this many say nothing more about who speaks."""
READ = 6_000
"""Characters of a body that decide: who speaks shows early, and hostile length must not cost time."""
LEARNED = 0.08
"""Weight of what was learned against the cues, chosen on texts that neither had seen."""
MOST_PIECES = 150
"""A longer text is no surer than one of so many known pieces, about those of the texts that were learned from."""
VOICES: tuple[Voice, ...] = ("complaint", "news", "promotion", "guide", "statement")
"""The order of the columns of voice.txt."""
_NUMBER = re.compile(r"\d+")


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
    learned = _learned(text)
    told, titled = (counter.weights(it) for counter, it in zip(_counters(), (text, title), strict=True))
    return {
        speaker: cues.bias
        + LEARNED * learned[speaker]
        + told.get(speaker, 0.0)
        + titled.get(speaker, 0.0)
        + model.kinds.get(kind, {}).get(speaker, 0.0)
        + model.asserted.get(speaker, 0.0) * asserted
        + model.impersonal.get(speaker, 0.0) * impersonal
        for speaker, cues in model.voices.items()
    }


def plain(text: str) -> str:
    """`text` with one digit for all numbers."""
    return _NUMBER.sub("0", text)


@cache
def _pieces() -> Pieces:
    """A column for each of VOICES, and one that counts the known pieces."""
    lines = Path(__file__).with_name("voice.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("# ")]
    weights = [[*(int(weight) for weight in weights), 100] for _, *weights in rows]
    return Pieces([piece for piece, *_ in rows], weights, [0] * (len(VOICES) + 1))


def _learned(text: str) -> dict[Voice, float]:
    """Log-odds of each voice by the known pieces of `text`."""
    [[*sums, known]] = _pieces().sums(plain(text), [0])
    scale = min(1.0, MOST_PIECES / known) if known else 0.0
    return {speaker: scale * it for speaker, it in zip(VOICES, sums, strict=True)}


class _Counter:
    """Adds up what the cues of each voice weigh in a text."""

    def __init__(self, cues: Mapping[Voice, tuple[_Cue, ...]]) -> None:
        self._cues = [(speaker, re.compile(it.cue, re.M), it) for speaker, its in cues.items() for it in its]
        self._sieve = Sieve([pattern for _, pattern, _ in self._cues])

    def weights(self, text: str) -> Mapping[Voice, float]:
        """The sum of each voice that has any, each cue counted so often at `most`."""
        total: dict[Voice, float] = defaultdict(float)
        for number in sorted(self._sieve.passed(text)):
            speaker, pattern, cue = self._cues[number]
            total[speaker] += cue.weight * len(list(islice(pattern.finditer(text), cue.most)))
        return total


@cache
def _counters() -> tuple[_Counter, _Counter]:
    """Of the whole text, and of the title."""
    voices = _model().voices
    return (
        _Counter({speaker: cues.text for speaker, cues in voices.items()}),
        _Counter({speaker: cues.title for speaker, cues in voices.items()}),
    )
