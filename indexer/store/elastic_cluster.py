"""The connection to an Elasticsearch cluster: its client, the names of our indices, and its errors in words."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch

from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_fields as fields
from indexer.store.base import StoreError, StoreUnavailable
from indexer.store.elastic_bulk import BUSY, LATER, reason_of

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds in which a shard that is just being made or moved comes up."""
_NAME = re.compile(r"-v(\d+)-(\d{4}\.\d{2})")


class Cluster:
    """A cluster and what of it is ours: the alias that leads to the indices of all months of one mapping version."""

    def __init__(self, settings: ElasticsearchSettings) -> None:
        self.settings = settings
        self.client = Elasticsearch(**settings.client())
        self.alias = f"{settings.prefix}-posts"

    def index(self, version: int, month: str = "*") -> str:
        """The name of a month's index, or the pattern of them all."""
        return f"{self.alias}-v{version}-{month}"

    def parts(self, index: str) -> tuple[int, str] | None:
        """Version and month that the name of an index of ours tells."""
        found = _NAME.fullmatch(index.removeprefix(self.alias))
        return (int(found[1]), found[2]) if found else None

    def indices(self, *, led: bool = False) -> dict[str, int]:
        """Our indices with the versions of their mappings; with `led` those that the alias leads to."""
        ours = self.client.options(ignore_status=404).indices
        there = (ours.get_alias(name=self.alias) if led else ours.get_alias(index=f"{self.alias}-v*")).body
        return {name: parts[0] for name in sorted(there) if (parts := self.parts(name))}

    def versions(self) -> set[int]:
        """Those of the mappings that the alias leads to."""
        return set(self.indices(led=True).values())

    def put_template(self, version: int, *, led: bool = True) -> None:
        """The template of a version; with `led` the alias leads to the indices that are made by it."""
        body = fields.template(self.settings, version, alias=self.alias if led else None)
        self.client.indices.put_index_template(name=f"{self.alias}-v{version}", **body)

    def drop_template(self, version: int) -> None:
        self.client.options(ignore_status=404).indices.delete_index_template(name=f"{self.alias}-v{version}")

    def make(self, index: str) -> None:
        """An index by its template; nothing where it is there."""
        if not self.client.indices.exists(index=index):
            try:
                self.client.indices.create(index=index)
            except ApiError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def search(self, **words: Any) -> dict[str, Any]:
        """A search that every shard answers: without one's documents it is no answer. New ones are waited for."""
        for pause in PAUSES:
            try:
                return dict(self.client.options(retry_on_status=()).search(allow_partial_search_results=False, **words))
            except ApiError as error:
                if error.error != "search_phase_execution_exception" or error.status_code != 503:
                    raise
                time.sleep(pause)
        return dict(self.client.search(allow_partial_search_results=False, **words))

    @contextmanager
    def told(self) -> Iterator[None]:
        """The client's errors as StoreError, with what to do about them."""
        where = "Elasticsearch at " + ", ".join(self.settings.hosts)
        try:
            yield
        except TlsError as error:
            todo = "name its authority in `elasticsearch: ca_file`"
            raise StoreUnavailable(f"the certificate of {where} isn't trusted ({todo}): {error.message}") from error
        except (Unreachable, ConnectionTimeout) as error:
            raise StoreUnavailable(f"{where} can't be reached: {error.message}") from error
        except ApiError as error:
            reason = f"{error.status_code} {reason_of(error)}"
            if error.status_code in BUSY or error.error in LATER:
                raise StoreUnavailable(f"{where}: {reason}") from error
            if isinstance(error, AuthenticationException | AuthorizationException):
                raise StoreError(f"{where} refuses us: check the API key or user ({reason})") from error
            raise StoreError(f"{where}: {reason}") from error
        except TransportError as error:
            raise StoreError(f"{where}: {error}") from error

    def close(self) -> None:
        self.client.close()
