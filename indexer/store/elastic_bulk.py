"""Sends documents in bulk: bounded by bytes, patient with a busy server, exact about what was refused."""

import json
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError, Elasticsearch

from indexer.store.base import StoreError, StoreUnavailable

log = logging.getLogger("dunwatch.store")

CHUNK_BYTES = 4_000_000
CHUNK_ACTIONS = 500
SENDERS = 2
"""Requests under way at once: one that the server works on while the next is written."""
TRIES = 7
"""In vain, one after the other, before the server counts as away."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
"""Seconds before the second try, doubled for each more; a random share of it is waited (full jitter)."""
BUSY = (408, 429, 500, 502, 503, 504)
"""Status of what may be sent again: too much at once, shards or nodes away, a full disk (500)."""
LATER = ("cluster_block_exception", "index_closed_exception", "index_not_found_exception")
"""Errors with which an index takes nothing now, whatever the document: none is refused for them."""


OUTDATED = "version_conflict_engine_exception"


class Action(NamedTuple):
    """One line or two of a bulk request, and the id that they are about."""

    id: str
    lines: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.lines)) + len(self.lines)


def index(index: str, id: str, source: Mapping[str, Any], *, version: int | None = None) -> Action:
    """Insert or replace; with `version` (a copy's) only what isn't newer, else it is refused as OUTDATED."""
    kept = {"version": version, "version_type": "external_gte"} if version else {}
    head = json.dumps({"index": {"_index": index, "_id": id, **kept}})
    return Action(id, (head.encode(), json.dumps(source, ensure_ascii=False).encode("utf-8", "replace")))


def delete(index: str, id: str) -> Action:
    return Action(id, (json.dumps({"delete": {"_index": index, "_id": id}}).encode(),))


def send(client: Elasticsearch, actions: Iterable[Action]) -> dict[str, str]:
    """Do all of it; returns the ids that the server refused for good, with its reason.

    Raises StoreUnavailable where the server stays busy or away, StoreError where we may not write: then some may be
    done and some not, and all of it can be sent again.
    """
    refused: dict[str, str] = {}
    under_way: deque[Future[dict[str, str]]] = deque()
    with ThreadPoolExecutor(SENDERS) as pool:
        for chunk in _chunks(actions):  # the next chunk is made while these are under way
            under_way.append(pool.submit(_send, client, chunk))
            if len(under_way) > SENDERS:
                refused |= under_way.popleft().result()
        for sent in under_way:
            refused |= sent.result()
    return refused


def _chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    chunk: list[Action] = []
    size = 0
    for action in actions:
        if chunk and (size + action.size > CHUNK_BYTES or len(chunk) >= CHUNK_ACTIONS):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += action.size
    if chunk:
        yield chunk


def _send(client: Elasticsearch, chunk: list[Action]) -> dict[str, str]:
    """One chunk, again and again for what the server was too busy for, as long as some of it gets in."""
    refused: dict[str, str] = {}
    vain, last = 0, ""
    while vain < TRIES:
        time.sleep(_pause(vain))
        vain += 1
        lines: list[Any] = [line for it in chunk for line in it.lines]  # bytes are sent as they are
        try:
            answer = client.options(max_retries=0).bulk(operations=lines)
        except (Unreachable, ConnectionTimeout) as error:
            last = str(error)
            continue
        except ApiError as error:
            last = f"{error.status_code} {reason_of(error)}"
            if error.status_code == 413:
                return _in_halves(client, chunk, last)
            if error.status_code not in BUSY:
                raise
            continue
        left, last = _sort(chunk, answer["items"], refused)
        if not left:
            return refused
        if len(left) < len(chunk):
            vain = 1
        chunk = left
    raise StoreUnavailable(f"Elasticsearch doesn't take documents: {last[:300]}")


def _sort(chunk: list[Action], items: list[dict[str, Any]], refused: dict[str, str]) -> tuple[list[Action], str]:
    """What must be sent again and why; what never will be taken goes to `refused`."""
    again, last = [], ""
    for action, item in zip(chunk, items, strict=True):
        (kind, result), *_ = item.items()
        status, error = result["status"], result.get("error") or {}
        if status < 300 or (kind == "delete" and status == 404):
            continue
        if status in BUSY or error.get("type") in LATER:
            again.append(action)
            last = _reason(error)
        elif error.get("type") == "security_exception":
            raise StoreError(f"Elasticsearch doesn't let us write: {_reason(error)}")
        else:
            refused[action.id] = _reason(error)
    return again, last


def reason_of(error: ApiError) -> str:
    """The server's reason for a whole request."""
    told = error.info.get("error") if isinstance(error.info, Mapping) else None
    return _reason(told) if isinstance(told, Mapping) else error.message


def _reason(error: Mapping[str, Any]) -> str:
    """`type: reason`, with what caused it."""
    told = f"{error.get('type', '')}: {error.get('reason', '')}"
    cause = error.get("caused_by")
    return f"{told} ({_reason(cause)})" if isinstance(cause, Mapping) else told


def _in_halves(client: Elasticsearch, chunk: list[Action], reason: str) -> dict[str, str]:
    """What is too large for the server at once."""
    if len(chunk) == 1:
        return {chunk[0].id: reason}
    half = len(chunk) // 2
    return _send(client, chunk[:half]) | _send(client, chunk[half:])


def _pause(vain: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds before the next try after so many in vain: none, then full jitter under a doubling bound."""
    return chance() * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (vain - 1)) if vain else 0.0
