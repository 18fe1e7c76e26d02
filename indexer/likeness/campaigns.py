"""Campaigns: documents by one hand, joined by the pieces of evidence that they carry."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import permutations

from indexer.document import Document
from indexer.likeness.evidence import ALONE, NOT, ROLES, Carrier, Evidence, domain, keys, text_key
from indexer.likeness.stale import Stale
from indexer.state import timestamp

First = tuple[str, str]
"""When the oldest document of a group was first seen, and its id."""


class Campaigns:
    """Joined components of the pieces of evidence that tie, each named for its document first seen.

    So the older of two that turn out to be one gives its name. One object for each transaction, which it joins: what
    changes is noted by `carry`, `drop` and `fill`, and worked out by `settle`.
    """

    def __init__(self, db: sqlite3.Connection, stale: Stale) -> None:
        self.db, self.stale = db, stale
        self.evidence = Evidence(db)
        self._touched: set[str] = set()
        self._joined: set[tuple[str, str]] = set()

    def carry(self, document: Document, text: int | None, length: int, about: str) -> None:
        """This document is of the text with that number and length, mostly about those lenders."""
        carrier = Carrier(
            id=document.id,
            seen=timestamp(document.first_seen_at),
            role=ROLES[document.voice],
            text=document.id if text is None else str(text),
            site=domain(document.site) if document.contacts else "",
            about=about,
        )
        wanted = dict.fromkeys(keys(document, text, length), carrier)
        known = self.evidence.carried_by(document.id)
        if wanted == known:
            return
        self._remove(known)
        for key in wanted:
            self.evidence.add(key, carrier)
        self._touched |= wanted.keys()
        if carrier.role != "witness":
            self._tie(permutations(wanted, 2))

    def drop(self, id: str) -> None:
        """This document is gone."""
        self._remove(self.evidence.carried_by(id))

    def fill(self, text: int, others: Iterable[int]) -> None:
        """This text is of a template that the others are of."""
        for other in others:
            self._tie([(text_key(text), text_key(other)), (text_key(other), text_key(text))])
            self._touched |= {text_key(text), text_key(other)}

    def settle(self) -> None:
        """Work out what the changes come to."""
        began, ended = self._changes()
        began |= self._dissolve(ended)
        while began:
            found, campaigns = self._component(began)
            self._merge(campaigns, found)
        for one, other in self._joined:
            named = {name for name in map(self._campaign, (one, other)) if name}
            if len(named) == 2 and self._ties(one) == self._ties(other) == ALONE:
                self._merge(named, ())
        for key in sorted(self._touched):
            if (campaign := self._campaign(key)) and self._first(key) < self._first_of(campaign):
                self._merge({campaign}, (key,))

    def _remove(self, known: dict[str, Carrier]) -> None:
        for key, carrier in known.items():
            self.evidence.remove(key, carrier)
        self._touched |= known.keys()

    def _tie(self, pairs: Iterable[tuple[str, str]]) -> None:
        for pair in pairs:
            if self.db.execute("insert or ignore into tie (one, other) values (?, ?)", pair).rowcount:
                self._joined.add(pair)

    def _changes(self) -> tuple[set[str], set[str]]:
        """The pieces of evidence that tie now and did not, and those that did and don't."""
        began, ended = set(), set()
        waiting, done = set(self._touched), set[str]()
        while waiting:
            key = waiting.pop()
            done.add(key)
            row = self.db.execute("select ties from evidence where key = ?", (key,)).fetchone()
            now = self.evidence.ties(key) if row else NOT
            if row is None or row["ties"] == now:
                continue
            self.db.execute("update evidence set ties = ? where key = ?", (now, key))
            if now == ALONE:
                began.add(key)
            elif row["ties"] == ALONE:
                ended.add(key)
            waiting |= set(self._dependent(key)) - done
        return began, ended

    def _dependent(self, key: str) -> list[str]:
        """Pieces of evidence whose tying depends on that of another: the same contact by site, texts of a template."""
        if key.startswith("text:"):
            asked = "select other as key from tie where one = ? and other like 'text:%'"
            return [row["key"] for row in self.db.execute(asked, (key,))]
        if "@" in key:
            return []
        asked = "select key from evidence where key > ? and key < ?"
        return [row["key"] for row in self.db.execute(asked, (f"{key}@", f"{key}A"))]

    def _dissolve(self, ended: set[str]) -> set[str]:
        """Takes apart the campaigns that lost a piece of evidence; returns what still ties and is to be joined anew."""
        members: set[str] = set()
        for campaign in {name for name in map(self._campaign, sorted(ended)) if name}:
            rows = self.db.execute("select key from evidence where campaign = ?", (campaign,))
            members |= {row["key"] for row in rows}
            self.db.execute("update evidence set campaign = null where campaign = ?", (campaign,))
            self.db.execute("delete from campaign where name = ?", (campaign,))
        self.stale.add("evidence", members)
        return {key for key in members if self._ties(key) == ALONE}

    def _component(self, among: set[str]) -> tuple[list[str], set[str]]:
        """Takes from `among` what hangs together, and tells the campaigns that it hangs together with."""
        waiting, found, campaigns = [among.pop()], [], set()
        while waiting:
            key = waiting.pop()
            found.append(key)
            for row in self.db.execute(
                "select key, campaign from tie join evidence on key = other where one = ? and ties = ?", (key, ALONE)
            ).fetchall():
                if row["key"] in among:
                    among.remove(row["key"])
                    waiting.append(row["key"])
                elif row["campaign"]:
                    campaigns.add(row["campaign"])
        return found, campaigns

    def _merge(self, campaigns: set[str], more: Sequence[str]) -> None:
        """Makes one campaign of several and of pieces of evidence; the oldest document names it."""
        first = min([*map(self._first_of, campaigns), *map(self._first, more)])
        name = hashlib.sha256(f"campaign:{first[1]}".encode()).hexdigest()[:16]
        for campaign in campaigns - {name}:
            rows = self.db.execute("select key from evidence where campaign = ?", (campaign,)).fetchall()
            self.stale.add("evidence", [row["key"] for row in rows])
            self.db.execute("update evidence set campaign = ? where campaign = ?", (name, campaign))
            self.db.execute("delete from campaign where name = ?", (campaign,))
        self.db.execute("insert or replace into campaign (name, seen, id) values (?, ?, ?)", (name, *first))
        for key in more:
            self.db.execute("update evidence set campaign = ? where key = ?", (name, key))
        self.stale.add("evidence", more)

    def _campaign(self, key: str) -> str | None:
        row = self.db.execute("select campaign from evidence where key = ?", (key,)).fetchone()
        return row["campaign"] if row else None

    def _ties(self, key: str) -> int:
        (ties,) = self.db.execute("select ties from evidence where key = ?", (key,)).fetchone()
        return int(ties)

    def _first(self, key: str) -> First:
        asked = "select seen, id from carrier where key = ? and role <> 'witness' order by seen, id limit 1"
        seen, id = self.db.execute(asked, (key,)).fetchone()
        return seen, id

    def _first_of(self, campaign: str) -> First:
        seen, id = self.db.execute("select seen, id from campaign where name = ?", (campaign,)).fetchone()
        return seen, id


def campaign_of(db: sqlite3.Connection, document: Document) -> str | None:
    """The campaign of a document as it is now."""
    if ROLES[document.voice] == "witness":
        return None
    row = db.execute(
        "select campaign from carrier join evidence using (key) where id = ? and campaign is not null limit 1",
        (document.id,),
    ).fetchone()
    return row["campaign"] if row else None
