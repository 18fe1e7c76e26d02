"""Where a text shows what was searched. The same for both stores, as it needs none."""

from collections.abc import Collection, Iterator

from indexer.store.query import Node, phrases
from indexer.store.tokens import fold, is_ideograph, tokens

MOST = 1000
"""Places in one text that are marked."""
LONGEST = 600
"""Characters of a snippet that would be longer to hold a match whole, such as a word of a megabyte."""


def highlight(text: str, node: Node | None) -> list[tuple[int, int]]:
    """Spans (start, end) of `text` that hold a phrase of the query, sorted and disjoint."""
    wanted = {phrase.tokens for phrase in phrases(node)}
    # Ideographs stand side by side in the stream where they do in the text, which need not be cut up then.
    plain = {phrase for phrase in wanted if all(map(is_ideograph, phrase))}
    found = [*_written(text, plain), *_streamed(text, wanted - plain)]
    return _merged(sorted(found))[:MOST]


def _written(text: str, wanted: Collection[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    folded = fold(text) if wanted else ""
    for phrase in map("".join, wanted):
        at = folded.find(phrase)
        while at >= 0:
            yield at, at + len(phrase)
            at = folded.find(phrase, at + 1)


def _streamed(text: str, wanted: Collection[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    stream = tokens(text) if wanted else []
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in wanted:
        by_first.setdefault(phrase[0], []).append(phrase)
    for place, token in enumerate(stream):
        for phrase in by_first.get(token.text, ()):
            window = stream[place : place + len(phrase)]
            if tuple(it.text for it in window) == phrase:
                yield token.start, window[-1].end


def snippet(text: str, node: Node | None, width: int = 120) -> tuple[int, int]:
    """The span of some `width` characters that shows most of the query, from the beginning of a sentence if near."""
    spans = highlight(text, node)
    if len(text) <= width:
        return 0, len(text)
    if not spans:
        return 0, width
    best = max(spans, key=lambda span: (sum(span[0] <= start < span[0] + width for start, _ in spans), -span[0]))
    start = max(0, best[0] - width // 4)
    begin = max(text.rfind(mark, start, best[0]) for mark in "。！？；\n") + 1
    start = min(begin or start, max(0, len(text) - width))
    return start, min(len(text), start + max(width, min(best[1] - start, LONGEST)))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
