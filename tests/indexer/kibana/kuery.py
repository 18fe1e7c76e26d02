"""As much of Kibana's query language as the dashboards use: as a query of Elasticsearch, and as a test of a record."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Record = Mapping[str, Any]
"""Field → its value or values."""
_TERM = re.compile(r'(?P<not>not )?(?P<field>[\w.]+) (?P<op>[:>]) (?P<value>"[^"]*"|\*|\w+)')


def values(record: Record, field: str) -> list[Any]:
    found = record.get(field)
    if found is None:
        return []
    return list(found) if isinstance(found, list | tuple) else [found]


def fields(query: str) -> set[str]:
    return {term["field"] for term in _terms(query)}


def elasticsearch(query: str) -> dict[str, Any]:
    """The query that Kibana makes of it."""
    return {"bool": {"should": [_clause(term) for term in _terms(query)]}} if query else {"match_all": {}}


def predicate(query: str) -> Callable[[Record], bool]:
    terms = _terms(query)
    return lambda record: not terms or any(_holds(term, record) for term in terms)


def _terms(query: str) -> list[re.Match[str]]:
    terms = [_TERM.fullmatch(part) for part in query.split(" or ")] if query else []
    assert all(terms), f"more of the query language than is known here: {query}"
    return [term for term in terms if term]


def _clause(term: re.Match[str]) -> dict[str, Any]:
    field, value = term["field"], term["value"].strip('"')
    if term["op"] == ">":
        clause: dict[str, Any] = {"range": {field: {"gt": value}}}
    else:
        clause = {"exists": {"field": field}} if term["value"] == "*" else {"match_phrase": {field: value}}
    return {"bool": {"must_not": [clause]}} if term["not"] else clause


def _holds(term: re.Match[str], record: Record) -> bool:
    found, value = values(record, term["field"]), term["value"].strip('"')
    if term["op"] == ">":
        holds = any(it > float(value) for it in found)
    elif term["value"] == "*":
        holds = bool(found)
    else:
        holds = any(str(it).lower() == value.lower() for it in found)
    return holds != bool(term["not"])
