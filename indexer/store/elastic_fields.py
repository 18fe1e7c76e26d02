"""The Elasticsearch index: template with strict mapping, and how Documents and Searches become what it takes.

`title` and `body` are analysed by the stock `cjk` analyzer for those who search in Kibana. dunwatch itself asks
`grams`, `chars` and `headline`: the same tokens as in the embedded store, so that both find the same.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from indexer.document import Document
from indexer.settings import ElasticsearchSettings
from indexer.store.base import Search
from indexer.store.embedded_fields import TITLE_BOOST, lender_practices, reply_minutes
from indexer.store.query import And, Node, Not, Phrase
from indexer.store.tokens import bigrams, has_lone_ideograph, tokens, words

VERSION = 2
"""Of the mapping; it is part of the indices' names. Another mapping gets the next, and `dunwatch migrate` moves."""
_ALMOST_A_MILLISECOND = timedelta(microseconds=999)
TOKENS = ("grams", "chars", "headline")
"""Fields that are searched and not kept."""
ADDED = ("at", "stance", "asserted", "severity", "lender_practice", "reprint", "deleted", "reply_minutes", *TOKENS)
"""Fields that an index has beside a Document's own."""
_GRAVEST_FIRST = ("unlawful", "aggressive", "lawful")
#: The field that a filter of indexer.store.base.FILTERS looks at, where the name differs.
FIELD_OF = {"lender": "lenders", "practice": "practices.id", "contact": "contacts", "status": "complaint.status"}
SORTS: dict[str, list[dict[str, str]]] = {
    "relevance": [{"_score": "desc"}, {"at": "desc"}, {"id": "asc"}],
    "time": [{"at": "desc"}, {"id": "asc"}],
    "sentiment": [{"sentiment": "asc"}, {"at": "desc"}, {"id": "asc"}],
}

_KEYWORD = {"type": "keyword", "ignore_above": 1024}
_DATE = {"type": "date"}
_KEYWORDS = (
    "id", "source", "site", "kind", "author", "editor", "category", "dated_by", "lenders", "sentiment_label", "voice",
    "story", "reprint_of", "contacts", "campaign", "analysis_version", "stance", "asserted", "severity",
    "lender_practice", "deleted",
)  # fmt: skip
_WORDS = {"type": "text", "analyzer": "cjk"}
_TOKENS = {"type": "text", "analyzer": "whitespace"}
_KEPT = {"type": "object", "enabled": False}
_PLACE = {"type": "integer", "index": False}
_COMPLAINT = {
    **dict.fromkeys(("status", "said", "merchant"), _KEYWORD),
    **dict.fromkeys(("replied_at", "completed_at"), _DATE),
    "amount": {"type": "double"},
    "demand": _WORDS,
    "reply_hours": {"type": "float"},
    "reopened": {"type": "boolean"},
}
_ENGAGEMENT = ("replies", "likes", "views", "heat", "shares")
_REPAIRS = ("entity", "invisible", "fullwidth", "gbk_shift", "pinyin", "traditional", "restored", "unsure")


def template(settings: ElasticsearchSettings, version: int, *, alias: str | None) -> dict[str, Any]:
    """The body of the index template for every month; `alias` is what its indices are found by."""
    kept = {"number_of_shards": settings.shards, "number_of_replicas": settings.replicas, "refresh_interval": "30s"}
    kept["mapping.total_fields.limit"] = 200
    return {
        "index_patterns": [f"{settings.prefix}-posts-v{version}-*"],
        "priority": 500,
        "template": {
            "settings": {"index": kept},
            "mappings": mappings(),
            "aliases": {alias: {}} if alias else {},
        },
    }


def mappings() -> dict[str, Any]:
    """Strict: what the mapping doesn't have, no document may have."""
    place = {"where": _KEYWORD, "start": _PLACE, "end": _PLACE}
    practice = {"id": _KEYWORD, "stance": _KEYWORD, "severity": _KEYWORD, "lender": _KEYWORD, "phrase": _KEYWORD}
    quote = {"type": "text", "index": False}
    fields: dict[str, Any] = dict.fromkeys(_KEYWORDS, _KEYWORD)
    fields |= dict.fromkeys(("published_at", "first_seen_at", "fetched_at", "deleted_at", "at"), _DATE)
    fields |= {"title": _WORDS, "body": _WORDS, "grams": _TOKENS, "chars": _TOKENS, "headline": _TOKENS}
    fields |= {
        "url": {"type": "keyword", "ignore_above": 2048},
        "sentiment": {"type": "float"},
        "generated": {"type": "boolean"},
        "reprint": {"type": "boolean"},
        "practices": {"properties": {**practice, **place, "quote": quote}},
        "worst_sentence": {"properties": {"text": quote, "score": {"type": "float"}, "start": _PLACE, "end": _PLACE}},
        "complaint": {"properties": _COMPLAINT},
        "floor": {"type": "integer"},
        "versions": {"type": "integer"},
        "reply_minutes": {"type": "integer"},
        "lender_mentions": _KEPT,
        "restored": _KEPT,
        "evidence": {"properties": {"warc": _KEYWORD, "offset": {"type": "long"}, "sha256": _KEYWORD}},
        # What other counters a page may have is kept and not indexed: no page shall make the mapping grow.
        "engagement": {"dynamic": False, "properties": {name: {"type": "long"} for name in _ENGAGEMENT}},
        "repairs": {"dynamic": False, "properties": {name: {"type": "integer"} for name in _REPAIRS}},
    }
    return {"dynamic": "strict", "_source": {"excludes": list(TOKENS)}, "properties": fields}


def encode(it: Document) -> dict[str, Any]:
    """The Document as the index takes it."""
    stream = [token.text for token in tokens(f"{it.title}\n{it.body}")]
    hours = it.complaint.reply_hours if it.complaint else None
    asserted = {practice.id: practice.severity for practice in it.practices if practice.stance == "asserted"}
    return {
        **it.model_dump(mode="json", exclude={"restored"}),
        "restored": {"spans": it.restored},  # an array of arrays is no object
        "at": _iso(it.at),
        "stance": sorted({f"{practice.id}:{practice.stance}" for practice in it.practices}),
        "asserted": sorted(asserted),
        "severity": next((grade for grade in _GRAVEST_FIRST if grade in asserted.values()), None),
        "lender_practice": lender_practices(it),
        "reprint": it.reprint_of is not None,
        "deleted": "true" if it.deleted_at else "false",
        "reply_minutes": None if hours is None else reply_minutes(hours),
        "grams": " ".join(bigrams(stream)),
        "chars": " ".join(stream),
        "headline": " ".join(words(it.title)),
    }


def decode(source: Mapping[str, Any]) -> Document:
    fields = {name: value for name, value in source.items() if name not in ADDED}
    return Document.model_validate({**fields, "restored": source["restored"]["spans"]})


def query(search: Search) -> dict[str, Any]:
    """All that a Search narrows to; only its text counts for relevance."""
    filters: list[dict[str, Any]] = [
        {"terms": {FIELD_OF.get(name, name): list(values)}} for name, values in search.filters.items()
    ]
    period = {"gte": search.since, "lt": search.until and search.until + _ALMOST_A_MILLISECOND}
    if bounds := {name: _iso(moment) for name, moment in period.items() if moment}:
        filters.append({"range": {"at": bounds}})
    if search.only is not None:
        filters.append({"terms": {"id": sorted(search.only)}})
    must = [_text(search.text, boost=True)] if search.text is not None else []
    without = [{"terms": {"id": sorted(search.without)}}] if search.without else []
    return {"bool": {"must": must, "filter": filters, "must_not": without}}


def sort(search: Search) -> list[dict[str, str]]:
    name = "time" if search.sort == "relevance" and search.text is None else search.sort
    return SORTS[name]


def facets(names: Sequence[str], most: int) -> dict[str, Any]:
    """Aggregations that count the `most` frequent values of each field."""
    size = {"size": most, "shard_size": max(2_000, most)}
    return {name: {"terms": {"field": FIELD_OF.get(name, name), **size}} for name in names}


def _iso(moment: datetime) -> str:
    """As the index has it, in whole milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _text(node: Node, *, boost: bool) -> dict[str, Any]:
    if isinstance(node, Phrase):
        return _phrase(node.tokens, boost=boost)
    if isinstance(node, Not):
        return {"bool": {"must_not": [_text(node.node, boost=False)]}}
    parts = [_text(part, boost=boost) for part in node.nodes]
    return {"bool": {"must": parts}} if isinstance(node, And) else {"bool": {"should": parts}}


def _phrase(stream: tuple[str, ...], *, boost: bool) -> dict[str, Any]:
    """Pairs where they can tell, single tokens otherwise; a title counts more."""
    lone = has_lone_ideograph(stream)
    name, wanted = ("chars", list(stream)) if lone else ("grams", bigrams(stream))
    found = {"match_phrase": {name: {"query": " ".join(wanted)}}}
    if not boost:
        return {"bool": {"filter": [found]}}
    title = {"match_phrase": {"headline": {"query": " ".join(stream), "boost": TITLE_BOOST}}}
    return {"bool": {"must": [found], "should": [title]}}
