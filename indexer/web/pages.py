"""Templates into answers. Whatever a template shows is escaped and freed of directional marks, without being asked."""

from datetime import datetime, tzinfo
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from indexer.sources.drifts import told
from indexer.text.shown import safe_url, visible
from indexer.web import addresses, labels, view
from indexer.web.known import Known
from indexer.web.visitor import visiting

TEMPLATES = Path(__file__).with_name("templates")


class Pages:
    """Renders the templates, with times in `zone` and what is `known` of lenders and practices."""

    def __init__(self, zone: tzinfo, known: Known) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            finalize=_shown,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            labels=labels,
            safe_url=safe_url,
            known=known,
            visitor=visiting.get,
            document_url=addresses.document_url,
            lender_url=addresses.lender_url,
            practice_url=addresses.practice_url,
            story_url=addresses.story_url,
            campaign_url=addresses.campaign_url,
            sign=told,
        )

        def when(moment: datetime | None) -> str:
            return view.when(moment, zone)

        def day(moment: datetime | None) -> str:
            return view.when(moment, zone)[:10]

        self._environment.filters.update(when=when, day=day, number="{:,}".format)

    def show(self, name: str, status: HTTPStatus = HTTPStatus.OK, /, **values: object) -> HTMLResponse:
        """The page of that name."""
        return HTMLResponse(self._environment.get_template(f"{name}.html").render(values), status)


def _shown(value: object) -> object:
    # Markup comes from our own macros only, whose parts have passed here already.
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
