"""Which documents print a story, and which print of it was the first."""

import sqlite3

from indexer.document import Document
from indexer.likeness.stale import Stale
from indexer.likeness.texts import Texts
from indexer.state import timestamp


class Reprints:
    """Names the first print of every story, whatever order the prints come in: the earliest by `Document.at`,
    then the least id. All of it joins an open transaction.
    """

    def __init__(self, db: sqlite3.Connection, texts: Texts, stale: Stale) -> None:
        self.db, self.texts, self.stale = db, texts, stale

    def put(self, document: Document, text: int | None) -> None:
        """This document prints that text now; None: one that is too short to be told from others."""
        at = timestamp(document.at)
        old = self.db.execute("select text, at from print where id = ?", (document.id,)).fetchone()
        if old and (old["text"], old["at"]) == (text, at):
            return
        if old:
            self.drop(document.id)
        if text is None:
            return
        self.db.execute("insert into print (id, text, at) values (?, ?, ?)", (document.id, text, at))
        story = self._story(text)
        first = self.db.execute("select at, first from story where text = ?", (story["seq"],)).fetchone()
        if first is None:
            self.db.execute("insert into story (text, at, first) values (?, ?, ?)", (story["seq"], at, document.id))
        elif (at, document.id) < tuple(first):
            self._set_first(story, at, document.id)

    def drop(self, id: str) -> None:
        """This document prints nothing any more."""
        row = self.db.execute("delete from print where id = ? returning text", (id,)).fetchone()
        if row is None:
            return
        story = self._story(row["text"])
        if self.db.execute("delete from story where text = ? and first = ?", (story["seq"], id)).rowcount:
            prints = (
                self.db.execute("select at, id from print where text = ? order by at, id limit 1", (text,)).fetchone()
                for text in self.texts.members(story["name"])
            )
            if first := min((tuple(found) for found in prints if found), default=None):
                self._set_first(story, *first)

    def told(self, document: Document) -> tuple[str, str | None]:
        """`story` and `reprint_of` of a document as they are now."""
        row = self.db.execute(
            "select named.name, story.first from print join text on text.seq = print.text"
            " join text named on named.name = text.story join story on story.text = named.seq where print.id = ?",
            (document.id,),
        ).fetchone()
        if row is None:
            return document.story, None
        return row["name"], row["first"] if row["first"] != document.id else None

    def _story(self, text: int) -> sqlite3.Row:
        """`name` of the story of a text, and `seq` of the text that it is named for."""
        row: sqlite3.Row = self.db.execute(
            "select named.name, named.seq from text join text named on named.name = text.story where text.seq = ?",
            (text,),
        ).fetchone()
        return row

    def _set_first(self, story: sqlite3.Row, at: str, id: str) -> None:
        """Another print is the first, which all others are to name."""
        self.db.execute("insert or replace into story (text, at, first) values (?, ?, ?)", (story["seq"], at, id))
        self.stale.add("text", self.texts.members(story["name"]))
