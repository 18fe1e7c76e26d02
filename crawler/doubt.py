"""Whether a page that lacks most of what it held was read as it is, or has a layout by which it can't be read."""

import html
import re
from collections.abc import Collection
from itertools import islice

from crawler.frontier import Known
from crawler.run import Run
from indexer.text.escapes import read_json

MOST_LEFT = 0.5
"""Part of what a page held that is left, at most, where its reading is in doubt."""
FEWEST = 2
"""Posts that a page lost, at least, where nothing but their number speaks for another layout."""
SAMPLED = 20
"""Lost Posts whose words are looked for on the page."""
SHORTEST = 6
"""Characters of a line that can be looked for."""
_TAGS = re.compile(r"<[^<>]{0,2000}>")


def doubtful(run: Run, page: str, held: Collection[str], text: str, known: Known) -> frozenset[str]:
    """Ids of the Posts that the page held and lacks, where that is no deletion; nothing where it may be one.

    It is none where the words of most still stand on the page. Where they don't, as on a site that has scripts or a
    login show its replies now, the first visit that finds it believes nothing; a later one does, if a crawl since then
    could read other pages of the source.
    """
    lost, before = run.vanished.lacks(page, held)
    if not lost or len(held) > MOST_LEFT * before:
        return frozenset()
    if _stand_there(run, lost, text):
        return frozenset(lost)
    since = known.hint.get("doubted_in")
    if len(lost) < FEWEST or (since and _read_others(run, int(since))):
        return frozenset()
    return frozenset(lost)


def _stand_there(run: Run, lost: Collection[str], text: str) -> bool:
    """Whether the longest lines of most lost Posts are on the page, wherever."""
    posts = list(filter(None, map(run.spool.newest, islice(lost, SAMPLED))))
    lines = [max((_squeezed(line) for line in it.text.split("\n")), key=len, default="") for it in posts]
    lines = [line for line in lines if len(line) >= SHORTEST]
    shown = _squeezed(html.unescape(_TAGS.sub("", read_json(text))))
    return bool(lines) and 2 * sum(line in shown for line in lines) >= len(lines)


def _read_others(run: Run, since: int) -> bool:
    """Whether a crawl after that one read several Posts on some page."""
    found = run.state.db.execute(
        "select 1 from run where source = ? and seq > ? and json_extract(counts, '$.\"read.whole\"') > 0 limit 1",
        (run.source.name, since),
    )
    return run.counts["read.whole"] > 0 or found.fetchone() is not None


def _squeezed(text: str) -> str:
    return "".join(text.split())
