"""Documents as rows of a table: what they say, masked as they are kept, and how they are handled."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from indexer.document import Document, Stance
from indexer.handling import Handling
from indexer.text.shown import visible
from indexer.web import labels

Cell = str | int | float | datetime | None
AT_ONCE = 500
"""Documents whose handling is looked up together."""
_GRAVEST_FIRST = ("unlawful", "aggressive", "lawful")


@dataclass(frozen=True)
class Exported:
    """A Document and its handling; times are told in `zone`."""

    document: Document
    handling: Handling
    zone: tzinfo

    def cells(self) -> list[Cell]:
        """One for each of HEADINGS."""
        return [_plain(make(self)) for _, make in _COLUMNS]


def exported(
    documents: Iterable[Document], handlings: Callable[[Sequence[str]], dict[str, Handling]], zone: tzinfo
) -> Iterator[Exported]:
    """The documents in their order, each with its handling."""
    coming = iter(documents)
    while some := list(islice(coming, AT_ONCE)):
        handled = handlings([it.id for it in some])
        yield from (Exported(it, handled[it.id], zone) for it in some)


def _plain(cell: Cell) -> Cell:
    """Text without what is not to be seen, nor halves of characters."""
    return visible(cell).encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def _local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """As a clock in `zone` shows it: spreadsheets know no zones."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None


def _practices(it: Document, stance: Stance) -> str:
    return "、".join(dict.fromkeys(practice.id for practice in it.practices if practice.stance == stance))


def _gravest(it: Document) -> str:
    asserted = {practice.severity for practice in it.practices if practice.stance == "asserted"}
    return next((labels.SEVERITY[grade] for grade in _GRAVEST_FIRST if grade in asserted), "")


def _status(it: Document) -> str:
    return labels.STATUS[it.complaint.status] if it.complaint and it.complaint.status else ""


_COLUMNS: Sequence[tuple[str, Callable[[Exported], Cell]]] = (
    ("编号", lambda it: it.document.id),
    ("发布时间", lambda it: _local(it.document.published_at, it.zone)),
    ("标题", lambda it: it.document.title),
    ("正文", lambda it: it.document.body),
    ("机构", lambda it: "、".join(it.document.lenders)),
    ("断言的行为", lambda it: _practices(it.document, "asserted")),
    ("可能的行为", lambda it: _practices(it.document, "possible")),
    ("否认的行为", lambda it: _practices(it.document, "denied")),
    ("最重程度", lambda it: _gravest(it.document)),
    ("情感", lambda it: round(it.document.sentiment, 4)),
    ("情感分类", lambda it: labels.SENTIMENT[it.document.sentiment_label]),
    ("最负面一句", lambda it: it.document.worst_sentence.text if it.document.worst_sentence else ""),
    ("谁在说", lambda it: labels.VOICE[it.document.voice]),
    ("类型", lambda it: labels.KIND[it.document.kind]),
    ("来源", lambda it: it.document.source),
    ("网站", lambda it: it.document.site),
    ("作者（化名）", lambda it: it.document.author),
    ("网址", lambda it: it.document.url),
    ("首次发现", lambda it: _local(it.document.first_seen_at, it.zone)),
    ("原文删除", lambda it: _local(it.document.deleted_at, it.zone)),
    ("同稿", lambda it: it.document.story),
    ("转载自", lambda it: it.document.reprint_of),
    ("同一推手", lambda it: it.document.campaign),
    ("投诉进度", lambda it: _status(it.document)),
    ("投诉对象", lambda it: it.document.complaint.merchant if it.document.complaint else ""),
    ("诉求", lambda it: it.document.complaint.demand if it.document.complaint else ""),
    ("涉诉金额", lambda it: it.document.complaint.amount if it.document.complaint else None),
    ("回复数", lambda it: it.document.engagement.get("replies")),
    ("点赞数", lambda it: it.document.engagement.get("likes")),
    ("浏览数", lambda it: it.document.engagement.get("views")),
    ("存证 WARC", lambda it: it.document.evidence.warc if it.document.evidence else ""),
    ("存证偏移", lambda it: it.document.evidence.offset if it.document.evidence else None),
    ("存证 SHA-256", lambda it: it.document.evidence.sha256 if it.document.evidence else ""),
    ("处理状态", lambda it: labels.HANDLING[it.handling.state]),
    ("负责人", lambda it: it.handling.owner),
    ("处理备注", lambda it: it.handling.note),
    ("处理时间", lambda it: _local(it.handling.at, it.zone)),
)
HEADINGS = tuple(heading for heading, _ in _COLUMNS)
