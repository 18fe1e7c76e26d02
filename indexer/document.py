"""Document: a Post understood, the only thing that a store holds. docs/fields.md is made from this file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from indexer.post import Complaint, Evidence, Kind, Utc

Stance = Literal["asserted", "possible", "denied"]
Severity = Literal["lawful", "aggressive", "unlawful"]
Voice = Literal["complaint", "news", "promotion", "guide", "statement"]
SentimentLabel = Literal["negative", "neutral", "positive"]
Where = Literal["title", "body"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LenderMention(_Frozen):
    """A place where a lender is named. `start` and `end` are character offsets into the field `where`."""

    lender: str
    alias: str
    where: Where = "body"
    start: int
    end: int


class Practice(_Frozen):
    """A place that speaks of a collection practice.

    `quote` is the sentence that says it, `start` and `end` its character offsets into the field `where`
    (so `body[start:end] == quote`); `phrase` is the words within the quote that named the practice.
    """

    id: str
    stance: Stance
    severity: Severity
    lender: str | None = None
    quote: str
    phrase: str
    where: Where = "body"
    start: int
    end: int


class Sentence(_Frozen):
    """A sentence of the body with its sentiment. Offsets are characters into `body`."""

    text: str
    score: float
    start: int
    end: int


class Document(_Frozen):
    """A Post understood. Every text in it is repaired, simplified, without furniture and masked."""

    id: str = Field(description="24 hex digits, from the canonical URL and the part")
    url: str = Field(description="Address of the page")
    source: str = Field(description="Name in config/sources.yaml, `ingest` for files")
    site: str = Field(default="", description="Host name of the page")
    kind: Kind = Field(description="article, post, reply, complaint")
    floor: int | None = Field(default=None, description="Place in its thread, 1 for the post that began it")
    title: str = Field(default="", description="Headline; of a reply that of its thread")
    body: str = Field(description="Text, a line a paragraph")
    author: str = Field(default="", description="Keyed hash of the author's name, never the name")
    editor: str = Field(default="", description="Keyed hash of the responsible editor's name")
    category: str = Field(default="", description="Column of the site that the byline names")
    published_at: Utc | None = Field(default=None, description="When the page says that it was published")
    dated_by: str = Field(default="", description="How: meta, json-ld, time, css, ago, feed, url, text")
    first_seen_at: Utc = Field(description="When dunwatch first fetched it")
    fetched_at: Utc = Field(description="When this version was fetched")
    versions: int = Field(default=1, ge=1, description="How many versions of it were fetched; all are kept")
    deleted_at: Utc | None = Field(default=None, description="When its page was found to have it no more")
    lenders: tuple[str, ...] = Field(default=(), description="Lender ids, most named first")
    lender_mentions: tuple[LenderMention, ...] = Field(default=(), description="Each naming with offsets")
    practices: tuple[Practice, ...] = Field(default=(), description="Each practice hit with stance and quote")
    sentiment: float = Field(ge=0, le=1, description="0 most negative, 1 most positive")
    sentiment_label: SentimentLabel = Field(description="negative, neutral, positive")
    worst_sentence: Sentence | None = Field(default=None, description="The sentence that speaks worst")
    voice: Voice = Field(description="Who speaks: complaint, news, promotion, guide, statement")
    generated: bool = Field(default=False, description="The text itself says that it is a sample")
    story: str = Field(description="The same for near-identical texts on the same lenders")
    reprint_of: str | None = Field(default=None, description="Id of the first with this story")
    contacts: tuple[str, ...] = Field(default=(), description="Keyed hashes of contacts that it advertises")
    campaign: str | None = Field(
        default=None, description="The same for what one hand wrote: shared contacts or template"
    )
    complaint: Complaint | None = Field(default=None, description="How a complaint stands, and what it demands")
    engagement: Mapping[str, int] = Field(default_factory=dict, description="Counters as the page showed")
    repairs: Mapping[str, int] = Field(default_factory=dict, description="Mended damage by kind; `unsure`: not")
    restored: tuple[tuple[int, int], ...] = Field(
        default=(), description="Offsets into body of words that the site had filtered out and that were put back"
    )
    evidence: Evidence | None = Field(default=None, description="WARC file, offset, SHA-256 of the page")
    analysis_version: str = Field(description="Changes when code or configuration of the analysis does")

    @property
    def at(self) -> datetime:
        """The time by which a Document is sorted and filtered: published, else first seen."""
        return self.published_at or self.first_seen_at
