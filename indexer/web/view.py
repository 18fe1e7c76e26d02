"""What the templates show of a Document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain

from indexer.document import Document, Practice, Where
from indexer.store.base import Hit
from indexer.store.highlight import highlight, snippet
from indexer.store.query import Node
from indexer.web import labels
from indexer.web.marks import Segment, Span, paragraphs, segments

SNIPPET = 140
"""Characters of a text that the list of hits shows."""
LEAD = 20
"""Characters before the quote where a snippet shows a practice."""
_SURE = {"asserted": 0, "possible": 1, "denied": 2}
_GRAVE = {"unlawful": 0, "aggressive": 1, "lawful": 2}


@dataclass(frozen=True)
class Badge:
    """A practice, how surely it is said and how grave it is; `places` are its marks in the text (p1, p2 …)."""

    practice: Practice
    stance: str
    severity: str
    places: tuple[str, ...]
    lenders: tuple[str, ...]
    """Of whom it is said."""

    @property
    def value(self) -> str:
        """What the filter `stance` calls it."""
        return f"{self.practice.id}:{self.practice.stance}"


@dataclass(frozen=True)
class HitView:
    """A hit in the list."""

    document: Document
    title: list[Segment]
    snippet: list[Segment]
    cut_before: bool
    cut_after: bool
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class DocumentView:
    """A Document on its own page."""

    document: Document
    title: list[Segment]
    body: list[list[Segment]]
    badges: tuple[Badge, ...]
    worst: str


def hit_view(hit: Hit, node: Node | None) -> HitView:
    it = hit.document
    start, end = _window(it, node)
    return HitView(
        document=it,
        title=segments(title(it), _hits(title(it), node)),
        snippet=segments(it.body[start:end], _hits(it.body[start:end], node)),
        cut_before=start > 0,
        cut_after=end < len(it.body),
        badges=badges(it),
    )


def document_view(it: Document, node: Node | None) -> DocumentView:
    marks = list(chain(_practices(it), _lenders(it)))
    in_title = [span for span, where in marks if where == "title"] if it.title else []
    in_body = [span for span, where in marks if where == "body"]
    in_body += [Span(start, end, "restored", "网站屏蔽、由本系统补回的词") for start, end in it.restored]
    if worst := it.worst_sentence:
        in_body.append(Span(worst.start, worst.end, "worst", f"最负面的一句（{worst.score:.2f}）", "worst"))
    return DocumentView(
        document=it,
        title=segments(title(it), [*in_title, *_hits(title(it), node)]),
        body=list(paragraphs(segments(it.body, [*in_body, *_hits(it.body, node)]))),
        badges=badges(it),
        worst=f"{worst.score:.2f}" if worst else "",
    )


def title(it: Document) -> str:
    """The headline, else how the text begins."""
    return it.title if it.title.strip() else it.body.strip()[:40] or "（无文字）"


def badges(it: Document) -> tuple[Badge, ...]:
    """Each practice with each stance once, the surest and gravest first."""
    grouped: dict[tuple[str, str], list[tuple[int, Practice]]] = {}
    for number, practice in enumerate(it.practices, 1):
        grouped.setdefault((practice.id, practice.stance), []).append((number, practice))
    found = [
        Badge(
            group[0][1],
            labels.STANCE[stance],
            labels.SEVERITY[group[0][1].severity],
            tuple(f"p{number}" for number, _ in group),
            tuple(dict.fromkeys(practice.lender for _, practice in group if practice.lender)),
        )
        for (_, stance), group in grouped.items()
    ]
    return tuple(sorted(found, key=lambda badge: (_SURE[badge.practice.stance], _GRAVE[badge.practice.severity])))


def when(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _window(it: Document, node: Node | None) -> tuple[int, int]:
    """The part of the body worth showing: around what was searched, else around the gravest thing it says."""
    if node:
        return snippet(it.body, node, SNIPPET)
    start = next((badge.practice.start for badge in badges(it) if badge.practice.where == "body"), 0)
    start = max(0, min(start - LEAD, len(it.body) - SNIPPET))
    return start, start + SNIPPET


def _hits(text: str, node: Node | None) -> list[Span]:
    return [Span(start, end, "hit") for start, end in highlight(text, node)] if node else []


def _practices(it: Document) -> Iterator[tuple[Span, Where]]:
    for number, practice in enumerate(it.practices, 1):
        tip = f"{practice.id}（{labels.STANCE[practice.stance]}、{labels.SEVERITY[practice.severity]}）"
        classes = f"practice {practice.severity} {practice.stance}"
        yield Span(practice.start, practice.end, classes, tip, f"p{number}"), practice.where
        if (at := practice.quote.find(practice.phrase)) >= 0 and practice.phrase:
            start = practice.start + at
            yield Span(start, start + len(practice.phrase), "phrase"), practice.where


def _lenders(it: Document) -> list[tuple[Span, Where]]:
    return [
        (Span(mention.start, mention.end, "lender", f"机构：{mention.lender}"), mention.where)
        for mention in it.lender_mentions
    ]
