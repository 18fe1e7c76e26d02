"""Sums of the logarithms of words, without a compiler; compiled_weights.pyx does the same three times faster."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from indexer.meaning.tables import FIRST, LAST

_FIRST, _AFTER = chr(FIRST), chr(LAST + 1)


class Weights:
    """Logarithms of words and of pairs of them. Immutable; thread-safe.

    A word of which `logs` holds None doesn't count; one that it doesn't hold has those of `unseen`. `with_pairs`: names
    in `logs` with a blank are pairs of words.
    """

    def __init__(
        self, logs: Mapping[str, tuple[float, float] | None], unseen: tuple[float, float], with_pairs: bool = False
    ) -> None:
        self._logs, self._unseen, self._with_pairs = logs, unseen, with_pairs

    def add_up(self, words: list[str], start: tuple[float, float]) -> tuple[int, float, float]:
        """How many of the words count, and the sums of their two logarithms on top of `start`.

        So do the pairs of neighbouring words that are known. Words have no blanks.
        """
        count, (negative, positive) = 0, start
        known = [*words, *(it for it in pairs(words) if it in self._logs)] if self._with_pairs else words
        for word in known:
            logs = self._logs.get(word, self._unseen)
            if logs is not None:
                negative += logs[0]
                positive += logs[1]
                count += 1
        return count, negative, positive


def pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring Chinese words, stop words too, as they are named in a model that has learned them."""
    return [f"{one} {other}" for one, other in pairwise(words) if _FIRST <= one < _AFTER and _FIRST <= other < _AFTER]
