"""Templates into answers. Whatever a template shows is escaped and freed of directional marks, without being asked."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from indexer.meaning.declared import Rule
from indexer.text.shown import safe_url, visible
from indexer.web import labels, view

TEMPLATES = Path(__file__).with_name("templates")


class Pages:
    """Renders the templates, with times in `zone` and `rules` that are cited against practices."""

    def __init__(self, zone: tzinfo, rules: Mapping[str, tuple[Rule, ...]]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            finalize=_shown,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(labels=labels, safe_url=safe_url, document_url=document_url, rules=rules)

        def when(moment: datetime | None) -> str:
            return view.when(moment, zone)

        self._environment.filters["when"] = when

    def show(self, name: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> HTMLResponse:
        """The page of that name."""
        return HTMLResponse(self._environment.get_template(f"{name}.html").render(values), status)


def document_url(id: str, q: str = "") -> str:
    """The page of a Document; `q` keeps what was searched marked there."""
    return f"/documents/{id}?{urlencode({'q': q})}" if q else f"/documents/{id}"


def _shown(value: object) -> object:
    # Markup comes from our own macros only, whose parts have passed here already.
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
