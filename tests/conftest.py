"""What tests of several packages share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.elasticsearch.server import one_server

HERE = Path(__file__).parent
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")  # how long an example takes says how busy the machine is


@pytest.fixture(scope="session")
def es_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Elasticsearch, started once for the run."""
    with one_server(tmp_path_factory.mktemp("elasticsearch")) as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the whole program, which take longest, begin first: no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.parent != HERE)
