"""What requests may ask for: the parameters of an address and the bodies, as OpenAPI describes them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from indexer.document import SentimentLabel, Voice
from indexer.handling import MOST_NOTE, MOST_OWNER, HandlingState
from indexer.post import ComplaintStatus, Kind
from indexer.store.base import By, Sort
from indexer.web.listing import MAX_PAGE, MAX_QUERY, MAX_VALUE, MAX_VALUES, PAGE

MAX_LIMIT = 200
"""Hits of one answer."""
Value = Annotated[str, Field(max_length=MAX_VALUE)]
Values = Annotated[list[Value], Field(max_length=MAX_VALUES)]
ANY = "Only these; several: any of them"


class Narrowing(BaseModel):
    """What narrows a search; the same as on the search page."""

    q: str = Field(default="", max_length=MAX_QUERY, description='Words, "phrases", AND, OR, NOT, parentheses')
    since: str = Field(
        default="", alias="from", max_length=40, description="From this day or moment on, or so long ago (7d, 12h, 2w)"
    )
    until: str = Field(default="", alias="to", max_length=40, description="Up to this day, included, or this moment")
    lender: Values = Field(default=[], description=ANY)
    practice: Values = Field(default=[], description=ANY)
    stance: Values = Field(default=[], description="practice:stance, as 爆通讯录:asserted; several: any of them")
    voice: Annotated[list[Voice], Field(max_length=MAX_VALUES)] = Field(default=[], description=ANY)
    status: Annotated[list[ComplaintStatus], Field(max_length=MAX_VALUES)] = Field(default=[], description=ANY)
    sentiment_label: Annotated[list[SentimentLabel], Field(max_length=MAX_VALUES)] = Field(default=[], description=ANY)
    kind: Annotated[list[Kind], Field(max_length=MAX_VALUES)] = Field(default=[], description=ANY)
    handling: Annotated[list[HandlingState], Field(max_length=MAX_VALUES)] = Field(default=[], description=ANY)
    source: Values = Field(default=[], description=ANY)
    site: Values = Field(default=[], description=ANY)
    author: Values = Field(default=[], description=ANY)
    story: Values = Field(default=[], description=ANY)
    campaign: Values = Field(default=[], description=ANY)
    contact: Values = Field(default=[], description=ANY)
    category: Values = Field(default=[], description=ANY)
    lender_practice: Values = Field(default=[], description="lender|practice that is asserted; several: any of them")
    reprint: Values = Field(default=[], description="true or false")
    deleted: Values = Field(default=[], description="true or false: its page was found to have it no more")
    generated: Values = Field(default=[], description="true or false: the text says that it is a sample")


class AskedSearch(Narrowing):
    """A page of hits."""

    sort: Sort | None = Field(default=None, description="Without it: relevance where there is q, else time")
    page: int = Field(default=1, ge=1, le=MAX_PAGE, description="Up to the 10,000th hit")
    limit: int = Field(default=PAGE, ge=1, le=MAX_LIMIT, description="Hits of a page")


class AskedTrend(Narrowing):
    """Counts over time."""

    by: By = Field(default="day", description="Length of a period")


class AskedHandling(BaseModel):
    """Documents that somebody handled."""

    state: Annotated[list[HandlingState], Field(max_length=MAX_VALUES)] = Field(
        default=[], description="Without it: in-hand"
    )
    limit: int = Field(default=50, ge=1, le=MAX_LIMIT)
    offset: int = Field(default=0, ge=0, le=1_000_000)


class NewHandling(BaseModel):
    """How a document is to be handled; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    state: HandlingState | None = None
    owner: str | None = Field(default=None, max_length=MOST_OWNER)
    note: str | None = Field(default=None, max_length=MOST_NOTE, description="Personal data in it is masked")
