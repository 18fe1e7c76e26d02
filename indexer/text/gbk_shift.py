"""Mends GBK text that was read one byte off: 拇呤帐侄危 → (的)催收手段.

How it comes about: a site puts pinyin behind characters by searching bytes, and finds 數 (94 B5) across the
border of 當的 (AE 94 · B5 C4). `(shù)` lands inside 的; its first byte and the parenthesis are read as `?`, and
every character from there on is made of the halves of two, until a byte below 0x80 sets the reading right again.

The mending is a search over the characters of a line (indexer/text/gbk_search.py). A reading is either in step (what
is shown is what was written) or off by one (a lead byte is pending, and each shown character's bytes end one written
character and begin the next). Going out of step costs, going back costs, and so does every character that is unlikely
Chinese after the one before it. The search begins where a line could go out of step and ends where one reading in
step is left; its cheapest reading wins if it beats the line as it stands by a clear margin.
"""

import re
from functools import cache
from itertools import pairwise

from indexer.text.gbk_prices import Prices, rare
from indexer.text.gbk_search import ANCHOR, Search
from indexer.text.likelihood import likelihood
from indexer.text.simplify import simple

STRANGE = 7.5
"""Nats a character, on average, from which a stretch with rare characters is strange; shifted text has twice that."""
BUDGET = 400_000
"""Readings of a text that are tried, about a second's work: enough for 40,000 characters with a shift in every line;
what is left then stays as it is."""


def mend_shift(text: str) -> tuple[str, int, int]:
    """The text, how many shifted runs were mended, and how many bytes in them had to be given up."""
    if not _suspicious().search(text):
        return text, 0, 0
    price, lines, spots, unsure, budget = Prices(text), [], 0, 0, BUDGET
    for line in text.split("\n"):
        mended = line
        if budget > 0 and _is_suspicious(line):
            search = Search(line, price, budget)
            mended, budget = search.mended(), search.budget
            spots, unsure = spots + search.spots, unsure + search.unsure
        lines.append(mended)
    return "\n".join(lines), spots, unsure


@cache
def _suspicious() -> re.Pattern[str]:
    """Private use, the tail of an annotation without its head, or `rare` characters close together."""
    seldom = "".join(sorted(rare()))
    return re.compile(f"[\ue000-\uf8ff]|{ANCHOR.pattern}|(?P<rare>[{seldom}].{{0,2}}[{seldom}])", re.IGNORECASE)


def _is_suspicious(line: str) -> bool:
    """Whether the beam search is worth its time: rare characters count only where they stand strangely together."""
    cost = likelihood().cost
    for match in _suspicious().finditer(line):
        if not match["rare"]:
            return True
        around = [simple(char) for char in line[max(0, match.start() - 1) : match.start() + 8]]
        costs = [cost(before, char) for before, char in pairwise(around)]
        if sum(costs) > STRANGE * len(costs):
            return True
    return False
