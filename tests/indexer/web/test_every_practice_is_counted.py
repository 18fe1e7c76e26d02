"""However many practices are declared, each is there with every stance: on the search page and on that of practices."""

from collections.abc import Iterator
from typing import get_args

import httpx
import pytest
from lxml import html

from indexer.document import Document, Stance
from indexer.web.known import Known
from tests.documents import practice
from tests.indexer.alerts.world import told
from tests.indexer.web.conftest import filled, known, served
from tests.indexer.web.desk import HOUR, NOW, ZHAOLIAN

DECLARED = tuple(
    known().practices[0].model_copy(update={"id": f"行为{number:02}", "severity": "unlawful"}) for number in range(40)
)
STANCES = [f"{it.id}:{stance}" for it in DECLARED for stance in get_args(Stance)]


def documents() -> Iterator[Document]:
    """One for each practice and stance, and more of those that stand first, so that the last are the rarest."""
    number = 1
    for place, value in enumerate(STANCES):
        id, _, stance = value.rpartition(":")
        for _ in range(1 + (place < 60)):
            it = told(number, ZHAOLIAN, ["骚扰"], NOW - HOUR)
            said = practice(it.body, "一天打几十个电话", "电话", id, stance, "unlawful", lender=ZHAOLIAN)
            yield it.model_copy(update={"practices": (said,)})
            number += 1


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page where forty practices are declared."""
    declared = Known(known().lenders, DECLARED)
    with (
        filled(tmp_path_factory.mktemp("many") / "index", list(documents())) as store,
        served(store, declared=declared) as url,
    ):
        yield url


def shown(address: str) -> html.HtmlElement:
    return html.fromstring(httpx.get(address).text)


@pytest.mark.parametrize("asked", ["", "?stance=行为39:denied"])
def test_the_facet_of_the_search_page_has_every_stance_of_every_practice(page: str, asked: str) -> None:
    values = shown(f"{page}search{asked}").xpath("//section[@aria-labelledby='facet-stance']//li//bdi/text()")
    assert len(values) == len(set(values)) == len(STANCES) == 120
    assert "行为39 · 否认" in values


def test_the_rarest_practice_is_counted_on_the_page_of_practices(page: str) -> None:
    (row,) = shown(f"{page}practices").xpath("//tr[contains(th, '行为39')]")
    assert "1 · 1 · 1" in " ".join(row.text_content().split())
