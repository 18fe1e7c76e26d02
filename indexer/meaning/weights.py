"""What the words of a text add up to: the sums of snownlp's naive Bayes.

`Weights` is that of compiled_weights.pyx, or of plain_weights.py where that could not be built; both give the same.
"""

try:
    from indexer.meaning.compiled_weights import Weights
except ImportError:
    from indexer.meaning.plain_weights import Weights  # type: ignore[assignment]

__all__ = ["Weights"]
