"""The form 纠正 on a document's page: what a reader says that the analysis got wrong."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from indexer.datadir import DataDir
from indexer.labels.label import NAMED, NONE, SENTIMENTS, STANCES, VOICES, Given, Label, LabelError, Labels, known_id
from indexer.spool import Spool
from indexer.web.guard import detail
from indexer.web.known import Known
from indexer.web.listing import ListingError
from indexer.web.visitor import visiting


class Corrections:
    """Takes corrections, in the visitor's name, into the state of a data directory."""

    def __init__(self, data: DataDir, known: Known) -> None:
        self._data, self._known = data, known

    def given(self, document: str) -> list[Given]:
        """What was said of it so far."""
        with self._data.state() as state:
            return Labels(state).of(document)

    async def sent(self, request: Request) -> Response:
        """Keep what was sent, and have the document indexed with it by the job that runs."""
        document = request.path_params["id"]
        async with request.form(max_files=0, max_fields=20, max_part_size=64_000) as form:
            try:
                labels = self._labels(form)
            except LabelError as error:
                raise ListingError(str(error)) from None
            undo = bool(form.get("undo"))
        await run_in_threadpool(self._keep, document, None if undo else labels)
        detail(request, "undo" if undo else ", ".join(f"{it.subject or it.field} {it.value}" for it in labels))
        return RedirectResponse(f"/documents/{document}", HTTPStatus.SEE_OTHER)

    def _keep(self, document: str, labels: list[Label] | None) -> None:
        """Keep them, or forget all that there are; the job that runs indexes the document with them."""
        with self._data.state() as state, state.transaction():
            if not Spool(state).requeue_one(document):
                raise HTTPException(HTTPStatus.NOT_FOUND)
            if labels is None:
                Labels(state).forget([document])
            else:
                Labels(state).give(document, labels, visiting.get().name, datetime.now(UTC))

    def _labels(self, form: FormData) -> list[Label]:
        found = []
        if sentiment := _one_of(form, "sentiment", SENTIMENTS):
            found.append(Label("sentiment", sentiment))
        if voice := _one_of(form, "voice", VOICES):
            found.append(Label("voice", voice))
        if practice := _text(form, "practice"):
            stance = _one_of(form, "stance", (*STANCES, NONE)) or "asserted"
            found.append(Label("practice", stance, known_id(practice, self._known.severity, "practice")))
        if lender := _text(form, "lender"):
            named = _one_of(form, "named", (NAMED, NONE)) or NAMED
            found.append(Label("lender", named, known_id(lender, (it.id for it in self._known.lenders), "lender")))
        return found


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _one_of(form: FormData, name: str, values: tuple[str, ...]) -> str:
    """The value of that field, empty where it was left alone. Raises LabelError."""
    if (value := _text(form, name)) and value not in values:
        raise LabelError(f"{value!r} is no {name}")
    return value
