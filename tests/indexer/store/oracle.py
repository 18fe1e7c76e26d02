"""What a search must find, worked out the plain way: every document read, every rule written down once more."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from opencc import OpenCC

from indexer.document import Document
from indexer.store.base import Search, Tally

Predicate = Callable[[Document], bool]
_T2S = OpenCC("t2s")
_WORD = r"A-Za-zÀ-ɏ0-9"


def folded(text: str) -> str:
    """Width, case and traditional forms undone, character by character."""
    return "".join(_T2S.convert(unicodedata.normalize("NFKC", char)) if char != "\n" else "。" for char in text).lower()


def contains(phrase: str) -> Predicate:
    """Whether title or body holds the phrase: as a substring, but Latin words and numbers only whole.

    Any punctuation stands for any other, and blanks beside a Latin word count for nothing.
    """
    wanted = folded(phrase)
    parts = re.findall(rf"[{_WORD}]+|[^\W{_WORD}_]|[\W_]+", wanted)
    pattern = ""
    for before, part in zip(["", *parts], parts, strict=False):
        if re.fullmatch(r"[\W_]+", part):
            pattern += rf"(?:(?![{_WORD}])[\W_])+"
            continue
        touching = re.match(f"[{_WORD}]", part) or re.search(f"[{_WORD}]$", before)
        pattern += r"[ \t]*" if before and not re.fullmatch(r"[\W_]+", before) and touching else ""
        pattern += rf"(?<![{_WORD}]){part}(?![{_WORD}])" if re.match(f"[{_WORD}]", part) else part
    compiled = re.compile(pattern)
    return lambda it: bool(compiled.search(folded(f"{it.title}\n{it.body}")))


def both(*parts: Predicate) -> Predicate:
    return lambda it: all(part(it) for part in parts)


def either(*parts: Predicate) -> Predicate:
    return lambda it: any(part(it) for part in parts)


def no(part: Predicate) -> Predicate:
    return lambda it: not part(it)


def values(it: Document, name: str) -> set[str]:
    found: dict[str, Iterable[str | None]] = {
        "lender": it.lenders,
        "practice": {practice.id for practice in it.practices},
        "stance": {f"{practice.id}:{practice.stance}" for practice in it.practices},
        "contact": it.contacts,
        "status": {it.complaint.status if it.complaint else None},
        "lender_practice": {
            f"{lender}|{practice.id}"
            for practice in it.practices
            for lender in ([practice.lender] if practice.lender else it.lenders if len(it.lenders) == 1 else [])
            if practice.stance == "asserted"
        },
        "deleted": {"true" if it.deleted_at else "false"},
        "reprint": {"true" if it.reprint_of else "false"},
        "generated": {"true" if it.generated else "false"},
    }
    return {value for value in found.get(name, [getattr(it, name, None)]) if value}


def matching(documents: Iterable[Document], search: Search, text: Predicate = lambda it: True) -> list[Document]:
    """The documents that a search must find, newest first, equals by id."""
    found = [
        it
        for it in documents
        if text(it)
        and all(values(it, name) & set(wanted) for name, wanted in search.filters.items())
        and (search.since is None or _at(it) >= search.since)
        and (search.until is None or _at(it) < search.until)
        and (search.only is None or it.id in search.only)
        and it.id not in search.without
    ]
    return sorted(found, key=lambda it: (-_at(it).timestamp(), it.id))


def counts(documents: Iterable[Document], name: str) -> tuple[tuple[str, int], ...]:
    tally = Counter(value for it in documents for value in values(it, name))
    return tuple(sorted(tally.items(), key=lambda it: (-it[1], it[0])))


def tally(documents: Iterable[Document], name: str) -> Counter[Tally]:
    """Counts by value, source and hour, each as a Tally of no documents."""
    found: Counter[Tally] = Counter()
    for it in documents:
        if it.published_at:
            hour = it.published_at.replace(minute=0, second=0, microsecond=0)
            found.update(Tally(value, it.source, hour, 0) for value in values(it, name))
    return found


def _at(it: Document) -> datetime:
    return it.published_at or it.first_seen_at
