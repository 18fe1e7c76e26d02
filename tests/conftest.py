"""What tests of several packages share."""

from collections.abc import Iterator

import pytest

from tests.elasticsearch.server import one_server


@pytest.fixture(scope="session")
def es_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Elasticsearch, started once for the run."""
    with one_server(tmp_path_factory.mktemp("elasticsearch")) as url:
        yield url
