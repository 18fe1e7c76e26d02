"""The embedded store's schema, and how Documents and Searches become what Tantivy takes."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import tantivy
from tantivy import FieldType, Occur, Query

from indexer.document import Document
from indexer.store.base import FILTERS, Search, month
from indexer.store.query import And, Node, Not, Phrase
from indexer.store.tokens import bigrams, has_lone_ideograph, tokens, words

TITLE_BOOST = 2.0
_TIE_BITS, _MS_BITS = 22, 41
_MOST_MS = (1 << _MS_BITS) - 1  # the year 2039


def schema() -> tantivy.Schema:
    """Tokens as design and docs/search.md measure them; `time`, `gloom` and `order` are keys to sort by."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in ("grams", "chars", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in FILTERS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("time", "gloom", "order", "month", "reply_minutes"):
        builder.add_unsigned_field(name, fast=True, indexed=True)
    builder.add_date_field("published", fast=True)
    builder.add_float_field("sentiment", fast=True)
    builder.add_bytes_field("document", stored=True)
    return builder.build()


def encode(it: Document) -> tantivy.Document:
    """The Document as Tantivy stores and indexes it."""
    stream = [token.text for token in tokens(f"{it.title}\n{it.body}")]
    made = tantivy.Document()
    made.add_text("id", it.id)
    made.add_text("grams", " ".join(bigrams(stream)))
    made.add_text("chars", " ".join(stream))
    made.add_text("title", " ".join(words(it.title)))
    for name, values in keywords(it).items():
        for value in values:
            made.add_text(name, value)
    made.add_unsigned("time", time_key(it.at, it.id))
    made.add_unsigned("gloom", _gloom_key(it))
    made.add_unsigned("order", order_key(it.id))
    made.add_unsigned("month", month_key(month(it)))
    if it.published_at:
        made.add_date("published", it.published_at)
    made.add_float("sentiment", it.sentiment)
    if it.complaint and it.complaint.reply_hours is not None:
        made.add_unsigned("reply_minutes", reply_minutes(it.complaint.reply_hours))
    made.add_bytes("document", zlib.compress(it.model_dump_json().encode(), 1))
    return made


def decode(stored: tantivy.Document) -> Document:
    return Document.model_validate_json(zlib.decompress(bytes(stored["document"][0])))


def keywords(it: Document) -> dict[str, Sequence[str]]:
    """Values of a Document by field of FILTERS, each once."""
    values = {
        "lender": it.lenders,
        "practice": [practice.id for practice in it.practices],
        "stance": [f"{practice.id}:{practice.stance}" for practice in it.practices],
        "contact": it.contacts,
        "voice": [it.voice],
        "status": [(it.complaint and it.complaint.status) or ""],
        "source": [it.source],
        "site": [it.site],
        "kind": [it.kind],
        "sentiment_label": [it.sentiment_label],
        "deleted": [_truth(it.deleted_at is not None)],
        "author": [it.author],
        "story": [it.story],
        "campaign": [it.campaign or ""],
        "category": [it.category],
        "lender_practice": lender_practices(it),
        "reprint": [_truth(it.reprint_of is not None)],
        "generated": [_truth(it.generated)],
    }
    return {name: [value for value in dict.fromkeys(found) if value] for name, found in values.items()}


def lender_practices(it: Document) -> list[str]:
    """What a Document asserts, as `lender|practice`; a practice of nobody in particular is that of the only lender."""
    only = it.lenders[0] if len(it.lenders) == 1 else None
    asserted = [(practice.lender or only, practice.id) for practice in it.practices if practice.stance == "asserted"]
    return sorted({f"{lender}|{practice}" for lender, practice in asserted if lender})


def reply_minutes(hours: float) -> int:
    """How long a complaint waited for its answer, in whole minutes; a century at most."""
    return min(round(hours * 60), 52_560_000)


def _truth(it: bool) -> str:
    return "true" if it else "false"


def query(schema: tantivy.Schema, search: Search) -> Query:
    """All that a Search narrows to; only its text counts for relevance."""
    parts = [(Occur.Must, _unscored(Query.all_query()))]
    if search.text is not None:
        parts.append((Occur.Must, _text(schema, search.text, boost=True)))
    for name, values in search.filters.items():
        parts.append((Occur.Must, _unscored(Query.term_set_query(schema, name, list(values)))))
    if search.since or search.until:
        lowest = _milliseconds(search.since) << _TIE_BITS if search.since else 0
        highest = _milliseconds(search.until, up=True) << _TIE_BITS if search.until else None
        parts.append((Occur.Must, _unscored(span(schema, "time", lowest, highest))))
    if search.only is not None:
        parts.append((Occur.Must, _unscored(Query.term_set_query(schema, "id", sorted(search.only)))))
    if search.without:
        parts.append((Occur.MustNot, Query.term_set_query(schema, "id", sorted(search.without))))
    return Query.boolean_query(parts)


def span(schema: tantivy.Schema, name: str, lowest: int, end: int | None) -> Query:
    """Keys in [lowest, end); up to the last where `end` is None."""
    if end is not None and end <= lowest:
        return Query.empty_query()
    last = ((1 << 64) if end is None else end) - 1
    return Query.range_query(schema, name, FieldType.Unsigned, lower_bound=lowest, upper_bound=last)


def order_key(id: str) -> int:
    """Sorts as ids do (their first 16 hex digits decide)."""
    return int(id[:16], 16)


def month_key(month: str) -> int:
    """2026.11 as 202611."""
    return int(month.replace(".", ""))


def time_key(at: datetime, id: str) -> int:
    """Sorts as (time, id descending) do, so that from highest to lowest is newest first, then by id."""
    return (_milliseconds(at) << _TIE_BITS) | _inverted(id, _TIE_BITS)


def _gloom_key(it: Document) -> int:
    """Sorts, from highest to lowest, as (sentiment, newest first, id) do."""
    gloom = 10_000 - round(it.sentiment * 10_000)
    tie = 64 - _MS_BITS - 14
    return (gloom << (_MS_BITS + tie)) | (_milliseconds(it.at) << tie) | _inverted(it.id, tie)


def _inverted(id: str, bits: int) -> int:
    return (1 << bits) - 1 - (int(id[:16], 16) >> (64 - bits))


def _milliseconds(at: datetime, *, up: bool = False) -> int:
    micros = (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
    return max(0, min(_MOST_MS, int(-(-micros // 1)) if up else int(micros // 1)))


def _unscored(wanted: Query) -> Query:
    return Query.const_score_query(wanted, 0.0)


def _text(schema: tantivy.Schema, node: Node, *, boost: bool) -> Query:
    if isinstance(node, Phrase):
        return _phrase(schema, node.tokens, boost=boost)
    if isinstance(node, Not):
        rest = [(Occur.Must, _unscored(Query.all_query())), (Occur.MustNot, _text(schema, node.node, boost=False))]
        return Query.boolean_query(rest)
    occur = Occur.Must if isinstance(node, And) else Occur.Should
    return Query.boolean_query([(occur, _text(schema, part, boost=boost)) for part in node.nodes])


def _phrase(schema: tantivy.Schema, stream: tuple[str, ...], *, boost: bool) -> Query:
    """Pairs where they can tell, which is ten times faster; single tokens otherwise. A title counts more."""
    lone = has_lone_ideograph(stream)
    found = _side_by_side(schema, "chars" if lone else "grams", stream if lone else tuple(bigrams(stream)))
    if not boost:
        return found
    in_title = Query.boost_query(_side_by_side(schema, "title", stream), TITLE_BOOST)
    return Query.boolean_query([(Occur.Must, found), (Occur.Should, in_title)])


def _side_by_side(schema: tantivy.Schema, name: str, stream: tuple[str, ...]) -> Query:
    if len(stream) == 1:
        return Query.term_query(schema, name, stream[0])
    return Query.phrase_query(schema, name, list(stream))
