"""snownlp's word segmentation, many times faster; the words are the same, and a test holds that.

snownlp works out 64 probabilities for each character anew, from dictionaries of counts. Here they come from tables
(tables.py), and the best tags are found by compiled.pyx, or by plain.py where that could not be built.
"""

from functools import cache

from indexer.meaning.tables import tables

try:
    from indexer.meaning.compiled import Decoder
except ImportError:
    from indexer.meaning.plain import Decoder  # type: ignore[assignment]

__all__ = ["segment"]


def segment(text: str) -> list[str]:
    """The words of `text`, as snownlp's `seg.seg` gives them. The first call loads the tables."""
    return _decoder().segment(text)


@cache
def _decoder() -> Decoder:
    return Decoder(tables())
