"""Masking against marked lines, set by set.

`python -m bench.masking [SET…]`. Recall: the share of the marks of a kind of which no letter or digit is left.
Precision: the share of the masks of a kind that touch a mark of any kind (a phone taken for a bank card is masked all
the same). Clean lines: how many came back whole. Then each failure.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from indexer.meaning.lenders import Lenders
from indexer.text.privacy import Masker
from indexer.text.privacy.found import MASKS

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests/data/masking"
CONFIG = ROOT / "config"
SETS = ("tune", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
"""The sets of marked lines, in the order in which they were written; `tune` holds the first and the second."""
_MARK = re.compile("⟦(?P<kind>[a-z_]+):(?P<text>[^⟧]+)⟧")
_MASK = re.compile(f"({'|'.join(map(re.escape, MASKS.values()))})")
_KIND = {mask: kind for kind, mask in MASKS.items()}

Span = tuple[int, int, str]


@dataclass
class Figures:
    """How many marks and masks there were of each kind, how many of them were right, and what failed, in words."""

    marks: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    masks: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    whole: int = 0
    failures: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        return sum(self.gone[kind] for kind in kinds) / max(1, sum(self.marks[kind] for kind in kinds))

    def precision(self, *kinds: str) -> float:
        return sum(self.right[kind] for kind in kinds) / max(1, sum(self.masks[kind] for kind in kinds))


def lines(half: str) -> list[str]:
    """The marked lines of a set; `\\n` in one is a line end."""
    text = (DATA / f"{half}.txt").read_text(encoding="utf-8")
    return [line.replace("\\n", "\n") for line in text.splitlines() if line and not line.startswith("#")]


def unmarked(line: str) -> tuple[str, list[Span]]:
    """The line without its marks, and where each mark was."""
    plain, spans, at = "", [], 0
    for match in _MARK.finditer(line):
        plain += line[at : match.start()]
        spans.append((len(plain), len(plain) + len(match["text"]), match["kind"]))
        plain += match["text"]
        at = match.end()
    return plain + line[at:], spans


def masked(text: str, after: str) -> list[Span]:
    """Where the masks of `after` were put in `text`."""
    pieces = _MASK.split(after)
    match = re.fullmatch("".join("(.+?)" if piece in _KIND else re.escape(piece) for piece in pieces), text, re.DOTALL)
    assert match, (text, after)
    kinds = [_KIND[piece] for piece in pieces if piece in _KIND]
    return [(*match.span(group), kind) for group, kind in enumerate(kinds, 1)]


def measure(half: str) -> Figures:
    figures = Figures()
    masker = Masker(b"a key", spare=Lenders.load(CONFIG / "lenders.yaml").names)
    for line in lines(half):
        text, marks = unmarked(line)
        after = masker.mask(text).text
        masks = masked(text, after)
        hidden = {place for start, end, _ in masks for place in range(start, end)}
        meant = {place for start, end, _ in marks for place in range(start, end)}
        kept = [it for it in marks if any(text[at].isalnum() and at not in hidden for at in range(*it[:2]))]
        wrong = [it for it in masks if not meant & set(range(*it[:2]))]
        figures.marks.update(kind for _, _, kind in marks)
        figures.gone.update(it[2] for it in marks if it not in kept)
        figures.masks.update(kind for _, _, kind in masks)
        figures.right.update(it[2] for it in masks if it not in wrong)
        figures.clean += not marks
        figures.whole += not marks and after == text
        if kept or wrong:
            said = [f"{kind} kept" for _, _, kind in kept] + [f"{kind} wrong" for _, _, kind in wrong]
            figures.failures.append(f"{', '.join(said)}: {text} → {after}")
    return figures


def report(half: str) -> None:
    figures = measure(half)
    print(f"{half}: {len(lines(half))} lines, of which {figures.clean} clean, {figures.whole} of these came back whole")
    print("| kind | marks | recall | precision |\n|---|---|---|---|")
    for kind in {**MASKS, **figures.marks}:
        print(f"| {kind} | {figures.marks[kind]} | {figures.recall(kind):.3f} | {figures.precision(kind):.3f} |")
    print(
        f"| all | {figures.marks.total()} | {figures.recall(*figures.marks):.3f} | {figures.precision(*MASKS):.3f} |",
        *figures.failures,
        "",
        sep="\n",
    )


if __name__ == "__main__":
    for name in sys.argv[1:] or SETS:
        report(name)
