"""Finds many words in a text at once.

`Words` is that of compiled_words.pyx, or of plain_words.py where that could not be built; both give the same.
"""

try:
    from indexer.text.compiled_words import Words
except ImportError:
    from indexer.text.plain_words import Words  # type: ignore[assignment]

__all__ = ["Words"]
