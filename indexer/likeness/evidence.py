"""What ties documents to one hand: contacts, a contact on one site, and texts of one template; and when it does."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import tldextract

from indexer.document import Document, Voice

MOST_CONTACTS = 6
"""Contacts of a document from which on it is a directory, which advertises none of them."""
RARE = 50
"""Texts up to which a contact ties wherever they are."""
TEMPLATE = 100
"""Characters from which a text that is of a template ties: shorter ones are figures of speech."""

Role = Literal["member", "reporter", "witness"]
#: Promotion and advice take part. News takes part by a contact, and like complaints and statements it is a witness
#: that the contact is public. Complaints and statements never take part.
ROLES: dict[Voice, Role] = {
    "promotion": "member",
    "guide": "member",
    "news": "reporter",
    "complaint": "witness",
    "statement": "witness",
}
#: How a piece of evidence ties: not, by itself, or (a contact that is too common) only together with the site.
NOT, ALONE, WITH_SITE = 0, 1, 2

_domain = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True)
class Carrier:
    """A document that carries a piece of evidence. `text` and `about` say what it is a copy of and whom it names."""

    id: str
    seen: str
    role: Role
    text: str
    site: str
    about: str


def keys(document: Document, text: int | None, length: int) -> Iterator[str]:
    """The pieces of evidence in a document with a text of that number and length."""
    contacts = document.contacts if len(document.contacts) <= MOST_CONTACTS else ()
    yield from contacts
    if ROLES[document.voice] == "member":
        if site := domain(document.site):
            yield from (f"{contact}@{site}" for contact in contacts)
        if text is not None and length >= TEMPLATE:
            yield text_key(text)


def text_key(text: int) -> str:
    return f"text:{text}"


def domain(site: str) -> str:
    """What was registered of a host name: a farm has many names below one."""
    return _domain(site).top_domain_under_public_suffix or site if site else ""


class Evidence:
    """Who carries which piece of evidence, how widely, and whether it ties. All of it joins an open transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def carried_by(self, id: str) -> dict[str, Carrier]:
        """The pieces of evidence that a document carries."""
        rows = self.db.execute("select key, id, seen, role, text, site, about from carrier where id = ?", (id,))
        return {row["key"]: Carrier(*tuple(row)[1:]) for row in rows}

    def add(self, key: str, it: Carrier) -> None:
        self.db.execute("insert or ignore into evidence (key) values (?)", (key,))
        self.db.execute(
            "insert into carrier (key, seen, id, role, text, site, about) values (?, ?, ?, ?, ?, ?, ?)",
            (key, it.seen, it.id, it.role, it.text, it.site, it.about),
        )
        self._count(key, it, 1)

    def remove(self, key: str, it: Carrier) -> None:
        self.db.execute("delete from carrier where key = ? and seen = ? and id = ?", (key, it.seen, it.id))
        self._count(key, it, -1)

    def _count(self, key: str, it: Carrier, by: int) -> None:
        if it.role != "witness":
            self.db.execute("update evidence set documents = documents + ? where key = ?", (by, key))
        for column, value in _breadth(key, it):
            (documents,) = self.db.execute(
                "insert into breadth (key, what, value, documents) values (?, ?, ?, ?)"
                " on conflict do update set documents = documents + excluded.documents returning documents",
                (key, column, value, by),
            ).fetchone()
            if documents == 0:
                self.db.execute("delete from breadth where key = ? and what = ? and value = ?", (key, column, value))
            if documents == 0 or (documents == 1 and by == 1):
                self.db.execute(f"update evidence set {column} = {column} + ? where key = ?", (by, key))

    def ties(self, key: str) -> int:
        """How a piece of evidence ties now: NOT, ALONE or WITH_SITE."""
        if key.startswith("text:"):
            return self._template_ties(key)
        contact, _, site = key.partition("@")
        row = self.db.execute("select * from evidence where key = ?", (contact,)).fetchone()
        if not site:
            return _contact_ties(row)
        (documents,) = self.db.execute("select documents from evidence where key = ?", (key,)).fetchone()
        return ALONE if documents > 1 and _contact_ties(row) == WITH_SITE else NOT

    def _template_ties(self, key: str) -> int:
        """A template ties while texts of it that differ in more than words are there."""
        row = self.db.execute(
            "select 1 from evidence join tie on tie.one = evidence.key join evidence filled on filled.key = tie.other"
            " where evidence.key = ? and evidence.documents > 0 and filled.documents > 0 and tie.other like 'text:%'"
            " limit 1",
            (key,),
        ).fetchone()
        return ALONE if row else NOT


def _breadth(key: str, it: Carrier) -> Iterator[tuple[str, str]]:
    """The columns of `evidence` that a carrier adds to, with what is counted once there."""
    if key.startswith("text:") or "@" in key:
        return
    # A file says nothing of a site. A number in it may be anybody's hotline; an account is the writer's own.
    yield "sites", it.site or (it.text if key.startswith("phone:") else "")
    yield "texts", it.text
    if it.role != "member":
        yield "witnesses", it.text
    if it.about:
        yield "lenders", it.about
        yield "named", it.text


def _contact_ties(row: sqlite3.Row) -> int:
    """Rarity and breadth decide; docs/likeness.md explains the rule."""
    texts, sites = row["texts"], row["sites"]
    public = 3 * row["witnesses"] >= texts
    of_a_lender = sites >= 3 and row["lenders"] == 1 and 2 * row["named"] >= texts
    if row["documents"] < 2 or public or of_a_lender:
        return NOT
    return ALONE if texts <= RARE or 3 * sites <= texts else WITH_SITE
