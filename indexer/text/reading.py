"""A Post's text as it may be shown: repaired, without furniture, masked. The analysis begins with it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.metrics.stopwatch import Stopwatch
from indexer.post import Post
from indexer.text.filtered import unmark
from indexer.text.furniture import Cleaned, clean
from indexer.text.privacy import Masker
from indexer.text.repair import repair
from indexer.text.sentences import Span


@dataclass(frozen=True)
class Reading:
    """`headline` and `body` may be shown; `article` holds what stood around them and is not masked.

    contacts are keyed hashes of those that the text and its furniture advertise; repairs counts mended damage by kind.
    """

    headline: str
    body: str
    restored: tuple[Span, ...]
    contacts: frozenset[str]
    repairs: Mapping[str, int]
    article: Cleaned


def read(post: Post, masker: Masker, watch: Stopwatch | None = None) -> Reading:
    """What `post` says; `watch` takes the time of each step."""
    watch = watch or Stopwatch()
    title, text = repair(post.title), repair(post.text)
    watch.lap("repair")
    article = clean(title.text, text.text, timezone=post.timezone, now=post.fetched_at)
    watch.lap("furniture")
    (headline, body), contacts = masker.mask_parts(article.title, article.body)
    headline, _ = unmark(headline)
    body, restored = unmark(body)
    aside = masker.mask("\n".join(article.removed))
    watch.lap("masking")
    repairs = dict(Counter(title.repairs) + Counter(text.repairs))
    return Reading(headline, body, restored, contacts | aside.contacts, repairs, article)
