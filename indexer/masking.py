"""The Masker of a configuration: whatever is indexed or leaves dunwatch is masked by one made here."""

from collections.abc import Sequence

from indexer.meaning.lenders import Lenders
from indexer.text.privacy import Masker


def masker_of(hotlines: Sequence[str], lenders: Lenders | None, key: bytes = b"") -> Masker:
    """It spares `hotlines` and the names of `lenders`; `key` is that of the keyed hashes."""
    return Masker(key, keep=hotlines, spare=lenders.names if lenders else ())
