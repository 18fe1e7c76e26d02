"""The Elasticsearch that tests talk to: a running one, or one node of our own for the whole run."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.elasticsearch.installation import NoNode
from tests.elasticsearch.node import SMALL, Node, cluster

RUNNING = os.environ.get("DUNWATCH_TEST_ES", "")
"""Address of a server to use instead."""


@contextmanager
def one_server(folder: Path, options: tuple[str, ...] = SMALL) -> Iterator[str]:
    """The address of a server. Skips where none can be had, unless the environment has DUNWATCH_TEST_ES_REQUIRED."""
    if RUNNING:
        yield RUNNING
        return
    with own_nodes(folder, options=options) as (node,):
        yield node.url


@contextmanager
def own_nodes(
    folder: Path, *, nodes: int = 1, settings: Sequence[str] = (), options: tuple[str, ...] = SMALL
) -> Iterator[list[Node]]:
    """Nodes of a cluster that a test may break; skips as `one_server` does."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(cluster(folder, nodes=nodes, settings=settings, options=options))
        except NoNode as error:
            if os.environ.get("DUNWATCH_TEST_ES_REQUIRED"):
                raise
            pytest.skip(f"no Elasticsearch: {error}")
        yield made
