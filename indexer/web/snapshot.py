"""A page as it was fetched, read from its WARC file and made harmless."""

import hashlib
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path

from lxml.etree import LxmlError
from lxml_html_clean import Cleaner
from w3lib.encoding import html_to_unicode
from warcio.archiveiterator import ArchiveIterator

from indexer.post import Evidence

LARGEST = 10_000_000
"""Bytes of a page that are read."""
LOOKS = (
    "class",
    "id",
    "colspan",
    "rowspan",
    "align",
    "valign",
    "width",
    "height",
    "dir",
    "lang",
    "title",
    "alt",
)
"""What elements may keep: how they look, and nothing that leads or loads."""
PAGE = '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>存证</title></head>{}</html>'


class NoEvidence(Exception):
    """The evidence can't be shown; the message is for people."""


@dataclass(frozen=True)
class Kept:
    """A page as it was fetched: its bytes and the Content-Type that they came with."""

    body: bytes
    content_type: str
    sha256: str


def read(folder: Path, evidence: Evidence | None) -> Kept:
    """The record that the evidence names. Raises NoEvidence."""
    if evidence is None or Path(evidence.warc).name != evidence.warc:
        raise NoEvidence("没有网页存证（由文件导入）。")
    try:
        with (folder / evidence.warc).open("rb") as file:
            file.seek(evidence.offset)
            record = next(iter(ArchiveIterator(file)))
            headers = record.http_headers
            content_type = (headers.get_header("Content-Type") or "") if headers else ""
            stream = record.content_stream()
            body = b"".join(islice(iter(lambda: stream.read(65536), b""), LARGEST // 65536 + 1))
    except FileNotFoundError:
        raise NoEvidence("存证文件已不在数据目录中（可能已按保留期删除）。") from None
    except Exception as error:  # whatever bytes make of the reader of archives
        raise NoEvidence(f"存证文件读不出来：{type(error).__name__}。") from error
    return Kept(body, content_type, hashlib.sha256(body).hexdigest())


def harmless(kept: Kept) -> str:
    """The page without anything that acts, loads or leads elsewhere; what is no HTML as plain text."""
    _, text = html_to_unicode(kept.content_type or None, kept.body)
    if _is_html(kept.content_type, text):
        try:
            return PAGE.format(_CLEANER.clean_html(_undeclared(text)))
        except (LxmlError, ValueError, RecursionError):
            pass  # what the parser can't read is shown as it was sent
    return PAGE.format(f"<body><pre>{'（不是文字）' if chr(0) in text[:1000] else escape(text)}</pre></body>")


_CLEANER = Cleaner(
    scripts=True,
    javascript=True,
    comments=True,
    style=True,
    inline_style=True,
    links=True,
    meta=True,
    page_structure=True,
    processing_instructions=True,
    embedded=True,
    frames=True,
    forms=True,
    annoying_tags=True,
    kill_tags=("svg", "math", "canvas", "video", "audio"),
    safe_attrs_only=True,
    safe_attrs=frozenset(LOOKS),
)


def _is_html(content_type: str, text: str) -> bool:
    return "html" in content_type.lower() or (not content_type and "<" in text[:2000])


def _undeclared(text: str) -> str:
    """Without an encoding declaration, which lxml refuses in text."""
    return text.split("?>", 1)[1] if text.lstrip().startswith("<?xml") and "?>" in text[:300] else text
