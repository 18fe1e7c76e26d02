"""How a text feels about lenders and collection: snownlp on the sentences that speak of them, combined so as to rank.

snownlp's naive Bayes on a whole article says 0 or 1, as every word adds evidence. Here each sentence is scored on its
own, by a model retrained for this field (indexer/meaning/model/), and its log-odds are divided by the root of its
length. A score says what share of the texts with that score are positive, neutral ones counted half.
docs/sentiment.md has the figures.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.document import Sentence, SentimentLabel, Voice
from indexer.meaning.bayes import Bayes
from indexer.meaning.segment import segment
from indexer.text.sentences import Span, sentences

MODEL = Path(__file__).parent / "model/sentiment.marshal.3"
NEGATIVE_BELOW, POSITIVE_FROM = 0.35, 0.65
"""Bounds of the labels, chosen on tests/data/sentiment/tune.tsv."""
CENTRE = 0.15
"""Added to a sentence's log-odds, so that scores are shares: fitted (with a factor, which came out as 1.0) to the
tuning half, to reviews, and to the field's sentences by a model trained without them, a third each."""
DRIFT = 0.5
"""Added for a text of many sentences: the more there are, the lower the worst of them lie even in a neutral text."""
CALM = ("guide", "promotion")
CALMED = 0.4
"""Guides and advertisements speak of good and bad without feeling either: their log-odds count for less."""
MOST_SENTENCES = 60
"""Sentences that are scored; the rest of a very long text says no more about it."""
LONGEST = 300
"""Characters of a sentence that are scored."""
WORST_SHARE = 1 / 3
"""The worst third of the sentences counts once more: one threat outweighs ten facts."""
WORST_WEIGHT = 0.2


@dataclass(frozen=True)
class Scored:
    """Sentiment of a text from 0 (most negative) to 1, its label, and the sentence of the body that speaks worst."""

    sentiment: float
    label: SentimentLabel
    worst: Sentence | None


class Sentiment:
    """Scores texts; made once. `model` is a file that snownlp's `save` wrote."""

    def __init__(self, model: Path = MODEL) -> None:
        self._model = _loaded(model)

    def score(self, title: str, body: str, *, about: Sequence[Span] = (), speaker: Voice = "complaint") -> Scored:
        """The sentiment of the sentences that hold a span of `about` (offsets into body) or stand beside one."""
        spans = spoken(body, about)
        scored = [(self.log_odds(body[span.start : span.end]), span) for span in spans]
        odds = [value for value, _ in scored] + ([self.log_odds(title)] if title else [])
        if not odds:
            return Scored(0.5, "neutral", None)
        combined = _combined(odds) + CENTRE + DRIFT * (1 - 1 / len(odds))
        sentiment = round(_probability(combined * (CALMED if speaker in CALM else 1)), 4)
        return Scored(sentiment, label(sentiment), _worst(body, scored))

    def sentence(self, text: str) -> float:
        """The sentiment of one sentence, 0 to 1."""
        return _probability(self.log_odds(text) + CENTRE)

    def log_odds(self, text: str) -> float:
        """Log-odds of being positive, for each root of a word."""
        found = self._model.weigh(segment(text[:LONGEST]))
        return found.log_odds / math.sqrt(found.words) if found.words else 0.0


def label(sentiment: float) -> SentimentLabel:
    if sentiment < NEGATIVE_BELOW:
        return "negative"
    return "positive" if sentiment >= POSITIVE_FROM else "neutral"


def spoken(body: str, about: Sequence[Span]) -> list[Span]:
    """The sentences that are scored: those that overlap what the text is about, and those beside them; all where none
    does."""
    spans = list(sentences(body))
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    chosen = [False] * len(spans)
    for it in about:
        for place in range(bisect_right(ends, it.start), bisect_left(starts, it.end)):
            chosen[place] = True
    near = [any(chosen[max(0, place - 1) : place + 2]) for place in range(len(spans))]
    return ([span for span, wanted in zip(spans, near, strict=True) if wanted] or spans)[:MOST_SENTENCES]


def _combined(odds: Iterable[float]) -> float:
    """The mean of all and that of the worst third, as log-odds, so that documents still rank."""
    ordered = sorted(odds)
    worst = ordered[: max(1, round(len(ordered) * WORST_SHARE))]
    return (1 - WORST_WEIGHT) * sum(ordered) / len(ordered) + WORST_WEIGHT * sum(worst) / len(worst)


def _worst(body: str, scored: Sequence[tuple[float, Span]]) -> Sentence | None:
    if not scored:
        return None
    odds, span = min(scored)
    text = body[span.start : span.end]
    return Sentence(text=text, score=round(_probability(odds + CENTRE), 4), start=span.start, end=span.end)


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


@cache
def _loaded(model: Path) -> Bayes:
    return Bayes(model)
