"""Addresses of the pages. Ids come from the configuration and from the web: each is quoted whole."""

from urllib.parse import quote, urlencode


def document_url(id: str, q: str = "") -> str:
    """The page of a Document; `q` keeps what was searched marked there."""
    return f"/documents/{id}?{urlencode({'q': q})}" if q else f"/documents/{id}"


def lender_url(id: str, span: str = "") -> str:
    return _page("lenders", id, span)


def practice_url(id: str, span: str = "") -> str:
    return _page("practices", id, span)


def story_url(id: str) -> str:
    return _page("stories", id)


def campaign_url(id: str) -> str:
    return _page("campaigns", id)


def _page(kind: str, id: str, span: str = "") -> str:
    address = f"/{kind}/{quote(id, safe='')}"
    return f"{address}?{urlencode({'span': span})}" if span else address
