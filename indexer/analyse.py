"""Post → Document, step by step: repair, furniture, masking, lenders, practices, voice, sentiment, story."""

import hashlib
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from indexer.configfile import load
from indexer.document import Document
from indexer.likeness.fingerprint import story_of
from indexer.masking import masker_of
from indexer.meaning.declared import PracticesFile
from indexer.meaning.lenders import Lenders
from indexer.meaning.practices import Practices
from indexer.meaning.sentiment import Sentiment
from indexer.meaning.voice import voice
from indexer.metrics.stopwatch import Stopwatch
from indexer.post import Complaint, Post
from indexer.settings import Settings
from indexer.text.dates import day_in_url
from indexer.text.filtered import unmark
from indexer.text.furniture import Cleaned
from indexer.text.reading import read
from indexer.text.repair import repair
from indexer.text.sentences import Span

HERE = Path(__file__).parent
CONFIG = ("lenders.yaml", "practices.yaml")
"""The files of configuration that the analysis reads."""
MADE = {".pyc", ".so", ".pyd", ".c"}
"""Endings of files that are made from others."""


class Analyser:
    """Understands Posts. Made once, used for many; the same Post gives the same Document.

    `config` is the folder of lenders.yaml and practices.yaml, `key` the key of the keyed hashes.
    `model` is a model of sentiment that was learned from labels, in place of the one that ships.
    Raises ConfigError where a file there is wrong.
    """

    def __init__(self, config: Path, settings: Settings, key: bytes, model: Path | None = None) -> None:
        self.lenders = Lenders.load(config / "lenders.yaml")
        declared = load(config / "practices.yaml", PracticesFile)
        self.practices = Practices(declared)
        self.severities = {practice.id: practice.severity for practice in declared.practices}
        self.masker = masker_of(settings.keep_hotlines, self.lenders, key)
        self.sentiment = Sentiment(model) if model else Sentiment()
        self.version = analysis_version(config, model)

    def document(self, post: Post, first_seen_at: datetime, watch: Stopwatch | None = None) -> Document:
        """The Document of `post`, which was first fetched at `first_seen_at`; `watch` takes the time of each step."""
        watch = watch or Stopwatch()
        id = post.id
        text = read(post, self.masker, watch)
        headline, body, article = text.headline, text.body, text.article
        complaint = self._complaint(post.complaint)
        mentions = self.lenders.find(headline, body)
        about_whom = self.lenders.find(complaint.merchant, "") if complaint else ()
        watch.lap("lenders")
        own = "" if post.kind == "reply" else headline  # a thread's title says what its first post says
        practices = self.practices.find(own, body, mentions)
        watch.lap("practices")
        speaker, generated = voice(own, body, practices, kind=post.kind, notes="\n".join(article.notices))
        watch.lap("voice")
        about = [Span(it.start, it.end) for it in mentions if it.where == "body"]
        about += [Span(it.start, it.end) for it in practices if it.where == "body"]
        feeling = self.sentiment.score(own, body, about=about, speaker=speaker)
        watch.lap("sentiment")
        published_at, dated_by = _published(post, article)
        return Document(
            id=id,
            url=self._url(post.url, text.contacts),
            source=post.source,
            site=urlsplit(post.url).hostname or "",
            kind=post.kind,
            floor=post.floor,
            title=headline,
            body=body,
            author=self._pseudonym(post.author or article.author),
            editor=self._pseudonym(article.editor),
            category=self.masker.mask(article.category).text,
            published_at=published_at,
            dated_by=dated_by,
            first_seen_at=first_seen_at,
            fetched_at=post.fetched_at,
            lenders=self.lenders.rank((*about_whom, *mentions)),
            lender_mentions=mentions,
            practices=practices,
            sentiment=feeling.sentiment,
            sentiment_label=feeling.label,
            worst_sentence=feeling.worst,
            voice=speaker,
            generated=generated,
            story=story_of(body, mentions, id),
            contacts=tuple(sorted(text.contacts)),
            complaint=complaint,
            engagement={**article.engagement, **post.engagement},
            repairs=text.repairs,
            restored=text.restored,
            evidence=post.evidence,
            analysis_version=self.version,
        )

    def _complaint(self, it: Complaint | None) -> Complaint | None:
        """The same with its words repaired and masked."""
        if it is None:
            return None
        names = ("said", "demand", "merchant")
        masked, _ = self.masker.mask_parts(*(repair(getattr(it, name)).text for name in names))
        return it.model_copy(update={name: unmark(text)[0] for name, text in zip(names, masked, strict=True)})

    def _pseudonym(self, name: str) -> str:
        return self.masker.pseudonym(unmark(repair(name).text)[0].strip())

    def _url(self, url: str, contacts: frozenset[str]) -> str:
        """The address, without a contact in it that the page advertises too: other long numbers are the site's own."""
        if not contacts:
            return url
        masked = self.masker.mask(url)
        return masked.text if masked.contacts & contacts else url


def analysis_version(config: Path, model: Path | None = None) -> str:
    """12 hex digits that change when code, word lists, model or configuration of the analysis do."""
    files = [HERE / "analyse.py", *(HERE / "text").rglob("*"), *(HERE / "meaning").rglob("*")]
    files += [*(HERE / "likeness").rglob("*"), *(config / name for name in CONFIG)]
    files += [model] if model else []
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file() and file.suffix not in MADE):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _published(post: Post, article: Cleaned) -> tuple[datetime | None, str]:
    """When it was published and how that is known: by the page, a byline in its text, or its address."""
    if post.published_at:
        return post.published_at, post.dated_by
    if article.published_at:
        return article.published_at, "text"
    day = None if post.kind == "reply" else day_in_url(post.url, timezone=post.timezone, now=post.fetched_at)
    return day, "url" if day else ""
