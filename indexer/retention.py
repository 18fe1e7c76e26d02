"""How long things are kept: whole months go, by when a Post was first fetched (UTC)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.handling import Handlings
from indexer.labels.label import Labels
from indexer.spool import Spool
from indexer.store.base import Store

if TYPE_CHECKING:
    from indexer.likeness.placing import Likeness

_PERIOD = re.compile(r"([1-9]\d{0,2})([my])")


class NoPeriod(ValueError):
    """What was written is no number of months or years."""


@dataclass(frozen=True)
class Month:
    """What goes with a month (as 2026.11): Documents of the store, and versions of Posts in the spool."""

    name: str
    documents: int
    versions: int


@dataclass(frozen=True)
class Going:
    """What is older than `first`, the first month that stays. `evidence` are WARC files last written to before it."""

    first: str
    months: tuple[Month, ...]
    evidence: tuple[Path, ...]


def months_kept(written: str) -> int:
    """24m and 2y are 24. Raises NoPeriod."""
    if found := _PERIOD.fullmatch(written.strip()):
        return int(found[1]) * (12 if found[2] == "y" else 1)
    raise NoPeriod(f"{written!r}: expected a number of months or years, such as 24m or 2y")


def going(store: Store, spool: Spool, warc: Path, *, keep: int, now: datetime) -> Going:
    """What ended at least `keep` whole months before the current one began."""
    year, month = divmod(now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1 - keep, 12)
    first = f"{year:04}.{month + 1:02}"
    documents, versions = store.months(), spool.months()
    names = sorted(name for name in {*documents, *versions} if name < first)
    begin = datetime(year, month + 1, 1, tzinfo=UTC).timestamp()
    files = sorted(file for file in warc.glob("*.warc.gz") if file.stat().st_mtime < begin)
    months = tuple(Month(name, documents.get(name, 0), versions.get(name, 0)) for name in names)
    return Going(first, months, tuple(files))


def let_go(what: Going, store: Store, spool: Spool, likeness: "Likeness", *, evidence: bool) -> None:
    """Delete it. Posts before documents, so that no `reindex` brings one back; killed in between, the next run goes on.
    Pages that have rested since are visited no more, as what they hold would come back as new.

    Documents that stay and named one that goes as the first print are written again by the next job.
    """
    names, labels, handlings = [month.name for month in what.months], Labels(spool.state), Handlings(spool.state)
    for ids in spool.ids(names):
        likeness.forget(ids)
        labels.forget(ids)
        handlings.forget(ids)
    with spool.state.transaction() as db:
        db.execute("update page set due_at = null where changed_at < ?", (what.first.replace(".", "-"),))
    spool.forget(names)
    store.drop(names)
    for file in what.evidence if evidence else ():
        file.unlink(missing_ok=True)
