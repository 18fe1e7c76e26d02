"""A campaign as the page shows it: whom it writes about, where, since when, with which text and contacts."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from indexer.document import Document
from indexer.store.base import Hit, Search, Store, Trend

LISTED = 50
"""Campaigns of the list, the largest first: as many values as a store tells of a facet."""
NEWEST = 10
"""Documents of a campaign that are shown."""
SAMPLE = 400
"""Characters of the sample."""
ANY_LENDER = "〔机构〕"
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Hand:
    """A campaign in figures. `first` and `last` are the days of publication, None where no document tells one.

    contacts are those that more than one document advertises; sample is the newest text with its lenders left open.
    """

    id: str
    documents: int
    lenders: Counts
    sources: Counts
    sites: Counts
    contacts: Counts
    first: datetime | None
    last: datetime | None
    undated: int
    sample: str
    newest: tuple[Hit, ...]
    trend: Trend


def hands(store: Store, zone: tzinfo) -> list[Hand]:
    """The largest campaigns."""
    facets = store.search(Search(), limit=0, facets=("campaign",)).facets
    found = (hand(store, id, zone) for id, _ in facets["campaign"][:LISTED])
    return [one for one in found if one]


def hand(store: Store, id: str, zone: tzinfo) -> Hand | None:
    """The campaign of that id; None where no document is in it."""
    search = Search(filters={"campaign": (id,)}, sort="time")
    found = store.search(search, limit=NEWEST, facets=("lender", "source", "site", "contact"))
    if not found.total:
        return None
    trend = store.trend(search, "day", str(zone))
    days = [bucket.start for bucket in trend.buckets if bucket.count]
    return Hand(
        id=id,
        documents=found.total,
        lenders=found.facets["lender"],
        sources=found.facets["source"],
        sites=found.facets["site"],
        contacts=tuple((contact, count) for contact, count in found.facets["contact"] if count > 1),
        first=min(days, default=None),
        last=max(days, default=None),
        undated=trend.undated,
        sample=sample(found.hits[0].document),
        newest=found.hits,
        trend=trend,
    )


def first_of(store: Store, it: Hand) -> Document | None:
    """What it wrote first, of that which tells when."""
    if it.first is None:
        return None
    day = Search(filters={"campaign": (it.id,)}, since=it.first, until=it.first + timedelta(days=1), sort="time")
    offset = max(0, store.search(day, limit=0).total - NEWEST)
    dated = [hit.document for hit in store.search(day, offset=offset, limit=NEWEST).hits if hit.document.published_at]
    return dated[-1] if dated else None


def sample(it: Document) -> str:
    """How the text reads with its lenders left open."""
    pieces, at = [], 0
    for mention in sorted((it for it in it.lender_mentions if it.where == "body"), key=lambda it: it.start):
        if mention.start >= at:
            pieces += [it.body[at : mention.start], ANY_LENDER]
            at = mention.end
    text = "".join([*pieces, it.body[at:]])
    return text if len(text) <= SAMPLE else text[:SAMPLE] + "…"
