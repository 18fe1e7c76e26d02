"""Texts that were seen, and which are near-identical: locality-sensitive hashing in the state file."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.likeness.fingerprint import COMPARED, Fingerprint, Relation, Sketch, relation, sketch
from indexer.likeness.stale import Stale

FULL = 64
"""Texts of one band that are kept: a hostile million in one bucket makes nobody compare more."""
MOST_COMPARED = 64
"""Texts that a new one is compared with: those that share most bands, the oldest first."""


@dataclass(frozen=True)
class Known:
    """A text by its number, None where it is too short to have one.

    `templates` are the texts of the same template that a new one was found to be like.
    """

    seq: int | None
    templates: tuple[int, ...] = ()


class Texts:
    """Every text once, with its story: the least name of all that are linked by being reprints of one another.

    Texts stay when their documents go. All of it joins an open transaction.
    """

    def __init__(self, db: sqlite3.Connection, stale: Stale) -> None:
        self.db, self.stale = db, stale

    def know(self, found: Fingerprint) -> Known:
        """The text with this fingerprint, compared with the others where it is new."""
        name = found.name
        row = self.db.execute("select seq from text where name = ?", (name,)).fetchone()
        if row:
            return Known(row["seq"])
        drawn = sketch(found.said) if len(found.said) >= COMPARED else None
        seq = self.db.execute(
            "insert into text (name, about, numbers, signature, story) values (?, ?, ?, ?, ?)",
            (name, found.about, " ".join(sorted(found.numbers)), drawn and drawn.signature, name),
        ).lastrowid
        assert seq is not None
        return Known(seq, self._compare(seq, found, drawn) if drawn else ())

    def members(self, story: str) -> list[int]:
        """The texts of a story."""
        asked = "select seq from text where name = ? union all select seq from text where story = ? and story <> name"
        return [row["seq"] for row in self.db.execute(asked, (story, story))]

    def _compare(self, seq: int, found: Fingerprint, drawn: Sketch) -> tuple[int, ...]:
        """Joins the stories of its reprints, keeps its bands, and returns the texts of its template."""
        new = (drawn.signature, found.about, found.numbers)
        related: dict[Relation | None, list[sqlite3.Row]] = {"reprint": [], "template": [], None: []}
        for other in self._near(seq, drawn.bands):
            related[relation(new, (other["signature"], other["about"], other["numbers"].split()))].append(other)
        if related["reprint"]:
            self._join({found.name, *(other["story"] for other in related["reprint"])})
        return tuple(other["seq"] for other in related["template"])

    def _near(self, seq: int, bands: Sequence[int]) -> list[sqlite3.Row]:
        """The texts that share bands with a new one, which is added to those that aren't full."""
        marks = ", ".join("?" * len(bands))
        rows = self.db.execute(f"select hash, text from band where hash in ({marks})", bands).fetchall()
        size = Counter(row["hash"] for row in rows)
        self.db.executemany(
            "insert or ignore into band (hash, text) values (?, ?)",
            [(band, seq) for band in bands if size[band] < FULL],
        )
        shared = Counter(row["text"] for row in rows)
        if not shared:
            return []
        nearest = sorted(shared, key=lambda text: (-shared[text], text))[:MOST_COMPARED]
        marks = ", ".join("?" * len(nearest))
        return self.db.execute(
            f"select seq, about, numbers, signature, story from text where seq in ({marks}) order by seq", nearest
        ).fetchall()

    def _join(self, stories: set[str]) -> None:
        """Makes one story of several; documents that carry another name or name another first print are stale."""
        keep, marks = min(stories), ", ".join("?" * len(stories))
        rows = self.db.execute(
            f"select name, seq, at, first from text left join story on text = seq where name in ({marks})", [*stories]
        ).fetchall()
        firsts = {row["name"]: (row["at"], row["first"]) for row in rows if row["first"]}
        first = min(firsts.values(), default=None)
        for row in rows:
            if row["first"] and (row["name"] != keep or firsts[keep] != first):  # else nothing prints it yet
                self.stale.add("text", self.members(row["name"]))
        for row in rows:
            self.db.execute("delete from story where text = ?", (row["seq"],))
            if row["name"] == keep and first:
                self.db.execute("insert into story values (?, ?, ?)", (row["seq"], *first))
            elif row["name"] != keep:
                seqs = [(keep, seq) for seq in self.members(row["name"])]
                self.db.executemany("update text set story = ? where seq = ?", seqs)
