"""What the pieces of one to three characters of a text add up to: the sums of naive Bayes and logistic regression.

`Pieces` is that of compiled_pieces.pyx, or of plain_pieces.py where that could not be built; both give the same.
"""

try:
    from indexer.meaning.compiled_pieces import Pieces
except ImportError:
    from indexer.meaning.plain_pieces import Pieces  # type: ignore[assignment]

__all__ = ["PIECES", "Pieces"]

PIECES = 3
"""Characters of the longest piece."""
