"""Text and addresses from the web made fit to be shown, on a page or in a mail."""

import re
from urllib.parse import urlsplit

# What turns the direction of the text around it, hides in it or breaks the line.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """Text from the web without directional marks and controls. Changes offsets: only for what is shown."""
    return _UNSEEN.sub("", text)


def safe_url(url: str) -> str:
    """The address if a click on it can only open a web page, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
