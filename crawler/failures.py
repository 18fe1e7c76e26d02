"""What goes wrong with a page on its way here, in a word or two."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.middlewares import NotModified, Refused
from crawler.robots import NoRobots

AWAY = (NoRobots, CannotResolveHostError, DownloadConnectionRefusedError)
"""What says that a whole site is away: none of its pages is given up for that."""

_KINDS: dict[type[BaseException], str] = {
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too large",
    ResponseDataLossError: "cut off",
    CannotResolveHostError: "unknown host",
    DownloadConnectionRefusedError: "connection refused",
    Refused: "refused",
    NotModified: "http 304",
    NoRobots: "no robots.txt",
}


def kind_of(error: BaseException) -> str:
    """The kind of a failure, by which it is counted."""
    return next((kind for known, kind in _KINDS.items() if isinstance(error, known)), type(error).__name__)
