"""The pages of alerts: the list, one alert with its series and history, and the links of messages."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.alerts.acknowledge import Invitation, Links
from indexer.alerts.alert import Alerts
from indexer.alerts.life import acknowledge
from indexer.commands import Place
from indexer.saved import SavedSearches
from indexer.web.alerted import alerted, counts
from indexer.web.band import band
from indexer.web.guard import detail
from indexer.web.pages import Pages
from indexer.web.visitor import visiting

LISTED = 200
MOST_WORDS = 2_000
"""Characters of a note that are kept."""


class AlertPages:
    """Reads and answers alerts in the state of a data directory."""

    def __init__(self, place: Place, pages: Pages) -> None:
        self._config, self._data, self._pages = place.config, place.data, pages

    @property
    def _links(self) -> Links:
        return Links(self._data.key(), "")

    def listed(self, request: Request) -> Response:
        with self._data.state() as state:
            alerts, checked = Alerts(state).newest(LISTED), Alerts(state).done_at("check")
        live = [it for it in alerts if it.state != "closed"]
        closed = [it for it in alerts if it.state == "closed"]
        return self._pages.show("alerts", live=live, closed=closed, checked=checked)

    def one(self, request: Request) -> Response:
        seq = int(request.path_params["seq"])
        with self._data.state() as state:
            table = Alerts(state)
            alert, events, saved = table.get(seq), table.events(seq), SavedSearches(state).all()
        if alert is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._pages.show(
            "alert",
            alert=alert,
            facts=alert.facts,
            events=events,
            band=band(alert.facts.points),
            documents=alerted(alert, counts(self._config, alert.rule), saved),
        )

    def invited(self, request: Request) -> Response:
        """What a link of a message leads to: a form, as mail servers follow links by themselves."""
        invitation = self._read(request)
        with self._data.state() as state:
            alert = Alerts(state).get(invitation.alert)
        if alert is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._pages.show("acknowledge", alert=alert, who=invitation.recipient, form=request.url.path)

    async def acknowledged(self, request: Request) -> Response:
        """By a link of a message, without login: who can't see the alert's page stays on the link's."""
        answer = await self._acknowledge(request, self._read(request).alert)
        if not visiting.get().may("viewer"):
            answer.headers["location"] = request.url.path
        return answer

    async def answered(self, request: Request) -> Response:
        """By the form on the alert's own page."""
        return await self._acknowledge(request, int(request.path_params["seq"]))

    async def _acknowledge(self, request: Request, seq: int) -> Response:
        async with request.form(max_files=0, max_fields=10, max_part_size=64_000) as form:
            who, note = (str(form.get(name, "")).strip()[:MOST_WORDS] for name in ("who", "note"))
        if (visitor := visiting.get()).by == "session":
            who = visitor.name
        if not who:
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        with self._data.state() as state:
            if acknowledge(Alerts(state), seq, who, note, datetime.now(UTC)) is None:
                raise HTTPException(HTTPStatus.NOT_FOUND)
        detail(request, f"alert {seq}: {who}")
        return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": f"/alerts/{seq}"})

    def _read(self, request: Request) -> Invitation:
        invitation = self._links.read(request.path_params["token"])
        if invitation is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return invitation
