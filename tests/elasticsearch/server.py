"""The Elasticsearch that tests talk to: a running one, or one node of our own for the whole run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.elasticsearch.node import NoNode, elasticsearch

RUNNING = os.environ.get("DUNWATCH_TEST_ES", "")
"""Address of a server to use instead."""


@contextmanager
def one_server(folder: Path) -> Iterator[str]:
    """The address of a server. Skips where none can be had, unless the environment has DUNWATCH_TEST_ES_REQUIRED."""
    if RUNNING:
        yield RUNNING
        return
    try:
        with elasticsearch(folder) as urls:
            yield urls[0]
    except NoNode as error:
        if os.environ.get("DUNWATCH_TEST_ES_REQUIRED"):
            raise
        pytest.skip(f"no Elasticsearch: {error}")
