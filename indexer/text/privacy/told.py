"""What of the web goes into logs: masked as a text is before it is indexed."""

from functools import cache

from indexer.text.privacy.masker import Masker


def told(text: str) -> str:
    """An address or a reason as logs and `dunwatch rejected` may show it, without anybody's number or name."""
    return _masker().mask(text).text


@cache
def _masker() -> Masker:
    """Made when there is first something to tell, as that takes a while."""
    return Masker(b"")
