"""Posts that are there no more: their page is gone, says so, or lacks them and no other page of the thread has them."""

import json
import re
from collections.abc import Collection
from datetime import datetime
from functools import cache
from pathlib import Path

from parsel import Selector
from pydantic import BaseModel, ConfigDict

from crawler.frontier import GONE, TRIES, Frontier
from indexer import configfile
from indexer.state import timestamp

PHRASES = Path(__file__).with_name("vanished.yaml")


class _Phrases(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    longest: int
    phrases: tuple[str, ...]


def says_gone(html: str) -> bool:
    """Whether a page that answers 200 says, and says nothing else, that what was there is deleted."""
    known = _known()
    if not any(phrase in html for phrase in known.phrases):
        return False
    shown = Selector(text=html, huge_tree=False).xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::nav or ancestor::footer)]"
    )
    text = re.sub(r"\s+", "", "".join(shown.getall()))
    return len(text) <= known.longest and any(phrase in text for phrase in known.phrases)


class Vanished:
    """Which Posts the pages of a source hold, and which none holds any more. Writes join an open transaction.

    Replies move between the pages of a thread when others come or go. So one that its page lacks is gone only when
    every page of the thread was looked at after that and none has it.
    """

    def __init__(self, frontier: Frontier) -> None:
        self.frontier, self.state, self.source = frontier, frontier.state, frontier.source

    def read(self, page: str, ids: Collection[str], now: datetime) -> None:
        """The page was read and holds these Posts; an empty collection where the page is gone."""
        with self.state.transaction() as db:
            held = json.dumps(list(ids))
            lost = db.execute(
                "delete from seen_on where source = ? and page = ? and id not in (select value from json_each(?))"
                " returning id",
                (self.source, page, held),
            ).fetchall()
            db.executemany(
                "insert into seen_on (source, page, id) values (?, ?, ?) on conflict do nothing",
                [(self.source, page, id) for id in ids],
            )
            db.execute("delete from missing where id in (select value from json_each(?))", (held,))
            db.executemany(
                "insert into missing (id, source, thread, at) select ?1, ?2, ?3, ?4"
                " where not exists (select 1 from seen_on where id = ?1) on conflict do nothing",
                [(row["id"], self.source, self._thread(page), timestamp(now)) for row in lost],
            )

    def lacks(self, page: str, held: Collection[str]) -> tuple[list[str], int]:
        """Ids of the Posts that the page held, that it holds no more and no other page has; and how many it held."""
        rows = self.state.db.execute(
            "select id, exists (select 1 from seen_on other where other.id = seen_on.id and other.page != ?2) as moved"
            " from seen_on where source = ?1 and page = ?2",
            (self.source, page),
        ).fetchall()
        return [row["id"] for row in rows if row["id"] not in held and not row["moved"]], len(rows)

    def confirmed(self, page: str) -> list[str]:
        """Ids of the missing Posts of the page's thread that every page was searched for; they are missing no more.

        A page that couldn't be read was not searched, unless what it held is on other pages now.
        """
        with self.state.transaction() as db:
            rows = db.execute(
                "delete from missing where source = ?1 and thread = ?2 and not exists (select 1 from page"
                f" where source = ?1 and (url = ?2 or thread = ?2) and {_MAY_HOLD} and"
                f" (fetched_at is null or fetched_at < missing.at or {_UNREAD})) returning id",
                (self.source, self._thread(page)),
            )
            return [row["id"] for row in rows]

    def to_search(self, page: str) -> list[str]:
        """Pages of the page's thread that may hold what is missing."""
        rows = self.state.db.execute(
            "select distinct url from missing cross join page where page.source = ?1 and missing.source = ?1"
            f" and missing.thread = ?2 and (url = ?2 or page.thread = ?2) and {_MAY_HOLD}"
            " and (fetched_at is null or fetched_at < missing.at) order by url",
            (self.source, self._thread(page)),
        )
        return [row["url"] for row in rows]

    def holds(self, page: str) -> bool:
        """Whether the page held Posts when it was last read."""
        found = self.state.db.execute("select 1 from seen_on where source = ? and page = ?", (self.source, page))
        return found.fetchone() is not None

    def _thread(self, page: str) -> str:
        row = self.state.db.execute(
            "select thread from page where source = ? and url = ?", (self.source, page)
        ).fetchone()
        return (row and row["thread"]) or page


_UNREAD = (
    "json_extract(hint, '$.unread') and exists (select 1 from seen_on own where own.source = page.source"
    " and own.page = page.url"
    " and not exists (select 1 from seen_on other where other.id = own.id and other.page != own.page))"
)
_MAY_HOLD = f"coalesce(status, 200) not in {GONE} and not (fetched_at is null and failures >= {TRIES})"


@cache
def _known() -> _Phrases:
    return configfile.load(PHRASES, _Phrases)
