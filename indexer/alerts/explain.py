"""Why: what the documents of an unusual window have in common that those before had not."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from indexer.alerts.finding import Finding
from indexer.alerts.messages.notice import Campaign, Change, Driver, Quoted, Share
from indexer.alerts.terms import significant
from indexer.document import Document, Practice
from indexer.store.base import Search, Store

BEFORE = timedelta(days=28)
"""How far back what was ordinary is looked up."""
MOST_READ = 400
"""Documents of a window that are read."""
SHOWN = 5
QUOTES = 3
FACETS = ("lender", "stance", "source", "campaign")
_GRAVE = {"unlawful": 2.0, "aggressive": 1.0, "lawful": 0.2}
_SURE = {"asserted": 1.0, "possible": 0.3, "denied": 0.0}


@dataclass(frozen=True)
class Addresses:
    """Where dunwatch's web page is, as those who get messages reach it; empty where nobody does."""

    base: str = ""

    def document(self, id: str) -> str:
        return f"{self.base}/documents/{id}" if self.base else ""

    def alert(self, seq: int) -> str:
        return f"{self.base}/alerts/{seq}" if self.base else ""

    def sources(self) -> str:
        return f"{self.base}/sources" if self.base else ""


class Explanation:
    """What drove a finding; everything is looked up when it is asked for."""

    def __init__(self, store: Store, finding: Finding, addresses: Addresses) -> None:
        self._store, self._finding, self._addresses = store, finding, addresses
        self._search = replace(finding.search, sort="time")
        self._found = store.search(self._search, limit=MOST_READ, facets=FACETS)
        self._past = Search(self._search.text, self._search.filters, finding.start - BEFORE, finding.start, "time")

    @property
    def documents(self) -> list[Document]:
        """The newest of the window, reprints included."""
        return [hit.document for hit in self._found.hits]

    @property
    def total(self) -> int:
        return self._found.total

    @cached_property
    def stories(self) -> dict[str, list[Document]]:
        """The window's documents by story, the most printed first."""
        grouped: dict[str, list[Document]] = {}
        for it in self.documents:
            grouped.setdefault(it.story, []).append(it)
        return dict(sorted(grouped.items(), key=lambda it: -len(it[1])))

    @cached_property
    def distinct(self) -> int:
        """How many stories. Counted among all where not all were read."""
        if self.total <= MOST_READ:
            return len(self.stories)
        first = replace(self._search, filters={**self._search.filters, "reprint": ("false",)})
        return self._store.search(first, limit=0).total

    @cached_property
    def _before(self) -> tuple[dict[str, dict[str, float]], list[Document]]:
        """What was ordinary for a window of that length, by field and value; and some documents of then."""
        found = self._store.search(self._past, limit=MOST_READ, facets=FACETS)
        scale = (self._finding.end - self._finding.start) / BEFORE
        usual = {name: {value: count * scale for value, count in values} for name, values in found.facets.items()}
        return usual, [hit.document for hit in found.hits]

    def drivers(self) -> tuple[Driver, ...]:
        """Lenders, practices, sources, stories and words, with their part of the window and what was ordinary."""
        of, _, practice = self._finding.of, *self._finding.value.rpartition("|")[1:]
        found = [
            Driver(kind="lender", shares=self._shares("lender") if of not in ("lender", "lender_practice") else ()),
            Driver(kind="practice", shares=self._practices(practice if of != "lender" else "")),
            Driver(kind="source", shares=self._shares("source") if of != "source" else ()),
            Driver(kind="story", shares=self._reprinted()),
            Driver(kind="term", shares=self._terms()),
        ]
        return tuple(driver for driver in found if driver.shares)

    def _shares(self, field: str) -> tuple[Share, ...]:
        usual = self._before[0].get(field, {})
        counts = self._found.facets[field][:SHOWN]
        return tuple(self._share(value, count, usual.get(value, 0.0)) for value, count in counts)

    def _practices(self, but: str) -> tuple[Share, ...]:
        usual = self._before[0].get("stance", {})
        asserted = [
            (value.removesuffix(":asserted"), count, usual.get(value, 0.0))
            for value, count in self._found.facets["stance"]
            if value.endswith(":asserted")
        ]
        return tuple(self._share(*it) for it in asserted if it[0] != but)[:SHOWN]

    def _reprinted(self) -> tuple[Share, ...]:
        """Stories that were printed more than once."""
        often = [(documents[0], len(documents)) for documents in self.stories.values() if len(documents) > 1]
        return tuple(self._share(it.title or it.body[:30], count, None) for it, count in often[:3])

    def _terms(self) -> tuple[Share, ...]:
        firsts = [documents[0] for documents in self.stories.values()]
        said = {mention.alias for it in firsts for mention in it.lender_mentions} | set(self._finding.value.split("|"))
        terms = significant(firsts, self._before[1], but=said)
        return tuple(self._share(term.word, term.now, None) for term in terms[:8])

    def _share(self, name: str, count: int, before: float | None) -> Share:
        whole = max(1, self.total)
        return Share(name=name, count=count, share=min(1.0, count / whole), before=before)

    def sentiment(self) -> Change | None:
        """Mean sentiment of the window and of the time before."""
        now, before = (_mean(documents) for documents in (self.documents, self._before[1]))
        return Change(now=now, before=before) if now is not None and before is not None else None

    def campaign(self) -> Campaign | None:
        """The campaign that most of it belongs to, if one does."""
        for name, count in self._found.facets["campaign"][:1]:
            if count >= 2 and count / self.total >= 0.3:
                return Campaign(name=name, share=count / self.total)
        return None

    def lenders(self) -> tuple[str, ...]:
        """The lenders that it is about: that of the series, else those that a fifth of the window names."""
        if self._finding.lender:
            return (self._finding.lender,)
        return tuple(value for value, count in self._found.facets["lender"] if count >= 0.2 * self.total)

    def practices(self) -> tuple[str, ...]:
        if self._finding.of in ("practice", "lender_practice"):
            return (self._finding.value.rpartition("|")[2],)
        return tuple(share.name for share in self._practices("") if share.count >= 0.2 * self.total)

    def quotes(self) -> tuple[Quoted, ...]:
        """Three posts that stand for the others: each of another story, if possible of another source."""
        ranked = sorted(self.stories.values(), key=lambda documents: -self._weight(documents))
        chosen: list[Document] = []
        for fresh in (True, False):
            for documents in ranked:
                it = min(documents, key=lambda document: (document.reprint_of is not None, document.at))
                taken = {other.id for other in chosen} | ({other.source for other in chosen} if fresh else set())
                if len(chosen) < QUOTES and it.id not in taken and (not fresh or it.source not in taken):
                    chosen.append(it)
        return tuple(self._quoted(it) for it in chosen)

    def _weight(self, documents: Sequence[Document]) -> float:
        it = documents[0]
        said = max((_SURE[practice.stance] * _GRAVE[practice.severity] for practice in self._relevant(it)), default=0.0)
        seen = math.log10(1 + sum(it.engagement.values())) / 4
        return said + (1 - it.sentiment) + seen + math.log2(len(documents)) / 4

    def _relevant(self, it: Document) -> Iterable[Practice]:
        wanted = self.practices()
        mine = [practice for practice in it.practices if practice.id in wanted]
        return mine or it.practices

    def _quoted(self, it: Document) -> Quoted:
        strongest = max(
            self._relevant(it), default=None, key=lambda one: (_SURE[one.stance], _GRAVE[one.severity], len(one.quote))
        )
        worst = it.worst_sentence.text if it.worst_sentence else it.body[:120]
        return Quoted(
            title=it.title or it.body[:30],
            quote=strongest.quote if strongest else worst,
            source=it.source,
            published_at=it.published_at,
            sentiment=it.sentiment,
            view=self._addresses.document(it.id),
            page=it.url,
            sha256=it.evidence.sha256 if it.evidence else "",
            warc=it.evidence.warc if it.evidence else "",
            lenders=it.lenders,
            practices=tuple(Counter(practice.id for practice in it.practices)),
        )


def _mean(documents: Sequence[Document]) -> float | None:
    return sum(it.sentiment for it in documents) / len(documents) if documents else None
