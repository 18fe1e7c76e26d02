"""The last gate before anything is sent: every text of a Notice masked, made visible, on one line and cut to length."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from w3lib.url import safe_url_string

from indexer.alerts.messages.notice import Notice, OwnAddress, Verbatim
from indexer.text.privacy import Masker
from indexer.text.shown import safe_url, visible

Model = TypeVar("Model", bound=BaseModel)

LONGEST: Mapping[str, int] = {"headline": 60, "summary": 400, "note": 400, "title": 80, "quote": 240, "rarity": 80}
"""Characters of a field that are sent."""
LONGEST_OTHER = 40
MOST: Mapping[str, int] = {"quotes": 3, "drivers": 5, "shares": 5, "tables": 4, "rows": 10, "alerts": 20}
"""Items of a field that are sent."""
MOST_OTHER = 2000
LONGEST_ADDRESS = 2048
OURS = ("owner",)
"""Names of the team's own people, from its configuration: not masked where they are no more than a name."""
_REACHABLE = re.compile(r"[\d@]")
_EDGE = 64
"""Characters before a cut that are dropped too before masking, as they may be half of a number."""


def gated(notice: Notice, masker: Masker) -> Notice:
    """The notice as it may be sent. What dunwatch made itself (`Verbatim`) stays; addresses are http(s) or gone."""
    return _model(notice, masker)


def _model(model: Model, masker: Masker) -> Model:
    fields = type(model).model_fields.items()
    changed = {name: _field(name, field, getattr(model, name), masker) for name, field in fields}
    return model.model_copy(update=changed)


def _field(name: str, field: FieldInfo, value: Any, masker: Masker) -> Any:
    if any(isinstance(mark, Verbatim) for mark in field.metadata):
        return value
    if any(isinstance(mark, OwnAddress) for mark in field.metadata):
        return _address(value)
    if name in OURS and not _REACHABLE.search(value):
        return _line(value)[:LONGEST_OTHER]
    if name == "page":
        return "" if masker.hides(value[:LONGEST_ADDRESS]) else _address(value)
    return _value(name, value, masker)


def _value(name: str, value: Any, masker: Masker) -> Any:
    if isinstance(value, str):
        return _words(value, LONGEST.get(name, LONGEST_OTHER), masker)
    if isinstance(value, BaseModel):
        return _model(value, masker)
    if isinstance(value, tuple):
        return tuple(_value(name, item, masker) for item in value[: MOST.get(name, MOST_OTHER)])
    return value


def _words(text: str, longest: int, masker: Masker) -> str:
    """One line without what hides, turns or breaks it; masked before it is cut, so that no half of a number is left."""
    window = text[: longest * 4]
    masked = masker.mask(_line(window)).text
    if len(window) < len(text):
        masked = masked[:-_EDGE] + "…"
    return masked if len(masked) <= longest else masked[: longest - 1].rstrip() + "…"


def _line(text: str) -> str:
    return " ".join(visible(text.encode("utf-8", "replace").decode()).split())


def _address(url: str) -> str:
    """The address, with what doesn't belong in one encoded, if it is http(s) and of usual length; else nothing."""
    if len(url) > LONGEST_ADDRESS or visible(url) != url or not safe_url(url):
        return ""
    try:
        return safe_url_string(url)
    except ValueError:
        return ""
