"""Post: one public utterance as its page gave it, the only thing that crosses from crawler/ to indexer/."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from w3lib.url import canonicalize_url, url_query_cleaner

Kind = Literal["article", "post", "reply", "complaint"]
ComplaintStatus = Literal["processing", "replied", "completed", "closed"]

#: Query parameters that say who shared or counted a link and never which page it is.
TRACKING = re.compile(r"^(utm_\w+|spm|scm|from|share_\w+|shareuid|isappinstalled|wfr|bd_vid|gclid|fbclid)$", re.I)
#: Sessions of visitors without cookies, another one in every link at each visit: of PHP, ASP, ColdFusion, phpBB and
#: vBulletin in the query, of Java and ASP.NET in the path.
SESSION = re.compile(
    r"^(?:(?:phpsessid|aspsessionid\w*|jsessionid|cfid|cftoken|session_?id)(?:=|$)|s(?:id)?=[0-9a-f]{32}$)", re.I
)
_USER = re.compile(r"(?<=://)[^/?#]*@")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*|/\(S\([0-9a-z]{24}\)\)(?=/)", re.I)

#: A counter, or a time that counts back, in a byline or below a text: it moves with every fetch.
_MOVES = re.compile(
    r"(?:阅读|浏览|点击|评论|点赞|收藏|转发|分享|热度|温度|人气|围观)(?:量|数|次数)?"
    r"\s*[:：(（]?\s*\d[\d,.]*\s*[万wWkK]?\s*[)）]?"
    r"|\d[\d,.]*\s*[万wWkK]?\s*[人次]{0,2}\s*(?:阅读|浏览|点击|评论|点赞|收藏|转发|分享|围观)"
    r"|刚刚|\d+\s*(?:秒|分钟|小时|天)前"
)
LONGEST_BYLINE = 80
"""Characters up to which a line may be one of counters."""

MAX_TEXT = 1_000_000
"""Characters of a Post's text that are kept; longer pages are cut by their spider and say so."""


def _to_utc(moment: datetime) -> datetime:
    if not 1900 < moment.year < 2200:  # what no store holds, and no page means
        raise ValueError("expected a time between the years 1901 and 2199")
    return moment.astimezone(UTC)


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://", "file:")):
        raise ValueError("expected an address that begins with http://, https:// or file:")
    canonical_url(url)  # raises ValueError where it is none
    return url


@cache
def _zones() -> set[str]:
    """Kept, as finding them reads hundreds of files."""
    return available_timezones()


def known_zone(name: str) -> str:
    """The name, if it is that of an IANA time zone. Raises ValueError."""
    if name not in _zones():
        raise ValueError("expected an IANA time zone such as Asia/Shanghai")
    return name


Utc = Annotated[AwareDatetime, AfterValidator(_to_utc)]


class Evidence(BaseModel):
    """Where the bytes that a Post was read from are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    warc: str
    """File name below the data directory's warc/ folder."""
    offset: int = Field(ge=0)
    """Byte offset of the response record in that file."""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """SHA-256 of the page's bytes as fetched (after transfer and content decoding)."""


def hours(asked: datetime | None, answered: datetime | None) -> float | None:
    """From complaint to answer; None where one is unknown or the order is wrong."""
    if asked is None or answered is None or answered < asked:
        return None
    return round((answered - asked).total_seconds() / 3600, 2)


class Complaint(BaseModel):
    """What a complaint board says of a complaint beside its text: how it stands, and what is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: ComplaintStatus | None = None
    """None where the board's word for it is unknown."""
    said: str = Field(default="", max_length=50)
    """The board's own word for it."""
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Yuan that it is about."""
    demand: str = Field(default="", max_length=500)
    """What is demanded of the merchant."""
    merchant: str = Field(default="", max_length=200)
    """Whom it is about, as the board names them."""
    replied_at: Utc | None = None
    """When the merchant first answered."""
    reply_hours: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Hours from the complaint to that."""
    completed_at: Utc | None = None
    reopened: bool = False
    """It went on after it had come to an end."""
    counted_back: tuple[Literal["replied_at", "completed_at"], ...] = Field(default=(), exclude=True)
    """Which of its times count back, as 3小时前 does; not kept, as it says something of this fetch only."""

    def dated_as(self, before: "Complaint | None", published_at: datetime | None) -> "Complaint":
        """This Complaint, made at `published_at`, with the times of a version before it for those that count back."""
        known: dict[str, datetime] = {
            name: moment for name in self.counted_back if before and (moment := getattr(before, name))
        }
        replied_at = known.get("replied_at", self.replied_at)
        return self.model_copy(update={**known, "reply_hours": hours(published_at, replied_at)})


class Post(BaseModel):
    """One public utterance: an article, a forum post or reply, a complaint, a social post.

    Text is as the page had it: no repair, no masking. Times are aware and become UTC.
    A Post is frozen; it travels as one line of JSON (`model_dump_json`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_address)] = Field(min_length=1, max_length=2048)
    """Address of the page: http(s), or file: for something ingested from disk."""
    part: str = Field(default="", max_length=200)
    """Floor or reply id where one page holds several Posts; empty for the page itself."""
    floor: int | None = Field(default=None, ge=0)
    """Place in its thread, 1 for the post that began it; None outside of threads."""
    source: str = Field(min_length=1, max_length=100)
    """Name of the source in config/sources.yaml; `ingest` for files."""
    kind: Kind = "article"
    title: str = Field(default="", max_length=1000)
    """Empty where the page gave none: the analysis then looks for a headline in the text."""
    text: str = Field(max_length=MAX_TEXT)
    """Main text, a line a paragraph."""
    author: str = Field(default="", max_length=200)
    published_at: Utc | None = None
    dated_by: str = ""
    """How `published_at` was found: meta, json-ld, time, css, ago, feed, url, text; empty where it was not. `ago` is a
    time that counts back, as 3小时前 does."""
    fetched_at: Utc
    timezone: Annotated[str, AfterValidator(known_zone)] = "Asia/Shanghai"
    """IANA zone in which times written in the text are meant."""
    engagement: Mapping[str, int] = Field(default_factory=dict)
    """Counters that the page showed: replies, likes, views, heat, shares."""
    complaint: Complaint | None = None
    evidence: Evidence | None = None

    @property
    def id(self) -> str:
        return document_id(self.url, self.part)

    def content_hash(self) -> str:
        """Hash of what the page said, without when and where it was fetched: equal means unchanged.

        A floor moves where another post is deleted; a time that counts back, and counters in short lines of an article,
        move with every fetch.
        """
        aside = {"fetched_at", "evidence", "engagement", "floor"} | (
            {"published_at"} if self.dated_by == "ago" else set()
        )
        aside |= {name for name in ("complaint",) if self.complaint is None}  # as before there were complaints
        text = _without_what_moves(self.text) if self.kind == "article" else self.text
        said = self if text == self.text else self.model_copy(update={"text": text})
        return hashlib.sha256(said.model_dump_json(exclude=aside).encode()).hexdigest()

    @property
    def counts_back(self) -> bool:
        """Whether one of its times does, as 3小时前."""
        return self.dated_by == "ago" or bool(self.complaint and self.complaint.counted_back)

    def dated_as(self, before: "Post") -> "Post":
        """This Post, with the times of a version before it, if it had any, for those that count back: 1年前 says less
        than the 3小时前 of an earlier fetch."""
        of_itself = self.dated_by == "ago" and before.published_at is not None
        dated: dict[str, object] = {}
        if of_itself:
            dated = {"published_at": before.published_at, "dated_by": before.dated_by}
        published_at = before.published_at if of_itself else self.published_at
        if self.complaint:
            dated["complaint"] = self.complaint.dated_as(before.complaint, published_at)
        return self.model_copy(update=dated)


def _without_what_moves(text: str) -> str:
    return "\n".join(_MOVES.sub("", it) if len(it) <= LONGEST_BYLINE else it for it in text.split("\n"))


def canonical_url(url: str) -> str:
    """The address under which a page is known: user, tracking, sessions and fragment dropped, query sorted."""
    if not url.startswith(("http://", "https://")):
        return url
    url = _USER.sub("", url, count=1)
    if ";" in url or "(S(" in url:
        path, mark, rest = url.partition("?")
        url = _SESSION_IN_PATH.sub("", path) + mark + rest
    pairs = url.partition("?")[2].partition("#")[0].split("&")
    dropped = [it.partition("=")[0] for it in pairs if TRACKING.match(it.partition("=")[0]) or SESSION.match(it)]
    return canonicalize_url(url_query_cleaner(url, dropped, remove=True) if dropped else url)


def document_id(url: str, part: str = "") -> str:
    """Stable id of a Post and its Document: 24 hex digits from the canonical URL without scheme, and the part."""
    address = canonical_url(url)
    for scheme in ("https://", "http://"):
        address = address.removeprefix(scheme)
    return hashlib.sha256(f"{address}#{part}".encode()).hexdigest()[:24]
