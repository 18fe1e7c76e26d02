"""Sums of weights of the pieces of a text, without a compiler; compiled_pieces.pyx does the same ten times faster."""

from collections.abc import Iterable, Sequence

import numpy as np
from ahocorasick_rs import AhoCorasick


class Pieces:
    """A table of pieces with their weights, open to any text. Immutable; thread-safe.

    A row of `weights` (hundredths, a column for each thing that is told) belongs to each of `pieces`, which are of one
    to three characters; rows beyond those belong to what else a text may have. `start` is the sum where nothing is.
    """

    def __init__(self, pieces: Sequence[str], weights: Sequence[Sequence[int]], start: Sequence[int]) -> None:
        self._weights = np.array(weights, dtype=np.int64).reshape(len(weights), len(start))
        self._start = np.array(start, dtype=np.int64)
        self._automaton = AhoCorasick(list(pieces))

    def sums(self, text: str, starts: list[int], also: Iterable[tuple[int, int]] = ()) -> list[list[float]]:
        """For each stretch of `text`, in order, the sum of each column over what is in it, each row once.

        Stretches begin at `starts`, but for the first, which begins with the text; a piece is where it begins. `also`
        are other rows and their places, in order of place. Sums are of whole hundredths: no order changes them.
        """
        rows = [*also, *((row, at) for row, at, _ in self._matches(text))]
        found = np.tile(self._start, (len(starts), 1))
        if starts and rows:
            which, where = np.array(rows, dtype=np.intp).T
            stretches = np.maximum(np.searchsorted(np.array(starts), where, side="right") - 1, 0)
            stretches, which = np.divmod(np.unique(stretches * len(self._weights) + which), len(self._weights))
            np.add.at(found, stretches, self._weights[which])
        return [[it / 100 for it in row] for row in found.tolist()]

    def found(self, text: str, column: int) -> list[tuple[int, int, int]]:
        """The weight in `column` (hundredths) of each piece in `text`, where it begins and ends; in order of end."""
        weights = self._weights[:, column]
        return [(int(weights[row]), start, end) for row, start, end in self._matches(text)]

    def _matches(self, text: str) -> list[tuple[int, int, int]]:
        return self._automaton.find_matches_as_indexes(text, overlapping=True)
