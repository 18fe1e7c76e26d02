"""The web page served over a real store of known documents."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer.commands import Place
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.health import Health, Run
from indexer.meaning.declared import Rule
from indexer.settings import Settings, Web
from indexer.store import open_store
from indexer.store.base import Store
from indexer.web.app import create_app
from indexer.web.known import Known
from indexer.web.server import address, listen, server_for
from tests.browser import browser as browser
from tests.browser import page as page
from tests.browser import phone as phone
from tests.cli import ROOT
from tests.documents import FIRST, complaint, document
from tests.indexer.web import desk

HERE = Web()
"""This machine only."""
DAY = timedelta(days=1)
RUNS = (
    Run("example-news", FIRST, FIRST + timedelta(minutes=3), "finished", {"pages": 12, "posts": 9}),
    Run("example-board", FIRST, None, None, {}),
)
RULE = Rule(text="不得辱骂债务人。", clause="第九条", version="2018 年版", source="公约")
CONTACT = "c0" * 16
COMPLAINT = complaint(900, published_at=FIRST + 4 * DAY, contacts=(CONTACT,))
REPRINT = complaint(901, published_at=FIRST + 5 * DAY, reprint_of=COMPLAINT.id, site="copy.example.net")
UNDATED = document(902, title="没有日期的一篇", published_at=None, dated_by="", contacts=(CONTACT,), voice="promotion")


@cache
def known() -> Known:
    """What ships, with a clause against 侮辱辱骂."""
    shipped = Known.load(ROOT / "config")
    cited = (it.model_copy(update={"rules": (RULE,)}) if it.id == "侮辱辱骂" else it for it in shipped.practices)
    return Known(shipped.lenders, tuple(cited))


def documents() -> list[Document]:
    """Forty: 37 reminders of two lenders over ten days, a complaint, its reprint, and one without a date."""
    reminders = [
        document(
            number,
            lenders=("安逸花",) if number % 3 else ("马上消费金融", "安逸花"),
            sentiment=0.3 + number / 100,
            voice="guide" if number % 4 == 0 else "news",
        )
        for number in range(37)
    ]
    return [*reminders, COMPLAINT, REPRINT, UNDATED]


@contextmanager
def served(
    store: Store,
    status: Callable[[], Health] = lambda: Health(3, 2, RUNS),
    data: Path | None = None,
    web: Web = HERE,
    declared: Known | None = None,
    config: Path = ROOT / "config",
) -> Iterator[str]:
    """The address of the page over that store, and the state in `data`, as `dunwatch serve` serves it."""
    with listen("127.0.0.1", 0) as listening, TemporaryDirectory() as empty:
        place = Place(config, Settings(web=web), DataDir(data or Path(empty)))
        app = create_app(store, place, declared or known(), status=status)
        server = server_for(app, web.proxies)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield address("127.0.0.1", listening)
        finally:
            server.should_exit = True
            thread.join(10)


@contextmanager
def filled(path: Path, documents: list[Document]) -> Iterator[Store]:
    store = open_store("embedded", path, writable=True)
    try:
        store.put(documents)
        yield store
    finally:
        store.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over the forty documents."""
    with filled(tmp_path_factory.mktemp("web") / "index", documents()) as store, served(store) as url:
        yield url


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, DataDir]]:
    """The address of the page over what is on a team's desk (desk.py), and its data directory."""
    data = DataDir(tmp_path_factory.mktemp("desk"))
    with filled(data.index, desk.lay(data)) as store, served(store, data=data.path) as url:
        yield url, data


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over nothing."""
    with filled(tmp_path_factory.mktemp("empty") / "index", []) as store, served(store) as url:
        yield url
